#include "jobs/result_files.h"
#include "support/small_ledger.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace domspool;
using namespace domspool::test;

namespace {

constexpr const char* kHeader =
    "\xEF\xBB\xBF"
    "domain,years,owner,state,order_id,operation_id,code,message,price,ledger\n";

mode_t mode_of(const std::string& path) {
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    return about.st_mode & 07777;
}

IntakeRow bad_row(int line, const std::string& domain) {
    IntakeRow row = SmallLedger::good_row(line, domain);
    row.normalised.clear();
    row.problems = {"orders.csv:" + std::to_string(line) + ": domain '" + domain +
                    "': is no domain name"};
    return row;
}

// A batch of a good row, a bad one, and another good one.
BatchId three_rows(SmallLedger& small) {
    return small.add_batch({SmallLedger::good_row(2, "a.example"), bad_row(3, "a_b"),
                            SmallLedger::good_row(4, "c.example")});
}

ResultFiles files_of(SmallLedger& small, Ledger& ledger) {
    return ResultFiles(ledger, small.path(), small.clock);
}

}  // namespace

TEST_CASE("a result file has a line for each row, refused ones too, and is private") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const OrderId failed = small.fail_next(batch, "the extension is unknown");
    const std::string path = small.scratch / "orders.result.csv", ledger = small.ledger->id();
    const ResultReport report = files_of(small, *small.ledger).write(batch, path);
    CHECK(report.written);
    CHECK(report.path == path);
    CHECK(report.note.empty());
    CHECK(read_text(path) ==
          kHeader + ("a.example,1,AB1001,failed," + std::to_string(failed)) +
              ",,,the extension is unknown,," + ledger +
              "\na_b,1,AB1001,refused,,,,orders.csv:3: domain 'a_b': is no domain name,," + ledger +
              "\nc.example,1,AB1001,accepted," + std::to_string(failed + 1) + ",,,,," + ledger +
              "\n");
    CHECK(mode_of(path) == 0600);
    CHECK(small.ledger->batches_with_result_due().empty());
}

TEST_CASE("an older result of the same batch is replaced") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const std::string path = small.scratch / "orders.result.csv";
    ResultFiles files = files_of(small, *small.ledger);
    REQUIRE(files.write(batch, path).written);
    small.fail_next(batch, "the extension is unknown");
    CHECK(files.write(batch, path).written);
    CHECK(read_text(path).find("the extension is unknown") != std::string::npos);
}

TEST_CASE("nothing else is written over: a person's file, another batch's result, a link") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const BatchId other = small.add_batch({SmallLedger::good_row(2, "d.example")});
    ResultFiles files = files_of(small, *small.ledger);
    const std::string own = small.scratch / "notes.csv", theirs = small.scratch / "other.csv",
                      link = small.scratch / "link.csv";
    write_text(own, "my own notes\n");
    REQUIRE(files.write(other, theirs).written);
    std::filesystem::create_symlink(own, link);
    const std::string others_text = read_text(theirs);
    for (const std::string& path : {own, theirs, link}) {
        const ResultReport report = files.write(batch, path);
        CHECK_FALSE(report.written);
        CHECK(report.note.find("domain-orders result " + std::to_string(batch)) !=
              std::string::npos);
    }
    CHECK(read_text(own) == "my own notes\n");
    CHECK(read_text(theirs) == others_text);
    CHECK(std::filesystem::is_symlink(link));
}

TEST_CASE("a result that a person has written into is left alone") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const std::string path = small.scratch / "orders.result.csv";
    ResultFiles files = files_of(small, *small.ledger);
    REQUIRE(files.write(batch, path).written);
    write_text(path, read_text(path) + "called the customer\n");
    CHECK_FALSE(files.write(batch, path).written);
    CHECK(read_text(path).ends_with("called the customer\n"));
}

TEST_CASE("a folder that cannot be written to, or is not there, is a note and no failure") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const ResultReport report =
        files_of(small, *small.ledger).write(batch, small.scratch / "gone/orders.result.csv");
    CHECK_FALSE(report.written);
    CHECK(report.note.find("gone/orders.result.csv") != std::string::npos);
    CHECK(report.note.find("domain-orders result " + std::to_string(batch)) != std::string::npos);
}

TEST_CASE("rows from standard input have no place of their own, which is said") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const ResultReport report = files_of(small, *small.ledger).write(batch, "");
    CHECK_FALSE(report.written);
    CHECK(report.note.find("standard input") != std::string::npos);
}

TEST_CASE("what a run promised and did not live to write is written by the next run") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const std::string path = small.scratch / "orders.result.csv";
    {
        ResultFiles dying = files_of(small, *small.ledger);
        REQUIRE(dying.promise(batch, path));
        small.fail_next(batch, "the extension is unknown");
    }
    const auto later = small.open();
    ResultFiles next = files_of(small, *later);
    const std::vector<ResultReport> kept = next.keep_promises_of_dead_runs();
    REQUIRE(kept.size() == 1);
    CHECK(kept.front().written);
    CHECK(read_text(path).find("the extension is unknown") != std::string::npos);
    CHECK(next.keep_promises_of_dead_runs().empty());
}

TEST_CASE("a result placed just before a crash is written once more, and then no more") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const std::string path = small.scratch / "orders.result.csv";
    {
        ResultFiles dying = files_of(small, *small.ledger);
        REQUIRE(dying.promise(batch, path));
        small.fail_next(batch, "the extension is unknown");
        // The file is there; the ledger was not told.
        std::string text;
        result_text(*small.ledger, batch, [&](std::string_view piece) { text += piece; });
        write_text(path, text);
    }
    const auto later = small.open();
    ResultFiles next = files_of(small, *later);
    CHECK(next.keep_promises_of_dead_runs().size() == 1);
    CHECK(later->batches_with_result_due().empty());
    CHECK(next.keep_promises_of_dead_runs().empty());
}

TEST_CASE("the promise of a live run is left to it") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    const std::string path = small.scratch / "orders.result.csv";
    ResultFiles live = files_of(small, *small.ledger);
    REQUIRE(live.promise(batch, path));
    small.fail_next(batch, "the extension is unknown");
    const auto second = small.open();
    ResultFiles other = files_of(small, *second);
    CHECK_FALSE(other.promise(batch, path));
    CHECK(other.keep_promises_of_dead_runs().empty());
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(live.write(batch, path).written);
    CHECK(other.promise(batch, path));
}

TEST_CASE("a promise that cannot be kept is told once") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    {
        ResultFiles dying = files_of(small, *small.ledger);
        REQUIRE(dying.promise(batch, small.scratch / "gone/orders.result.csv"));
        small.fail_next(batch, "the extension is unknown");
    }
    ResultFiles next = files_of(small, *small.ledger);
    const std::vector<ResultReport> kept = next.keep_promises_of_dead_runs();
    REQUIRE(kept.size() == 1);
    CHECK_FALSE(kept.front().note.empty());
    CHECK(next.keep_promises_of_dead_runs().empty());
}

TEST_CASE("two writers of one result file leave a whole one") {
    SmallLedger small;
    std::vector<IntakeRow> rows;
    for (int line = 2; line < 502; ++line) {
        rows.push_back(SmallLedger::good_row(line, "d" + std::to_string(line) + ".example"));
    }
    const BatchId batch = small.add_batch(rows);
    const std::string path = small.scratch / "orders.result.csv";
    std::vector<ResultReport> reports(4);
    std::vector<std::thread> writers;
    for (ResultReport& report : reports) {
        writers.emplace_back([&small, &report, batch, path] {
            const FixedClock clock;
            const auto ledger = small.open();
            for (int i = 0; i < 5; ++i) {
                report = ResultFiles(*ledger, small.path(), clock).write(batch, path);
            }
        });
    }
    for (std::thread& writer : writers) writer.join();
    for (const ResultReport& report : reports) CHECK(report.written);
    std::string expected;
    result_text(*small.ledger, batch, [&](std::string_view piece) { expected += piece; });
    CHECK(read_text(path) == expected);
    CHECK(std::count(expected.begin(), expected.end(), '\n') == 501);
}

TEST_CASE("an order that ends while the result is being written leaves it due") {
    SmallLedger small;
    const BatchId batch = three_rows(small);
    small.fail_next(batch, "first");
    // The writer began to read here ...
    const UtcTime read_from = small.clock.now().utc;
    // ... and here an order ended, before the ledger was told that the file is written.
    small.fail_next(batch, "second");
    small.ledger->write([&](LedgerWrite& w) { w.note_result_written(batch, read_from); });
    CHECK(small.ledger->batches_with_result_due().size() == 1);
}

TEST_CASE("a batch that is not there has no result") {
    SmallLedger small;
    CHECK_THROWS_AS(result_text(*small.ledger, 77, [](std::string_view) {}), std::out_of_range);
}

TEST_CASE("the result of nameserver orders shows what was there before the first sending") {
    SmallLedger small;
    IntakeRow row;
    row.line = 2;
    row.kind = OrderKind::nameservers;
    row.domain = "a.example";
    row.given = row.normalised = {{"domain", "a.example"}, {"nameservers", "ns1.new.example"}};
    const BatchId batch = small.add_batch({row}, {"domain", "nameservers"});
    small.ledger->write([&](LedgerWrite& w) {
        const auto claimed = w.claim_next(small.run->id(), batch, 1, small.clock.now().utc);
        REQUIRE(claimed.size() == 1);
        const Claim& claim = claimed.front().claim;
        w.store_plan(claim, {{StepPhase::main, "domainChangeDNS", {}}});
        AttemptIntent intent;
        intent.position = 1;
        intent.picture = {{"value", "ns1.old.example ns2.old.example"}};
        intent.at = small.clock.now();
        w.begin_attempt(claim, intent, std::nullopt);
    });
    std::string text;
    result_text(*small.ledger, batch, [&](std::string_view piece) { text += piece; });
    CHECK(
        text.starts_with("\xEF\xBB\xBF"
                         "domain,nameservers,state,order_id,operation_id,code,message,price,ledger,"
                         "previous_nameservers\n"));
    CHECK(text.ends_with(",ns1.old.example ns2.old.example\n"));
}

TEST_CASE("the result of a file that says how many rows it has says so, too") {
    SmallLedger small;
    const auto text_of = [&](bool states_count) {
        const BatchId batch = small.ledger->write([&](LedgerWrite& w) {
            const BatchId begun = w.begin_batch(
                {"orders.csv", states_count ? "a" : "b", small.run->id(), small.clock.now().utc});
            w.enter_rows(begun, {SmallLedger::good_row(2, "a.example"), bad_row(3, "a_b")});
            BatchEnd end;
            end.states_count = states_count;
            REQUIRE(w.complete_batch(begun, end, small.clock.now().utc));
            return begun;
        });
        std::string text;
        result_text(*small.ledger, batch, [&](std::string_view piece) { text += piece; });
        return text;
    };
    CHECK(text_of(true).ends_with("\n#end,2\n"));
    CHECK(text_of(false).find("#end") == std::string::npos);
}
