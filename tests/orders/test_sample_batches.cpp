// Every file of sample-batches/ is read; beside it stands what must be found wrong with it.
#include "orders/reading.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

using namespace domspool;
using domspool::test::Reading;

namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

const fs::path kSamples = fs::path(SOURCE_DIR) / "sample-batches";
constexpr const char* kProblems = ".problems.txt";

std::vector<fs::path> order_files(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (format_of_name(entry.path().string())) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

Reading read_sample(const fs::path& path) {
    const std::string name = path.filename().string();
    return test::read_text_as({name, *format_of_name(name), std::nullopt, {}},
                              test::read_text(path.string()));
}

Texts expected_problems(const fs::path& path) {
    Texts lines;
    std::ifstream in(path.string() + kProblems);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

Texts all_problems(const Reading& reading) {
    Texts texts = reading.file_problems();
    const Texts faults = reading.faults();
    texts.insert(texts.end(), faults.begin(), faults.end());
    return texts;
}

void check_problems(const fs::path& path) {
    const Texts found = all_problems(read_sample(path));
    const Texts expected = expected_problems(path);
    CAPTURE(path.filename().string());
    CHECK(found.size() == expected.size());
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
        CHECK(found[i] == expected[i]);
    }
}

}  // namespace

TEST_CASE("the samples are read, with no other problems than those beside them") {
    const std::vector<fs::path> files = order_files(kSamples);
    CHECK(files.size() >= 5);
    std::set<OrderKind> kinds;
    for (const fs::path& path : files) {
        check_problems(path);
        const Reading reading = read_sample(path);
        CHECK_FALSE(reading.is_refused());
        for (const OrderRow& row : reading.rows) kinds.insert(row.kind);
    }
    CHECK(kinds.size() == 4);
}

TEST_CASE("each refused sample is refused for what stands beside it") {
    const std::vector<fs::path> files = order_files(kSamples / "refused");
    CHECK(files.size() >= 25);
    for (const fs::path& path : files) {
        check_problems(path);
        CHECK_FALSE(expected_problems(path).empty());
    }
}

TEST_CASE("no list of problems is without its file") {
    for (const auto& entry : fs::recursive_directory_iterator(kSamples)) {
        const std::string path = entry.path().string();
        if (!path.ends_with(kProblems)) continue;
        CAPTURE(path);
        CHECK(fs::exists(path.substr(0, path.size() - std::string(kProblems).size())));
    }
}

TEST_CASE("the people of the samples are invented") {
    for (const fs::path& path : order_files(kSamples)) {
        for (const OrderRow& row : read_sample(path).rows) {
            for (const auto& [name, value] : row.given) {
                if (!name.ends_with(".email")) continue;
                const std::string host = value.substr(value.find('@') + 1);
                CAPTURE(value);
                CHECK((host == "example.org" || host == "example.com" || host == "example.net"));
            }
        }
    }
}
