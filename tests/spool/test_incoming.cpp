#include "spool/incoming.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace domspool;
using namespace domspool::test;
using Kind = LeftAlone::Kind;

namespace {

IncomingList look(const Scratch& folder, int settle = 0) {
    const StopFlag stop;
    return list_incoming(folder.path().string(), std::chrono::seconds(settle), stop);
}

std::map<std::string, Kind> kinds_of(const IncomingList& look) {
    std::map<std::string, Kind> kinds;
    for (const LeftAlone& thing : look.left) kinds[thing.name] = thing.kind;
    return kinds;
}

const std::string kOrders = "domain,years,owner\na.example,1,AB1\n";

}  // namespace

TEST_CASE("order files are taken by name, whatever bytes the name holds") {
    const Scratch folder;
    const std::vector<std::string> names = {"--check.csv", "B.YAML",
                                            "a b.csv",     "a\nb.Yml",
                                            "x\xFF.csv",   std::string(251, 'y') + ".csv"};
    for (const std::string& name : names) write_text(folder / name, kOrders);
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    CHECK(look(folder).files == sorted);
    CHECK(look(folder).left.empty());
}

TEST_CASE("links, pipes, folders, second names, other endings and files in the making are left") {
    const Scratch folder, elsewhere;
    write_text(elsewhere / "orders.csv", kOrders);
    std::filesystem::create_symlink(elsewhere / "orders.csv", folder / "link.csv");
    std::filesystem::create_symlink("/nowhere", folder / "dangling.csv");
    std::filesystem::create_hard_link(elsewhere / "orders.csv", folder / "second.csv");
    REQUIRE(::mkfifo((folder / "pipe.csv").c_str(), 0600) == 0);
    std::filesystem::create_directory(folder / "folder.csv");
    for (const char* name :
         {"notes.txt", "csv", ".csv", ".hidden.csv", "x.csv.tmp", "x.csv.PART"}) {
        write_text(folder / name, kOrders);
    }
    const IncomingList seen = look(folder);
    CHECK(seen.files.empty());
    CHECK(kinds_of(seen) == std::map<std::string, Kind>{{"link.csv", Kind::not_for_us},
                                                        {"dangling.csv", Kind::not_for_us},
                                                        {"second.csv", Kind::not_for_us},
                                                        {"pipe.csv", Kind::not_for_us},
                                                        {"folder.csv", Kind::not_for_us},
                                                        {"notes.txt", Kind::not_for_us},
                                                        {"csv", Kind::not_for_us},
                                                        {".csv", Kind::in_the_making},
                                                        {".hidden.csv", Kind::in_the_making},
                                                        {"x.csv.tmp", Kind::in_the_making},
                                                        {"x.csv.PART", Kind::in_the_making}});
    for (const LeftAlone& thing : seen.left) CHECK(thing.reason != "");
}

TEST_CASE("a file that rests is taken at once, one just written when it has rested") {
    const Scratch folder;
    write_text(folder / "orders.csv", kOrders);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(look(folder, 1).files == std::vector<std::string>{"orders.csv"});
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(900));
    StopFlag no_waiting;
    no_waiting.set();
    const std::string path = folder.path().string();
    CHECK(list_incoming(path, std::chrono::seconds(1), no_waiting).files.size() == 1);
}

TEST_CASE("a time of change set back by hand does not make a file rest") {
    const Scratch folder;
    write_text(folder / "orders.csv", kOrders);
    const timespec old[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    REQUIRE(::utimensat(AT_FDCWD, (folder / "orders.csv").c_str(), old, 0) == 0);
    StopFlag stop;
    stop.set();
    const IncomingList seen = list_incoming(folder.path().string(), std::chrono::seconds(60), stop);
    CHECK(seen.files.empty());
    CHECK(kinds_of(seen) == std::map<std::string, Kind>{{"orders.csv", Kind::still_moving}});
}

TEST_CASE("a file that is still written is left after twice the time, one taken away is no news") {
    const Scratch folder;
    write_text(folder / "orders.csv", kOrders);
    write_text(folder / "gone.csv", kOrders);
    std::atomic<bool> is_over{false};
    std::thread writer([&] {
        std::filesystem::remove(folder / "gone.csv");
        while (!is_over) {
            write_text(folder / "orders.csv", kOrders);
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    });
    const auto begun = std::chrono::steady_clock::now();
    const IncomingList seen = look(folder, 1);
    const auto waited = std::chrono::steady_clock::now() - begun;
    is_over = true;
    writer.join();
    CHECK(seen.files.empty());
    CHECK(kinds_of(seen) == std::map<std::string, Kind>{{"orders.csv", Kind::still_moving}});
    CHECK(waited >= std::chrono::seconds(2));
}

TEST_CASE("what takes a file's place while it rests is named, and not taken") {
    const Scratch folder;
    write_text(folder / "orders.csv", kOrders);
    StopFlag stop;
    std::thread exchanger([&] {
        REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
        std::filesystem::rename(folder / "pipe", folder / "orders.csv");
    });
    const IncomingList seen = list_incoming(folder.path().string(), std::chrono::seconds(1), stop);
    exchanger.join();
    CHECK(seen.files.empty());
    CHECK(kinds_of(seen)["orders.csv"] == Kind::not_for_us);
}
