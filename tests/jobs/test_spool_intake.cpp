#include "jobs/spool_intake.h"

#include "jobs/order_intake.h"
#include "jobs/spool_archive.h"
#include "support/small_ledger.h"
#include "util/crash_point.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace domspool;
using namespace domspool::test;

namespace {

const std::string kOrders =
    "order,domain,years,owner\n"
    "register,a.example,1,AB1001\n"
    "register,b.example,1,AB1001\n";

SpoolAnswer answer_of(IntakeReport&& report) {
    SpoolAnswer answer;
    answer.what = static_cast<SpoolAnswer::What>(report.what);
    answer.batch = report.batch;
    answer.problems = std::move(report.problems);
    answer.rows = report.rows;
    return answer;
}

// A spool with a real reader and ledger.
struct Spool {
    Spool() {
        for (const SpoolFolder& folder : spool_folders(layout.directory())) {
            std::filesystem::create_directory(folder.path);
        }
    }
    ~Spool() { at_crash_points({}); }

    std::string drop(const std::string& name, const std::string& text = kOrders) {
        write_text(layout.incoming() + "/" + name, text);
        return layout.incoming() + "/" + name;
    }
    // As a run of its own would.
    SpoolIntake intake() {
        run = small.ledger->begin_run("spool-run", Sends::no, small.clock.now());
        const auto read = [this](std::istream& in, const SpoolReading& reading) {
            IntakeRequest request{{reading.name, reading.format, std::nullopt, {}}};
            request.most_rows = most_rows;
            request.is_untouched = reading.is_untouched;
            request.with_batch = reading.with_batch;
            return answer_of(take_order_file(in, request, *small.ledger, run->id(), small.clock));
        };
        return SpoolIntake(layout, {*small.ledger, run->id(), small.clock, read,
                                    [](const std::string& path, int rows) {
                                        return "spool-run " + std::to_string(rows) + " " + path;
                                    }});
    }
    // Files of active/, incoming/ and refused/ and the months of done/, relative to the spool.
    std::vector<std::string> files() const {
        std::vector<std::string> found;
        const std::filesystem::path top = layout.directory();
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
            if (!entry.is_directory()) {
                found.push_back(entry.path().lexically_relative(top).string());
            }
        }
        std::sort(found.begin(), found.end());
        return found;
    }

    SmallLedger small;
    SpoolLayout layout{small.scratch / "spool"};
    std::unique_ptr<Run> run;
    int most_rows = 0;
};

struct Killed {};

using Files = std::vector<std::string>;

}  // namespace

TEST_CASE("a file goes from incoming to done, under the month and number of its batch") {
    Spool spool;
    const SpoolOutcome outcome = spool.intake().take(spool.drop("orders.csv"));
    CHECK(outcome.answer.what == SpoolAnswer::What::taken);
    CHECK(outcome.name == "orders.csv");
    CHECK(outcome.path == spool.layout.directory() + "/done/2026-11/1-orders.csv");
    CHECK(spool.files() == Files{"done/2026-11/1-orders.csv"});
    const auto batch = spool.small.ledger->batch(1);
    REQUIRE(batch);
    CHECK(batch->name == "orders.csv");
    CHECK(SpoolArchive(spool.layout).result_path(*batch) ==
          spool.layout.directory() + "/done/2026-11/1-orders.result.csv");
}

TEST_CASE("a file that vanished before it was claimed is no failure") {
    Spool spool;
    const SpoolOutcome outcome = spool.intake().take(spool.layout.incoming() + "/gone.csv");
    CHECK(outcome.path == "");
    CHECK(spool.files().empty());
}

TEST_CASE("a file exchanged, written to or made a link while it is read is refused") {
    using Change = std::function<void(const std::string& path)>;
    const std::vector<Change> changes = {
        [](const std::string& path) {
            write_text(path + ".new", kOrders);
            std::filesystem::rename(path + ".new", path);
        },
        [](const std::string& path) {
            std::ofstream(path, std::ios::app) << "register,c.example,1,AB1001\n";
        },
        [](const std::string& path) {
            std::filesystem::rename(path, path + ".old");
            std::filesystem::create_symlink(path + ".old", path);
        },
    };
    for (const Change& change : changes) {
        Spool spool;
        at_crash_points([&](std::string_view name) {
            if (name == "batch_begun") change(spool.layout.active() + "/2-1-orders.csv");
        });
        const SpoolOutcome outcome = spool.intake().take(spool.drop("orders.csv"));
        CHECK(outcome.answer.what == SpoolAnswer::What::refused);
        CHECK(outcome.path == spool.layout.refused() + "/orders.csv");
        CHECK(read_text(spool.layout.refused() + "/orders.csv.problems.txt")
                  .find("changed while it was read") != std::string::npos);
        CHECK(spool.small.ledger->orders({}).empty());
        CHECK_FALSE(spool.small.ledger->batch(1));
    }
}

TEST_CASE("a file exchanged for a link between look and claim is refused unread") {
    Spool spool;
    write_text(spool.small.scratch / "elsewhere.csv", kOrders);
    std::filesystem::create_symlink(spool.small.scratch / "elsewhere.csv",
                                    spool.layout.incoming() + "/link.csv");
    const SpoolOutcome outcome = spool.intake().take(spool.layout.incoming() + "/link.csv");
    CHECK(outcome.answer.what == SpoolAnswer::What::refused);
    CHECK(spool.files() == Files{"refused/link.csv", "refused/link.csv.problems.txt"});
    CHECK(spool.small.ledger->orders({}).empty());
}

TEST_CASE("too many rows: nothing is entered, and the command stands beside the file") {
    Spool spool;
    spool.most_rows = 1;
    const SpoolOutcome outcome = spool.intake().take(spool.drop("orders.csv"));
    CHECK(outcome.answer.what == SpoolAnswer::What::too_many);
    CHECK(spool.small.ledger->orders({}).empty());
    CHECK(read_text(spool.layout.refused() + "/orders.csv.problems.txt") ==
          "orders.csv: has 2 orders, more than limits.max_orders_per_run lets pass; nothing of it "
          "was ordered. To order it: spool-run 2 " +
              spool.layout.refused() + "/orders.csv\n");
}

TEST_CASE("wherever a run dies, the next one brings its file to its place, entered once") {
    for (const char* point :
         {"spool_claimed", "batch_begun", "rows_entered", "batch_complete", "spool_archived"}) {
        CAPTURE(point);
        Spool spool;
        at_crash_points([&](std::string_view name) {
            if (name == point) throw Killed();
        });
        SpoolIntake dying = spool.intake();
        CHECK_THROWS_AS(dying.take(spool.drop("orders.csv")), Killed);
        at_crash_points({});
        spool.run.reset();
        spool.small.ledger->bury_dead_runs(spool.small.clock.now());
        SpoolIntake next = spool.intake();
        for (const std::string& name : next.leftovers().files) {
            const SpoolOutcome outcome = next.take_leftover(name);
            CHECK(outcome.name == "orders.csv");
            CHECK(outcome.answer.batch);
        }
        CHECK(next.leftovers().files.empty());
        const Files files = spool.files();
        REQUIRE(files.size() == 1);
        CHECK(files[0].ends_with("-orders.csv"));
        CHECK(files[0].starts_with("done/2026-11/"));
        CHECK(spool.small.ledger->orders({}).size() == 2);
    }
}

TEST_CASE("a leftover whose batch has ended meanwhile is archived, not refused as known") {
    Spool spool;
    at_crash_points([&](std::string_view name) {
        if (name == "batch_complete") throw Killed();
    });
    SpoolIntake dying = spool.intake();
    CHECK_THROWS_AS(dying.take(spool.drop("orders.csv")), Killed);
    at_crash_points({});
    spool.small.fail_next(1, "x");
    spool.small.fail_next(1, "x");
    REQUIRE(spool.small.ledger->batch(1)->finished);
    SpoolIntake next = spool.intake();
    const SpoolOutcome outcome = next.take_leftover(next.leftovers().files.at(0));
    CHECK(outcome.answer.what == SpoolAnswer::What::resumed);
    CHECK(spool.files() == Files{"done/2026-11/1-orders.csv"});
}

TEST_CASE("a refused file is never without its problems, wherever the run dies") {
    for (const char* point : {"spool_problems_written", "spool_refused"}) {
        CAPTURE(point);
        Spool spool;
        at_crash_points([&](std::string_view name) {
            if (name == point) throw Killed();
        });
        SpoolIntake dying = spool.intake();
        CHECK_THROWS_AS(dying.take(spool.drop("orders.csv", "domain\nx\n")), Killed);
        at_crash_points({});
        SpoolIntake next = spool.intake();
        for (const std::string& name : next.leftovers().files) next.take_leftover(name);
        CHECK(spool.files() == Files{"refused/orders.csv", "refused/orders.csv.problems.txt"});
    }
}

TEST_CASE("names in active that no run gave are told apart and left") {
    Spool spool;
    write_text(spool.layout.active() + "/by-hand.csv", kOrders);
    write_text(spool.layout.active() + "/1-2-orders.csv", kOrders);
    const SpoolIntake::Leftovers left = spool.intake().leftovers();
    CHECK(left.files == Files{"1-2-orders.csv"});
    CHECK(left.unknown == Files{"by-hand.csv"});
}
