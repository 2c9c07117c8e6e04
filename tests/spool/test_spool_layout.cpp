#include "spool/spool_layout.h"
#include "util/utf8.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

// Names of others may be as long as the kernel allows, and hold any bytes but / and NUL.
std::string long_name(const std::string& ending) {
    return std::string(255 - ending.size(), 'x') + ending;
}

}  // namespace

TEST_CASE("the spool's folders and their rights are those of the design") {
    const auto folders = spool_folders("/s");
    REQUIRE(folders.size() == 5);
    CHECK(folders[0].path == "/s");
    CHECK(folders[0].mode == 0711);
    CHECK(folders[1].path == "/s/incoming");
    CHECK(folders[1].mode == 02770);
    for (std::size_t i = 2; i < folders.size(); ++i) CHECK(folders[i].mode == 0700);
    CHECK(SpoolLayout("/s").archive_folder(*from_iso("2026-11-30T23:59:59.999Z")) ==
          "/s/done/2026-11");
}

TEST_CASE("a claimed file's name tells run, number and the name it had") {
    CHECK(to_file_name({7, 2, "transfer-1.csv"}) == "7-2-transfer-1.csv");
    const auto active = parse_active_name("7-2-transfer-1.csv");
    REQUIRE(active);
    CHECK(active->run == 7);
    CHECK(active->number == 2);
    CHECK(active->name == "transfer-1.csv");
    CHECK(parse_active_name(to_file_name({7, 2, "--help\n.csv"}))->name == "--help\n.csv");
}

TEST_CASE("other names in active are not ours") {
    for (const char* name : {"orders.csv", "7-orders.csv", "-7-2-x.csv", "0-1-x.csv", "7-2-", "7-2",
                             "7-2x.csv", "99999999999999999999-1-x.csv", ""}) {
        CAPTURE(name);
        CHECK_FALSE(parse_active_name(name));
    }
}

TEST_CASE("a name of 255 bytes keeps its ending and leaves room for what is put around it") {
    for (const std::string ending : {".csv", ".YAML"}) {
        const std::string name = long_name(ending);
        const std::string active = to_file_name({1'000'000'000'000, 10'000, name});
        CHECK(active.size() <= 255);
        CHECK(active.ends_with(ending));
        CHECK((archive_name(1'000'000'000'000, name, 9999) + ".result.csv").size() <= 255);
        CHECK(archive_name(1, name).ends_with(ending));
        CHECK(problems_name(refused_name(name)).size() <= 255);
    }
    std::string umlauts = "x";
    while (umlauts.size() < 250) umlauts += "\xC3\xBC";
    CHECK(utf8::is_valid(archive_name(3, umlauts + ".csv")));
}

TEST_CASE("what lies in done and refused bears names that harm no terminal") {
    CHECK(archive_name(3, "a\nb\x1B[31m.csv") == "3-a\\nb\\x1b[31m.csv");
    CHECK(refused_name("\xFF.csv") == "\\xff.csv");
    CHECK(refused_name("-rf.csv") == "-rf.csv");
    CHECK(problems_name("x.csv") == "x.csv.problems.txt");
}

TEST_CASE("an archived file begins with its batch, further copies with batch and number") {
    CHECK(archive_name(12, "x.csv") == "12-x.csv");
    CHECK(archive_name(12, "/srv/shop/x.csv") == "12-x.csv");
    CHECK(archive_name(12, "x.csv", 2) == "12.2-x.csv");
    CHECK(is_copy_of("12.2-x.csv", 12));
    CHECK_FALSE(is_copy_of("12-x.csv", 12));
    CHECK_FALSE(is_copy_of("112.2-x.csv", 12));
    CHECK_FALSE(is_copy_of("12.2-x.csv", 1));
}

TEST_CASE("the name of an archived file tells its batch, which copy it is, and its name") {
    const auto first = parse_archive_name(archive_name(12, "march.csv"));
    REQUIRE(first);
    CHECK(first->batch == 12);
    CHECK(first->copy == 1);
    CHECK(first->name == "march.csv");
    const auto third = parse_archive_name(archive_name(12, "3.2-march.csv", 3));
    REQUIRE(third);
    CHECK(third->batch == 12);
    CHECK(third->copy == 3);
    CHECK(third->name == "3.2-march.csv");
    for (const char* name : {"", "march.csv", "12", "12-", "0-a.csv", "-1-a.csv", "12.-a.csv",
                             "99999999999999999999-a.csv"}) {
        CAPTURE(name);
        CHECK_FALSE(parse_archive_name(name));
    }
}
