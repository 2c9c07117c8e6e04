#include "jobs/refused_files.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <vector>

using namespace domspool;
using namespace domspool::test;
using Names = std::vector<std::string>;

namespace {

const std::string kFile = "domain,auth_code\na.example,Se-cret-1\n";

struct Refused {
    Scratch scratch;
    SpoolLayout layout{scratch / "spool"};
    Names wiped, failed;

    Refused() { std::filesystem::create_directories(layout.refused()); }
    std::string path(const std::string& name) const { return layout.refused() + "/" + name; }

    void wipe(std::chrono::seconds younger_than, std::size_t largest = 1000) {
        wiped.clear();
        failed.clear();
        RefusedWiping wiping;
        wiping.untouched_since =
            std::chrono::time_point_cast<UtcTime::duration>(std::chrono::system_clock::now()) -
            younger_than;
        wiping.largest_file = largest;
        wiping.wiped = [this](const std::string& name) { wiped.push_back(name); };
        wiping.failed = [this](const std::string& name, const std::string&) {
            failed.push_back(name);
        };
        wipe_codes_of_refused(layout, wiping);
    }
};

// The latest change counts as "long ago".
constexpr auto kAtOnce = std::chrono::seconds(-10);
constexpr auto kDay = std::chrono::seconds(86'400);

}  // namespace

TEST_CASE("codes of a refused file go when nobody has touched it for long, and that is said") {
    Refused refused;
    write_text(refused.path("a.csv"), kFile);
    write_text(refused.path("a.csv.problems.txt"), "a.csv: no kind\n");
    refused.wipe(kDay);
    CHECK(refused.wiped.empty());
    CHECK(read_text(refused.path("a.csv")) == kFile);
    refused.wipe(kAtOnce);
    CHECK(refused.wiped == Names{"a.csv"});
    CHECK(read_text(refused.path("a.csv")) == "domain,auth_code\na.example,(wiped)\n");
    CHECK(read_text(refused.path("a.csv.problems.txt")) ==
          "a.csv: no kind\nIts EPP codes were overwritten with (wiped): nobody had touched it for "
          "auth_code_keep_days.\n");
    refused.wipe(kAtOnce);
    CHECK(refused.wiped.empty());
}

TEST_CASE("a time set back by hand does not make a refused file old") {
    Refused refused;
    write_text(refused.path("a.csv"), kFile);
    std::filesystem::last_write_time(
        refused.path("a.csv"),
        std::filesystem::file_time_type::clock::now() - std::chrono::hours(24 * 365));
    refused.wipe(kDay);
    CHECK(refused.wiped.empty());
}

TEST_CASE("a damaged file without codes keeps every byte, one with codes does not keep those") {
    Refused refused;
    const std::string torn = "domain,years,owner\na.example,1\nb.exam";
    write_text(refused.path("torn.csv"), torn);
    write_text(refused.path("codes.csv"), "domain,AUTH_CODE,owner\na.example,\"Se-cret-1\nb.exam");
    write_text(refused.path("torn.yaml"), "orders:\n- domain: a.example\n  auth_code: \"Se-cret-1");
    refused.wipe(kAtOnce);
    CHECK(read_text(refused.path("torn.csv")) == torn);
    CHECK(read_text(refused.path("codes.csv")).find("Se-cret-1") == std::string::npos);
    CHECK(read_text(refused.path("torn.yaml")).find("Se-cret-1") == std::string::npos);
}

TEST_CASE("links, folders, other endings and files that are too large are left as they are") {
    Refused refused;
    write_text(refused.scratch / "elsewhere.csv", kFile);
    std::filesystem::create_symlink(refused.scratch / "elsewhere.csv", refused.path("link.csv"));
    std::filesystem::create_directory(refused.path("folder.csv"));
    write_text(refused.path("note.txt"), kFile);
    write_text(refused.path("large.csv"), kFile + std::string(2000, '\n'));
    write_text(refused.path("z.csv"), kFile);
    refused.wipe(kAtOnce);
    CHECK(refused.wiped == Names{"z.csv"});
    CHECK(refused.failed == Names{"large.csv"});
    CHECK(read_text(refused.scratch / "elsewhere.csv") == kFile);
    CHECK(read_text(refused.path("note.txt")) == kFile);
}
