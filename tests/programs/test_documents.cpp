// What README, cron/ and sample-batches/ show is true of the programs that are built.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <regex>
#include <sstream>

using namespace domspool::test;

namespace {

std::string source_text(const std::string& name) {
    return read_text(std::string(SOURCE_DIR) + "/" + name);
}

// The fenced blocks of README in that language.
std::vector<std::string> blocks_of(const std::string& language) {
    const std::string text = source_text("README.md"), fence = "```" + language + "\n";
    std::vector<std::string> blocks;
    for (auto at = text.find(fence); at != std::string::npos; at = text.find(fence, at + 1)) {
        const auto begin = at + fence.size();
        blocks.push_back(text.substr(begin, text.find("```", begin) - begin));
    }
    return blocks;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// The user and the command of a line of cron/crontab; "" if it is none.
std::pair<std::string, std::string> job_of(const std::string& line) {
    static const std::regex job("([^# ]+ +){5}([a-z]+) +([^ ]+)( .*)?");
    std::smatch parts;
    if (!std::regex_match(line, parts, job)) return {};
    return {parts[2], parts[3]};
}

ProgramEnd check_file(const Shop& shop, const std::string& program, const std::string& path) {
    return shop.run(program, {"--check", path});
}

}  // namespace

TEST_CASE("the order files that README shows are good ones") {
    Shop shop;
    const auto csv = blocks_of("csv"), yaml = blocks_of("yaml");
    REQUIRE(csv.size() + yaml.size() >= 2);
    for (const auto& [blocks, ending] : {std::pair{csv, ".csv"}, std::pair{yaml, ".yaml"}}) {
        for (const std::string& block : blocks) {
            CAPTURE(block);
            const ProgramEnd end = check_file(shop, "domain-register",
                                              shop.write(std::string("shown") + ending, block));
            CHECK(end.err == "");
            CHECK(end.code == 0);
        }
    }
}

TEST_CASE("README lists the exit codes that the programs list") {
    const std::string manual =
        run_program({.program = "domain-register", .arguments = {"--help"}}).out;
    const std::string readme = source_text("README.md");
    for (const int code : {0, 1, 64, 65, 66, 69, 70, 73, 74, 75, 77, 78}) {
        CAPTURE(code);
        CHECK(std::regex_search(manual, std::regex("\n +" + std::to_string(code) + "  ")));
        CHECK(readme.find("\n| " + std::to_string(code) + " | ") != std::string::npos);
    }
}

TEST_CASE("README says of every field which call it serves") {
    const std::string readme = source_text("README.md");
    const auto begin = readme.find("### Which field serves which call");
    REQUIRE(begin != std::string::npos);
    const std::string table = readme.substr(begin, readme.find("\n## ", begin) - begin);
    for (const char* field :
         {"order",         "domain",        "reference", "years",         "owner",      "admin",
          "tech",          "billing",       "auth_code", "nameservers",   "ns1",        "ns5",
          "zone_template", "dnssec",        "lock",      "privacy",       "auto_renew", "tag",
          "note",          "new_auth_code", "max_price", "additional.KEY"}) {
        CAPTURE(field);
        CHECK(table.find("`" + std::string(field) + "`") != std::string::npos);
    }
    for (const char* call :
         {"contactCreate", "contactOwnerUpdate", "domainCreate", "domainTransferIn",
          "domainTransferOwner", "domainChangeDNS", "domainAuthID", "domainZoneInit",
          "domainSetDNSsec", "domainSetDNSSecExt", "domainSetPreference", "queryOpe",
          "queryOpePending"}) {
        CAPTURE(call);
        CHECK(table.find("`" + std::string(call) + "`") != std::string::npos);
    }
}

TEST_CASE("every job of the crontab is a program that is built, run as the service's user") {
    int jobs = 0;
    for (const std::string& line : lines_of(source_text("cron/crontab"))) {
        const auto [user, program] = job_of(line);
        if (program.empty()) continue;
        CAPTURE(line);
        CHECK(user == "domspool");
        CHECK(std::filesystem::exists(std::string(PROGRAM_DIR) + "/" + program));
        ++jobs;
    }
    CHECK(jobs >= 2);
}

TEST_CASE("README shows the crontab as it is") {
    const std::string readme = source_text("README.md");
    for (const std::string& line : lines_of(source_text("cron/crontab"))) {
        if (job_of(line).second.empty()) continue;
        CAPTURE(line);
        CHECK(readme.find(line + "\n") != std::string::npos);
    }
}
