#include "jobs/order_intake.h"
#include "support/engine.h"
#include "util/crash_point.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace domspool;
using domspool::test::Engine;

namespace {

const char* const kTwoRows =
    "domain,years,owner\n"
    "a.com,1,AE1\n"
    "b.com,2,AE1\n";

IntakeRequest request(bool again = false) {
    IntakeRequest wanted;
    wanted.file = {"orders.csv", FileFormat::csv, OrderKind::register_domain, {}};
    wanted.again = again;
    return wanted;
}

struct Intake {
    IntakeReport take(std::istream& in, const IntakeRequest& wanted = request()) {
        const auto run = engine.ledger().begin_run("intake", Sends::no, engine.clock.now());
        return take_order_file(in, wanted, inspect_order_file(in, wanted), engine.ledger(),
                               run->id(), engine.clock);
    }
    IntakeReport take(const std::string& text, const IntakeRequest& wanted = request()) {
        std::istringstream in(text);
        return take(in, wanted);
    }
    std::vector<OrderRecord> in_order() {
        OrderFilter filter;
        filter.oldest_first = true;
        return engine.ledger().orders(filter);
    }
    std::size_t orders() { return engine.ledger().orders({}).size(); }

    Engine engine;
};

// A file that somebody replaces between the first reading and the second.
class ReplacedFile : public std::stringbuf {
  public:
    ReplacedFile(const std::string& first, std::string second)
        : std::stringbuf(first, std::ios::in), second_(std::move(second)) {}

  protected:
    pos_type seekpos(pos_type to, std::ios_base::openmode which) override {
        str(second_);
        return std::stringbuf::seekpos(to, which);
    }
    pos_type seekoff(off_type to, std::ios_base::seekdir from,
                     std::ios_base::openmode which) override {
        str(second_);
        return std::stringbuf::seekoff(to, from, which);
    }

  private:
    std::string second_;
};

}  // namespace

TEST_CASE("a file becomes one batch, its rows accepted orders in order of lines") {
    Intake intake;
    const IntakeReport report = intake.take(kTwoRows);
    CHECK(report.what == IntakeReport::What::taken);
    CHECK(report.rows == 2);
    REQUIRE(report.batch);
    OrderFilter filter;
    filter.oldest_first = true;
    const auto orders = intake.engine.ledger().orders(filter);
    REQUIRE(orders.size() == 2);
    CHECK(orders[0].domain.ascii() == "a.com");
    CHECK(orders[0].line == 2);
    CHECK(orders[0].state == OrderState::accepted);
    CHECK(orders[1].fields.at("years") == "2");
}

TEST_CASE("a bad row is refused with file, line, field; the good rows go on") {
    Intake intake;
    const IntakeReport report = intake.take(
        "domain,years,owner\n"
        "a_b.com,1,AE1\n"
        "c.com,1,AE1\n");
    CHECK(report.what == IntakeReport::What::taken);
    CHECK(report.bad_rows == 1);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].file == "orders.csv");
    CHECK(report.problems[0].line == 2);
    CHECK(report.problems[0].field == "domain");
    CHECK(intake.orders() == 1);
}

TEST_CASE("of the good rows the first few are left to be sent, the others are held") {
    Intake intake;
    IntakeRequest wanted = request();
    wanted.first = 1;
    const std::string text = "domain,years,owner\nbad_.com,1,AE1\na.com,1,AE1\nb.com,1,AE1\n";
    const IntakeReport report = intake.take(text, wanted);
    REQUIRE(report.what == IntakeReport::What::taken);
    const auto orders = intake.in_order();
    REQUIRE(orders.size() == 2);
    CHECK(orders[0].state == OrderState::accepted);
    CHECK(orders[1].state == OrderState::held);
    CHECK(orders[1].held_for == HeldFor::person);
    CHECK(orders[1].reason.starts_with("held by --first 1;"));
    CHECK(intake.engine.ledger().events(orders[1].id).back().text == "held by --first 1");
}

TEST_CASE("of a file that goes on the first few that are left are sent, the others are held") {
    Intake intake;
    REQUIRE(intake.take(kTwoRows).what == IntakeReport::What::taken);
    IntakeRequest wanted = request();
    wanted.first = 1;
    REQUIRE(intake.take(kTwoRows, wanted).what == IntakeReport::What::resumed);
    const auto orders = intake.in_order();
    CHECK(orders.at(0).state == OrderState::accepted);
    CHECK(orders.at(1).state == OrderState::held);
}

TEST_CASE("all or nothing: one bad row refuses the file and nothing is entered") {
    Intake intake;
    IntakeRequest wanted = request();
    wanted.all_or_nothing = true;
    const IntakeReport report = intake.take(
        "domain,years,owner\n"
        "a.com,1,AE1\n"
        "c.com,x,AE1\n",
        wanted);
    CHECK(report.what == IntakeReport::What::refused);
    CHECK_FALSE(report.problems.empty());
    CHECK(intake.orders() == 0);
}

TEST_CASE("all or nothing holds for what only the whole file shows") {
    Intake intake;
    IntakeRequest wanted = request();
    wanted.all_or_nothing = true;
    const IntakeReport report = intake.take(
        "domain,years,owner\n"
        "a.com,1,AE1\n"
        "a.com,2,AE1\n",
        wanted);
    CHECK(report.what == IntakeReport::What::refused);
    CHECK(intake.orders() == 0);
    // Nothing of it stays: the mended file is a new one.
    CHECK(intake.take(kTwoRows).what == IntakeReport::What::taken);
}

TEST_CASE("a whole-file problem enters nothing") {
    Intake intake;
    for (const std::string text :
         {"domain,years,owner,colour\na.com,1,AE1,red\n", "domain,years,owner\na.com,1,AE1",
          "domain,years,owner\na.com,1\n", "domain,years,owner\n", "domain,owner\n"}) {
        CAPTURE(text);
        const IntakeReport report = intake.take(text);
        CHECK(report.what == IntakeReport::What::refused);
        CHECK_FALSE(report.problems.empty());
    }
    CHECK(intake.orders() == 0);
}

TEST_CASE("the same file goes on while it is not finished, and is refused once it is") {
    Intake intake;
    const IntakeReport first = intake.take(kTwoRows);
    const IntakeReport second = intake.take(kTwoRows);
    CHECK(second.what == IntakeReport::What::resumed);
    CHECK(second.batch == first.batch);
    CHECK(intake.orders() == 2);
    intake.engine.submit();
    const IntakeReport third = intake.take(kTwoRows);
    CHECK(third.what == IntakeReport::What::refused);
    REQUIRE(third.problems.size() == 1);
    CHECK(third.problems[0].reason.find("batch " + std::to_string(*first.batch)) !=
          std::string::npos);
    CHECK(intake.orders() == 2);
}

TEST_CASE("a finished file is refused for that one reason, whatever its rows are like") {
    Intake intake;
    const std::string text = std::string(kTwoRows) + "a_b.com,x,AE1\n";
    intake.take(text);
    intake.engine.submit();
    const IntakeReport report = intake.take(text);
    CHECK(report.what == IntakeReport::What::refused);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].line == 0);
    CHECK(report.problems[0].reason.find("is finished") != std::string::npos);
}

TEST_CASE("--again repeats nothing that is done") {
    Intake intake;
    const IntakeReport first = intake.take(kTwoRows);
    intake.engine.submit();
    for (int times = 1; times <= 2; ++times) {
        CAPTURE(times);
        const IntakeReport again = intake.take(kTwoRows, request(true));
        CHECK(again.what == IntakeReport::What::taken);
        CHECK(again.batch != first.batch);
        std::vector<std::optional<OrderId>> earlier;
        intake.engine.ledger().rows_of_batch(*again.batch, [&](BatchRow&& row) {
            CHECK_FALSE(row.order);
            earlier.push_back(row.earlier_order);
        });
        CHECK(earlier == std::vector<std::optional<OrderId>>{1, 2});
        CHECK(intake.engine.submit().orders == 0);
    }
    CHECK(intake.orders() == 2);
    CHECK(intake.engine.registrar.times_asked("domainCreate") == 2);
}

TEST_CASE("--again orders anew what came to nothing, and links it") {
    Intake intake;
    intake.engine.registrar.will_answer("domainCreate", Refused{"E12-M1204", "no", {}});
    intake.take(kTwoRows);
    intake.engine.submit();
    CHECK(intake.engine.look_at(1).state == OrderState::failed);
    const IntakeReport again = intake.take(kTwoRows, request(true));
    std::vector<std::optional<OrderId>> instead_of, earlier;
    intake.engine.ledger().rows_of_batch(*again.batch, [&](BatchRow&& row) {
        instead_of.push_back(row.order ? row.order->instead_of : std::nullopt);
        earlier.push_back(row.earlier_order);
    });
    CHECK(instead_of == std::vector<std::optional<OrderId>>{1, std::nullopt});
    CHECK(earlier == std::vector<std::optional<OrderId>>{std::nullopt, 2});
    intake.engine.submit();
    CHECK(intake.engine.registrar.times_asked("domainCreate a.com") == 2);
    CHECK(intake.engine.registrar.times_asked("domainCreate b.com") == 1);
}

TEST_CASE("what is done can be ordered once more, by another file") {
    Intake intake;
    intake.take(kTwoRows);
    intake.engine.submit();
    const IntakeReport other = intake.take(
        "domain,years,owner\n"
        "a.com,1,AE1\n");
    CHECK(other.what == IntakeReport::What::taken);
    CHECK(intake.orders() == 3);
}

TEST_CASE("a later order with other values does not make --again repeat what is done") {
    Intake intake;
    intake.take(kTwoRows);
    intake.engine.submit();
    intake.take(
        "domain,years,owner\n"
        "a.com,3,AE1\n");
    const IntakeReport again = intake.take(kTwoRows, request(true));
    intake.engine.ledger().rows_of_batch(*again.batch, [&](BatchRow&& row) {
        CHECK(row.earlier_order.value_or(0) == row.line - 1);
    });
    CHECK(intake.orders() == 3);
}

TEST_CASE("a file that changes while it is read is refused, nothing of it stays") {
    Intake intake;
    ReplacedFile file(kTwoRows, std::string(kTwoRows) + "c.com,1,AE1\n");
    std::istream in(&file);
    const IntakeReport report = intake.take(in);
    CHECK(report.what == IntakeReport::What::refused);
    REQUIRE_FALSE(report.problems.empty());
    CHECK(report.problems[0].reason.find("changed") != std::string::npos);
    CHECK(intake.orders() == 0);
    CHECK(intake.take(kTwoRows).what == IntakeReport::What::taken);
}

TEST_CASE("a batch a dead run read by half is read anew from its first line") {
    Intake intake;
    // As a run leaves it that was killed after the rows and before the batch was complete.
    int commits = 0;
    intake.engine.before_commit = [&] {
        if (++commits == 3) throw 9;
    };
    CHECK_THROWS_AS(intake.take(kTwoRows), int);
    intake.engine.before_commit = nullptr;
    intake.engine.reopen();
    CHECK(intake.engine.submit().orders == 0);
    const IntakeReport report = intake.take(kTwoRows);
    CHECK(report.what == IntakeReport::What::taken);
    CHECK(intake.orders() == 2);
    CHECK(intake.engine.submit().orders == 2);
}

TEST_CASE("a run that dies at any point of the intake leaves a file that is taken once") {
    for (const std::string_view point : {"batch_begun", "rows_entered", "batch_complete"}) {
        CAPTURE(point);
        Intake intake;
        at_crash_points([&](std::string_view name) {
            if (name == point) throw 9;
        });
        CHECK_THROWS_AS(intake.take(kTwoRows), int);
        at_crash_points(nullptr);
        intake.engine.reopen();
        const IntakeReport report = intake.take(kTwoRows);
        CHECK(report.what == (point == "batch_complete" ? IntakeReport::What::resumed
                                                        : IntakeReport::What::taken));
        CHECK(intake.orders() == 2);
    }
}

namespace {

// Counts how often it is read from its beginning.
class CountedFile : public std::stringbuf {
  public:
    explicit CountedFile(const std::string& text) : std::stringbuf(text, std::ios::in) {}
    int readings = 1;

  protected:
    pos_type seekpos(pos_type to, std::ios_base::openmode which) override {
        ++readings;
        return std::stringbuf::seekpos(to, which);
    }
};

}  // namespace

TEST_CASE("a file is read once for its verdict and once for its rows") {
    Intake intake;
    CountedFile file(kTwoRows);
    std::istream in(&file);
    CHECK(intake.take(in).what == IntakeReport::What::taken);
    CHECK(file.readings == 2);
    CHECK(intake.orders() == 2);
}

TEST_CASE("a file another run is just reading is left to it") {
    Intake intake;
    std::istringstream first_reading(kTwoRows);
    const FileReading reading = read_order_file(first_reading, request().file, [](OrderRow&&) {});
    Ledger& ledger = intake.engine.ledger();
    const auto other = ledger.begin_run("other", Sends::no, intake.engine.clock.now());
    ledger.write([&](LedgerWrite& w) {
        w.begin_batch(
            {"orders.csv", reading.content_hash, other->id(), intake.engine.clock.now().utc});
    });
    // Another program has the ledger open by itself.
    const auto beside =
        Ledger::open(intake.engine.scratch / "ledger.db", {"api.example.net", "AB123"});
    const auto run = beside->begin_run("beside", Sends::no, intake.engine.clock.now());
    std::istringstream in(kTwoRows);
    CHECK_THROWS_AS(take_order_file(in, request(), inspect_order_file(in, request()), *beside,
                                    run->id(), intake.engine.clock),
                    RunFailure);
}

TEST_CASE("an EPP code never stands in what is kept of a row") {
    Intake intake;
    IntakeRequest wanted = request();
    wanted.file.program_kind = OrderKind::transfer;
    const IntakeReport report = intake.take(
        "domain,owner,auth_code,nameservers\n"
        "a.com,AE1,s3cret-code,ns1.example.org ns2.example.org\n",
        wanted);
    REQUIRE(report.batch);
    intake.engine.ledger().rows_of_batch(*report.batch, [](BatchRow&& row) {
        for (const auto& [name, value] : row.given) {
            CHECK(value.find("s3cret") == std::string::npos);
        }
        REQUIRE(row.order);
        for (const auto& [name, value] : row.order->fields) {
            CHECK(value.find("s3cret") == std::string::npos);
        }
    });
    const auto orders = intake.engine.ledger().orders({});
    CHECK(intake.engine.ledger().auth_code(orders[0].id).reveal() == "s3cret-code");
}

TEST_CASE("reading alone finds what stands twice, as the ledger refuses it") {
    const std::string text =
        "reference,domain,years,owner\n"
        "R-1,a.com,1,AE1\n"
        "R-2,b.com,1,AE1\n"
        "R-3,A.com.,1,AE1\n"
        "R-2,c.com,1,AE1\n"
        "R-5,d.com,1,AE1\n"
        "R-6,a.com,none,AE1\n";
    std::istringstream in(text);
    const IntakeReport read = inspect_order_file(in, request()).report;
    CHECK(read.what == IntakeReport::What::taken);
    CHECK(read.rows == 6);
    CHECK(read.bad_rows == 5);
    REQUIRE(read.problems.size() == 3);
    CHECK(read.problems[0].value == "a.com");
    CHECK(read.problems[0].lines().text() == "2, 4, 7");
    CHECK(read.problems[1].value == "R-2");
    CHECK(read.problems[1].lines().text() == "3, 5");

    Intake intake;
    const IntakeReport taken = intake.take(text);
    REQUIRE(taken.batch);
    std::vector<int> refused;
    intake.engine.ledger().rows_of_batch(*taken.batch, [&](BatchRow&& row) {
        if (!row.problems.empty()) refused.push_back(row.line);
    });
    CHECK(refused == std::vector<int>{2, 3, 4, 5, 7});
}

TEST_CASE("equal problems are one with its lines, and the worst is first") {
    std::string text = "domain,years,owner\na_b.com,1,AE1\n";
    for (int i = 0; i < 20'000; ++i) text += "d" + std::to_string(i) + ".com,none,AE1\n";
    std::istringstream in(text);
    const IntakeReport report = inspect_order_file(in, request()).report;
    REQUIRE(report.problems.size() == 2);
    CHECK(report.problems[0].field == "years");
    CHECK(report.problems[0].lines().text() == "3-20002");
    CHECK(report.problems[1].field == "domain");
    CHECK(report.more_problems == 0);
    CHECK(report.bad_rows == 20'001);
}
