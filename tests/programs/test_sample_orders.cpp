// The order files of sample-batches/ through the real programs, to the end of each order: what the
// registrar's tutorial tells is done by them, every function of it.
#include "support/shop.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>

using namespace domspool::test;

namespace {

namespace fs = std::filesystem;

const fs::path kSamples = fs::path(SOURCE_DIR) / "sample-batches";

struct Sample {
    std::string program, file;
};

// What is registered and transferred is what later files change.
const std::vector<std::vector<Sample>> kRounds = {
    {{"domain-register", "registrations.csv"},
     {"domain-register", "registrations.yaml"},
     {"domain-transfer", "transfers.csv"},
     {"domain-transfer", "transfers.yaml"}},
    {{"domain-trade", "trades.csv"}, {"domain-trade", "trades.yaml"}},
    {{"domain-nameservers", "nameservers.csv"}, {"domain-nameservers", "nameservers.yaml"}},
};

// Every function the registrar's tutorial names, as its server spells them, and the one by which
// "additional information" reaches a registrant that exists.
const std::vector<std::string> kTutorial = {
    "contactCreate",   "contactOwnerUpdate",  "domainCreate",        "domainTransferIn",
    "domainAuthID",    "domainTransferOwner", "domainChangeDNS",     "domainZoneInit",
    "domainSetDNSsec", "domainSetDNSSecExt",  "domainSetPreference", "queryOpe",
    "queryOpePending",
};

// By reference: those that end in another way than done, and what their message says.
const std::map<std::string, std::pair<std::string, std::string>> kOtherEnds = {
    {"S-009", {"failed", "E13-M1306"}},           // taken by somebody
    {"S-010", {"failed", "domainCreate"}},        // refused later
    {"S-011", {"failed", "premium"}},             // not without the row's own max_price
    {"S-012", {"failed", "4"}},                   // no period of the extension
    {"Y-008", {"failed", "domainCreate"}},        // refused at once
    {"Y-009", {"failed", "14.90 EUR"}},           // above the row's max_price
    {"T-005", {"failed", "authorization code"}},  // a wrong EPP code
    {"O-004", {"failed", "E15-M1502"}},           // not in the account
    {"O-103", {"failed", "15.00 EUR"}},           // above the row's max_price
    {"N-004", {"failed", "E15-M1502"}},           // not in the account
};

SettingChanges settings() {
    return {{"checks.dns_test", "never"},  // The samples' servers answer nobody.
            {"limits.max_price", "60 EUR"}};
}

std::size_t open_orders(const Shop& shop) {
    std::size_t open = 0;
    for (const auto& row : json_lines(shop.run("domain-orders", {"list", "--json"}).out)) {
        const std::string& state = row.at("state");
        open += state == "in_progress" || state == "waiting" || state == "in_doubt";
    }
    return open;
}

void follow_to_the_end(const Shop& shop) {
    for (int pass = 0; pass < 20 && open_orders(shop) > 0; ++pass) {
        CHECK(shop.run("pending-check", {"--now"}).code <= 1);
    }
    REQUIRE(open_orders(shop) == 0);
}

std::string sample_text(const std::string& name) {
    return read_text((kSamples / name).string());
}

std::set<std::string> files_of(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".csv") || name.ends_with(".yaml")) names.insert(name);
    }
    return names;
}

}  // namespace

TEST_CASE("the samples do all that the registrar's tutorial tells, each order to its end") {
    Shop shop(settings());
    for (const auto& round : kRounds) {
        for (const Sample& sample : round) {
            CAPTURE(sample.file);
            const ProgramEnd end =
                shop.run(sample.program, {shop.write(sample.file, sample_text(sample.file))});
            CAPTURE(end.err);
            CHECK(end.code <= 1);
            CHECK(speaks_as_it_ends(end));
        }
        follow_to_the_end(shop);
    }
    std::size_t orders = 0;
    for (const auto& row : json_lines(shop.run("domain-orders", {"list", "--json"}).out)) {
        CAPTURE(row.at("reference"));
        CAPTURE(row.at("message"));
        const auto other = kOtherEnds.find(row.at("reference"));
        CHECK(row.at("state") == (other == kOtherEnds.end() ? "done" : other->second.first));
        if (other != kOtherEnds.end()) {
            const std::string& said = other->second.second;
            const bool is_said = row.at("message").find(said) != std::string::npos ||
                                 row.at("code").find(said) != std::string::npos;
            CHECK(is_said);
        }
        ++orders;
    }
    CHECK(orders >= 40);
    for (const std::string& function : kTutorial) {
        CAPTURE(function);
        CHECK(shop.times_executed(function) > 0);
    }
}

TEST_CASE("every sample has its place in the test above") {
    std::set<std::string> used;
    for (const auto& round : kRounds) {
        for (const Sample& sample : round) used.insert(sample.file);
    }
    CHECK(files_of(kSamples) == used);
    for (const char* kind : {"registrations", "transfers", "trades", "nameservers"}) {
        CHECK(used.contains(std::string(kind) + ".csv"));
        CHECK(used.contains(std::string(kind) + ".yaml"));
    }
}

TEST_CASE("every refused sample is told by its program with what stands beside it") {
    Shop shop;
    for (const std::string& name : files_of(kSamples / "refused")) {
        CAPTURE(name);
        const std::string kind = name.substr(0, name.find('-'));
        if (kind == "no") continue;  // Whose kind nothing tells: a program tells it.
        const std::string path = shop.write(name, sample_text("refused/" + name));
        const ProgramEnd end = shop.run("domain-" + kind, {"--check", path, "--json"});
        CHECK((end.code == 1 || end.code == 65));
        std::ifstream expected((kSamples / "refused" / (name + ".problems.txt")).string());
        for (std::string line; std::getline(expected, line);) {
            CAPTURE(line);
            const auto behind_name = line.substr(line.find(": ") + 2);
            CHECK(end.out.find(name) != std::string::npos);
            // Here the program says the kind, not the name; and JSON marks quotes.
            const bool is_plain = behind_name.find_first_of("\"\\") == std::string::npos &&
                                  behind_name.find("the file's name") == std::string::npos;
            if (is_plain) CHECK(end.out.find(behind_name) != std::string::npos);
        }
    }
    CHECK(shop.registrar().calls().empty());
    CHECK(shop.orders().empty());
}
