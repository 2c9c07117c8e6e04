#include "app/extension_sheet.h"
#include "support/scratch.h"
#include "util/failure.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::read_text;
using domspool::test::Scratch;

namespace {

using Owner = ExtensionRules::TransferOwner;

ExtensionSheet sheet_of(const std::string& text) {
    return parse_extension_sheet(text, "extensions.yaml");
}

std::string refusal(const std::string& text) {
    try {
        sheet_of(text);
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::settings_or_ledger);
        return failure.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an extension has from the default what its entry leaves out") {
    const ExtensionSheet sheet = sheet_of(
        "default: { minimum_nameservers: 1, usual_days: { transfer: 8 } }\n"
        "extensions:\n"
        "  aero: { required_owner_data: [additional.AERO_AUTHKEY, idNumber],\n"
        "          domain_bound: [AERO_AUTHKEY], usual_days: { register: 7 } }\n"
        "  de: { transfer_owner: automatic, minimum_nameservers: 2,\n"
        "        nameservers_required_at_create: true }\n");
    CHECK(sheet.at("").minimum_nameservers == 1);
    const ExtensionRules& aero = sheet.at("aero");
    CHECK(aero.minimum_nameservers == 1);
    CHECK(aero.transfer_owner == Owner::either);
    CHECK(aero.required_owner_fields ==
          std::set<std::string>{"additional.AERO_AUTHKEY", "idNumber"});
    CHECK(aero.domain_bound == std::set<std::string>{"AERO_AUTHKEY"});
    CHECK(usual_days(sheet, OrderKind::register_domain, "aero") == 7);
    CHECK(usual_days(sheet, OrderKind::transfer, "aero") == 8);
    const ExtensionRules& de = sheet.at("de");
    CHECK(de.minimum_nameservers == 2);
    CHECK(de.transfer_owner == Owner::automatic);
    CHECK(de.nameservers_required_at_create);
    CHECK(de.required_owner_fields.empty());
}

TEST_CASE("an extension without an entry has the default's days") {
    const ExtensionSheet sheet = sheet_of("default: { usual_days: { register: 4 } }\n");
    CHECK(usual_days(sheet, OrderKind::register_domain, "example") == 4);
    CHECK(usual_days({}, OrderKind::register_domain, "example") > 0);
}

TEST_CASE("extensions are known by the form they have in a domain") {
    const ExtensionSheet sheet = sheet_of("extensions: { CO.uk: {}, рф: {}, no: {} }\n");
    CHECK(sheet.contains("co.uk"));
    CHECK(sheet.contains("xn--p1ai"));
    CHECK(sheet.contains("no"));
    CHECK(contains(refusal("extensions: { com: {}, COM: {} }\n"), "once more"));
    CHECK(contains(refusal("extensions: { .com: {} }\n"), "no extension"));
    CHECK(contains(refusal("extensions: { a_b: {} }\n"), "no extension"));
}

TEST_CASE("a sheet with a slip is refused with file, line and what was meant") {
    CHECK(contains(refusal("default: {}\nextension: {}\n"),
                   "extensions.yaml:2: unknown key 'extension'; did you mean 'extensions'?"));
    CHECK(contains(refusal("extensions:\n  de: { transfer_woner: contact }\n"),
                   "extensions.yaml:2: unknown key 'extensions.de.transfer_woner'; did you mean "
                   "'extensions.de.transfer_owner'?"));
    CHECK(contains(refusal("default: { minimum_nameservers: 0 }\n"), "from 1 to 5, not '0'"));
    CHECK(contains(refusal("default: { usual_days: { renew: 3 } }\n"), "unknown key"));
    CHECK(contains(refusal("default: { required_owner_data: [idNumer] }\n"), "'idNumer'"));
    CHECK(contains(refusal("default: { required_owner_data: [additional.] }\n"), "additional."));
    CHECK(contains(refusal("default: { domain_bound: [additional.X] }\n"), "plain keys"));
    CHECK(contains(refusal("extensions: { de: {}, de: {} }\n"), "given twice"));
}

TEST_CASE("a sheet that the settings name must be there") {
    const Scratch scratch;
    try {
        load_extension_sheet(scratch / "none.yaml");
        FAIL("no failure");
    } catch (const RunFailure& failure) {
        CHECK(failure.code() == ExitCode::settings_or_ledger);
        CHECK(contains(failure.what(), "extensions_file"));
    }
}

namespace {

using Names = std::set<std::string>;

ExtensionSheet sample_sheet() {
    const std::string path = SOURCE_DIR "/cron/extensions.sample.yaml";
    return parse_extension_sheet(read_text(path), path);
}

Names bound_names(const ExtensionRules& rules) {
    Names names;
    for (const std::string& key : rules.domain_bound) names.insert("additional." + key);
    return names;
}

}  // namespace

TEST_CASE("the sample sheet covers every extension a rule is known of") {
    const ExtensionSheet sheet = sample_sheet();
    // By the pages of extensions (API, "Additional data"); aero is the tutorial's example.
    const Names known = {"aero",   "ar",     "au", "ba", "be", "bg",    "ca", "cat", "co.uk", "com",
                         "com.au", "com.br", "de", "ee", "es", "eu",    "fi", "fr",  "hr",    "hu",
                         "is",     "it",     "jp", "kr", "lt", "lv",    "ma", "md",  "mr",    "my",
                         "net.br", "no",     "nu", "pm", "pt", "radio", "re", "ro",  "se",    "sg",
                         "sk",     "tf",     "ua", "uk", "us", "sport", "ve", "yt"};
    CHECK(known.size() >= 40);
    Names in_sheet;
    for (const auto& [extension, rules] : sheet) {
        if (!extension.empty()) in_sheet.insert(extension);
    }
    CHECK(in_sheet == known);
}

TEST_CASE("the sample sheet tells transfers' owners as the registrar's pages do") {
    const ExtensionSheet sheet = sample_sheet();
    // (API, "Domains")
    CHECK(sheet.at("com").transfer_owner == Owner::contact);
    CHECK(sheet.at("de").transfer_owner == Owner::automatic);
    CHECK(sheet.at("de").nameservers_required_at_create);
    CHECK(sheet.at("be").transfer_owner == Owner::automatic);
    CHECK_FALSE(sheet.at("be").nameservers_required_at_create);
    CHECK_FALSE(sheet.at("com").nameservers_required_at_create);
}

TEST_CASE("the sample sheet demands the owner's data that every owner gives") {
    const ExtensionSheet sheet = sample_sheet();
    // Keys with two stars in its lists are bound to the domain (API, "Additional data").
    CHECK(sheet.at("us").domain_bound == Names{"US_APP_PURPOSE"});
    CHECK(sheet.at("us").required_owner_fields ==
          Names{"additional.US_CATEGORY", "additional.US_APP_PURPOSE"});
    CHECK(sheet.at("ca").required_owner_fields == Names{"additional.CA_LEGAL_TYPE"});
    CHECK(sheet.at("ca").domain_bound.empty());
    CHECK(sheet.at("es").required_owner_fields == Names{"additional.ES_TIPO"});
    const Names australian = {"additional.AU_ELIGIBILITY_TYPE", "additional.AU_REGISTRANT_ID_TYPE",
                              "additional.AU_REGISTRANT_ID_NUMBER"};
    for (const char* extension : {"au", "com.au"}) {
        CHECK(sheet.at(extension).required_owner_fields == australian);
        CHECK(bound_names(sheet.at(extension)) == australian);
    }
    CHECK(bound_names(sheet.at("cat")) == Names{"additional.CAT_INTENDED_USE"});
    CHECK(bound_names(sheet.at("sport")) == Names{"additional.SPORT_INTENDED_USE"});
    CHECK(bound_names(sheet.at("radio")) == Names{"additional.RADIO_INTENDED_USE"});
    CHECK(bound_names(sheet.at("ua")) ==
          Names{"additional.UA_TRADEMARK_NAME", "additional.UA_TRADEMARK_NUMBER"});
    // As the registrar's own module for a shop names them.
    CHECK(sheet.at("aero").required_owner_fields ==
          Names{"additional.AERO_AUTHID", "additional.AERO_AUTHKEY"});
}

TEST_CASE("the sample sheet demands nothing that only some owners have") {
    const ExtensionSheet sheet = sample_sheet();
    for (const char* extension : {"eu", "it", "uk", "co.uk", "se", "nu", "pt", "ro", "hu", "no",
                                  "fi", "ee", "lv", "lt", "fr", "tf"}) {
        CAPTURE(extension);
        CHECK(sheet.at(extension).required_owner_fields.empty());
    }
}

TEST_CASE("the sample's default is the default of a sheet that says nothing") {
    const std::string path = SOURCE_DIR "/cron/extensions.sample.yaml";
    const ExtensionRules sample = parse_extension_sheet(read_text(path), path).at("");
    const ExtensionRules nothing = parse_extension_sheet("{}", "nothing").at("");
    CHECK(sample.minimum_nameservers == nothing.minimum_nameservers);
    CHECK(sample.transfer_owner == nothing.transfer_owner);
    CHECK(sample.required_owner_fields == nothing.required_owner_fields);
    CHECK(sample.domain_bound == nothing.domain_bound);
    CHECK(sample.usual_days == nothing.usual_days);
    CHECK(sample.nameservers_required_at_create == nothing.nameservers_required_at_create);
}
