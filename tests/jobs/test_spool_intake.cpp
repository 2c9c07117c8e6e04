#include "jobs/order_intake.h"
#include "jobs/refused_files.h"
#include "jobs/spool_archive.h"
#include "jobs/spool_intake.h"
#include "store/connection.h"
#include "support/not_run.h"
#include "support/small_ledger.h"
#include "util/crash_point.h"
#include "util/failure.h"

#include <doctest/doctest.h>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

using namespace domspool;
using namespace domspool::test;

namespace {

const std::string kOrders =
    "order,domain,years,owner\n"
    "register,a.example,1,AB1001\n"
    "register,b.example,1,AB1001\n";

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
        IntakeRequest request{{"", FileFormat::csv, std::nullopt, {}}};
        request.file.limits.bytes = 1u << 20;
        request.most_rows = most_rows;
        return SpoolIntake(layout, {*small.ledger, run->id(), small.clock, request,
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
    CHECK(outcome.answer.what == IntakeReport::What::taken);
    CHECK(outcome.name == "orders.csv");
    CHECK(outcome.path == spool.layout.directory() + "/done/2026-11/1-orders.csv");
    CHECK(spool.files() == Files{"done/2026-11/1-orders.csv"});
    const auto batch = spool.small.ledger->batch(1);
    REQUIRE(batch);
    CHECK(batch->name == "orders.csv");
    CHECK(SpoolArchive(spool.layout, 1000).result_path(*batch) ==
          spool.layout.directory() + "/done/2026-11/1-orders.result.csv");
}

TEST_CASE("a file that vanished before it was claimed is no failure") {
    Spool spool;
    const SpoolOutcome outcome = spool.intake().take(spool.layout.incoming() + "/gone.csv");
    CHECK(outcome.path == "");
    CHECK(spool.files().empty());
}

TEST_CASE("a file written to while it is copied is refused") {
    Spool spool;
    at_crash_points([&](std::string_view name) {
        if (name != "spool_file_read") return;
        std::ofstream(spool.layout.active() + "/2-1-orders.csv", std::ios::app)
            << "register,c.example,1,AB1001\n";
    });
    const SpoolOutcome outcome = spool.intake().take(spool.drop("orders.csv"));
    CHECK(outcome.answer.what == IntakeReport::What::refused);
    CHECK(outcome.path == spool.layout.refused() + "/orders.csv");
    CHECK(spool.files() == Files{"refused/orders.csv", "refused/orders.csv.problems.txt"});
    CHECK(read_text(spool.layout.refused() + "/orders.csv.problems.txt")
              .find("changed while it was read") != std::string::npos);
    CHECK(spool.small.ledger->orders({}).empty());
    CHECK_FALSE(spool.small.ledger->batch(1));
}

TEST_CASE("who holds a file open, or has another name for it, changes nothing any more") {
    Spool spool;
    const std::string path = spool.drop("orders.csv");
    const std::string second = spool.small.scratch / "second-name.csv";
    std::filesystem::create_hard_link(path, second);
    std::ofstream held(path, std::ios::app);
    at_crash_points([&](std::string_view name) {
        if (name != "batch_begun") return;
        held << "register,c.example,1,AB1001\n" << std::flush;
        std::ofstream(second, std::ios::app) << "register,d.example,1,AB1001\n";
    });
    const SpoolOutcome outcome = spool.intake().take(path);
    CHECK(outcome.answer.what == IntakeReport::What::taken);
    constexpr std::uintmax_t kVast = std::uintmax_t{4} << 40;
    std::filesystem::resize_file(second, kVast);
    CHECK(read_text(outcome.path) == kOrders);
    CHECK(spool.small.ledger->orders({}).size() == 2);
    CHECK(std::filesystem::status(outcome.path).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("whatever has taken a file's place when it is claimed is put aside, the next one taken") {
    using MakeThing = std::function<void(const std::string& path)>;
    const std::map<std::string, MakeThing> things = {
        {"is a pipe", [](const std::string& path) { REQUIRE(::mkfifo(path.c_str(), 0600) == 0); }},
        {"is a folder",
         [](const std::string& path) {
             std::filesystem::create_directory(path);
             write_text(path + "/orders.csv", kOrders);
         }},
        {"is a link",
         [](const std::string& path) { std::filesystem::create_symlink("/dev/zero", path); }},
        {"is larger than 1 MB",
         [](const std::string& path) {
             write_text(path, "");
             std::filesystem::resize_file(path, std::uintmax_t{4} << 40);
         }},
    };
    for (const auto& [reason, make] : things) {
        for (const bool is_leftover : {false, true}) {
            CAPTURE(reason);
            CAPTURE(is_leftover);
            Spool spool;
            SpoolIntake intake = spool.intake();
            const std::string active = "1-1-orders.csv";
            make((is_leftover ? spool.layout.active() + "/" + active
                              : spool.layout.incoming() + "/orders.csv"));
            const SpoolOutcome outcome = is_leftover
                                             ? intake.take_leftover(active)
                                             : intake.take(spool.layout.incoming() + "/orders.csv");
            CHECK(outcome.answer.what == IntakeReport::What::refused);
            CHECK(outcome.path == spool.layout.refused() + "/orders.csv");
            CHECK(read_text(outcome.path + ".problems.txt").find(reason) != std::string::npos);
            store::Connection file(spool.small.path(), {store::Access::read_only, true});
            auto& told = file.prepare("SELECT COUNT(*) FROM spool_files WHERE is_refusal_told = 1");
            REQUIRE(told.next_row());
            CHECK(told.integer(0) == 1);
            file.let_go();
            const SpoolOutcome next = intake.take(spool.drop("next.csv"));
            CHECK(next.answer.what == IntakeReport::What::taken);
            CHECK(spool.small.ledger->orders({}).size() == 2);
        }
    }
}

TEST_CASE("a folder that cannot be moved stays where it is and is told; the next file is taken") {
    if (::geteuid() != 0) return not_run("only root can make a folder that is another user's");
    constexpr uid_t kNobody = 65534;
    Spool spool;
    std::filesystem::permissions(spool.small.scratch.path(), std::filesystem::perms(0711));
    for (const SpoolFolder& folder : spool_folders(spool.layout.directory())) {
        REQUIRE(::chown(folder.path.c_str(), kNobody, kNobody) == 0);
    }
    const std::string folder = spool.layout.incoming() + "/orders.csv";
    std::filesystem::create_directory(folder);
    SpoolIntake intake = spool.intake();
    const std::string next = spool.drop("next.csv");
    REQUIRE(::seteuid(kNobody) == 0);
    const SpoolOutcome left = intake.take(folder);
    const SpoolOutcome taken = intake.take(next);
    REQUIRE(::seteuid(0) == 0);
    CHECK(left.answer.what == IntakeReport::What::left);
    CHECK(left.path == folder);
    CHECK(left.trouble_code == ExitCode::cannot_create);
    CHECK(left.trouble.find("'orders.csv' is left at '" + folder + "': ") == 0);
    CHECK(taken.answer.what == IntakeReport::What::taken);
    CHECK(std::filesystem::is_directory(folder));
}

TEST_CASE("a file under another program's lease waits in active, no other one waits for it") {
    Spool spool;
    const std::string path = spool.drop("orders.csv");
    Descriptor holder(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    std::signal(SIGIO, SIG_IGN);  // What the holder is sent when somebody comes.
    REQUIRE(::fcntl(holder.get(), F_SETLEASE, F_WRLCK) == 0);
    SpoolIntake intake = spool.intake();
    const SpoolOutcome left = intake.take(path);
    CHECK(left.answer.what == IntakeReport::What::left);
    CHECK(left.trouble_code == ExitCode::try_later);
    const std::string other = "order,domain,years,owner\nregister,c.example,1,AB1001\n";
    CHECK(intake.take(spool.drop("next.csv", other)).answer.what == IntakeReport::What::taken);
    holder = Descriptor();
    std::signal(SIGIO, SIG_DFL);
    SpoolIntake later = spool.intake();
    REQUIRE(later.leftovers().files == Files{"2-1-orders.csv"});
    CHECK(later.take_leftover("2-1-orders.csv").answer.what == IntakeReport::What::taken);
}

TEST_CASE("an archive that cannot be made keeps no order waiting; the next run archives") {
    Spool spool;
    write_text(spool.layout.done() + "/2026-11", "in the way");
    const SpoolOutcome outcome = spool.intake().take(spool.drop("orders.csv"));
    CHECK(outcome.answer.what == IntakeReport::What::taken);
    CHECK(outcome.trouble_code == ExitCode::cannot_create);
    CHECK(spool.small.ledger->orders({}).size() == 2);
    std::filesystem::remove(spool.layout.done() + "/2026-11");
    SpoolIntake next = spool.intake();
    const SpoolOutcome archived = next.take_leftover(next.leftovers().files.at(0));
    CHECK(archived.answer.what == IntakeReport::What::resumed);
    CHECK(spool.files() == Files{"done/2026-11/1-orders.csv"});
}

TEST_CASE("too many rows: nothing is entered, and the command stands beside the file") {
    Spool spool;
    spool.most_rows = 1;
    const SpoolOutcome outcome = spool.intake().take(spool.drop("orders.csv"));
    CHECK(outcome.answer.what == IntakeReport::What::too_many);
    CHECK(spool.small.ledger->orders({}).empty());
    CHECK(read_text(spool.layout.refused() + "/orders.csv.problems.txt") ==
          "orders.csv: has 2 orders, more than limits.max_orders_per_run lets pass; nothing of it "
          "was ordered. To order it: spool-run 2 " +
              spool.layout.refused() + "/orders.csv\n");
}

TEST_CASE("wherever a run dies, the next one brings its file to its place, entered once") {
    for (const char* point : {"spool_claimed", "spool_copied", "batch_begun", "rows_entered",
                              "batch_complete", "spool_archived"}) {
        CAPTURE(point);
        Spool spool;
        at_crash_points([&](std::string_view name) {
            if (name == point) throw Killed();
        });
        SpoolIntake dying = spool.intake();
        CHECK_THROWS_AS(dying.take(spool.drop("orders.csv")), Killed);
        at_crash_points({});
        spool.run.reset();
        spool.small.ledger->recover_dead_runs(spool.small.clock.now());
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
    CHECK(outcome.answer.what == IntakeReport::What::resumed);
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

TEST_CASE("a folder of the spool that cannot be looked into is told, and is no fault of ours") {
    Spool spool;
    SpoolIntake intake = spool.intake();
    for (const std::string& folder : {spool.layout.active(), spool.layout.refused()}) {
        std::filesystem::remove(folder);
    }
    const auto failure_in = [](const auto& act) -> std::string {
        try {
            act();
            return "";
        } catch (const RunFailure& failure) {
            CHECK(failure.code() == ExitCode::no_permission);
            return failure.what();
        }
    };
    CHECK(failure_in([&] { intake.leftovers(); }).find(spool.layout.active()) != std::string::npos);
    CHECK(failure_in([&] {
              wipe_codes_of_refused(spool.layout, RefusedWiping{});
          }).find(spool.layout.refused()) != std::string::npos);
    BatchRecord batch;
    batch.finished = true;
    const SpoolArchive archive(spool.layout, 1u << 20);
    CHECK(archive.wipe_codes(batch).find("EPP codes were not wiped") == 0);
}

TEST_CASE("a copy that was not whole yet when its run died is taken away") {
    Spool spool;
    write_text(spool.layout.active() + "/.domspool-a1B2c3.tmp", "order,doma");
    const SpoolIntake::Leftovers left = spool.intake().leftovers();
    CHECK(left.files.empty());
    CHECK(left.unknown.empty());
    CHECK(spool.files().empty());
}

TEST_CASE("names in active that no run gave are told apart and left") {
    Spool spool;
    write_text(spool.layout.active() + "/by-hand.csv", kOrders);
    write_text(spool.layout.active() + "/1-2-orders.csv", kOrders);
    const SpoolIntake::Leftovers left = spool.intake().leftovers();
    CHECK(left.files == Files{"1-2-orders.csv"});
    CHECK(left.unknown == Files{"by-hand.csv"});
}
