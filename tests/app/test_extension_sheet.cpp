#include "app/extension_sheet.h"

#include <doctest/doctest.h>

#include "support/scratch.h"
#include "util/failure.h"

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
        "  aero: { required_owner_data: [additional.AERO_ENS_KEY, idNumber],\n"
        "          domain_bound: [AERO_ENS_KEY], usual_days: { register: 7 } }\n"
        "  de: { transfer_owner: automatic, minimum_nameservers: 2,\n"
        "        nameservers_required_at_create: true }\n");
    CHECK(sheet.at("").minimum_nameservers == 1);
    const ExtensionRules& aero = sheet.at("aero");
    CHECK(aero.minimum_nameservers == 1);
    CHECK(aero.transfer_owner == Owner::either);
    CHECK(aero.required_owner_fields ==
          std::set<std::string>{"additional.AERO_ENS_KEY", "idNumber"});
    CHECK(aero.domain_bound == std::set<std::string>{"AERO_ENS_KEY"});
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

TEST_CASE("the sample sheet says what the registrar's pages say") {
    const std::string path = SOURCE_DIR "/cron/extensions.sample.yaml";
    const ExtensionSheet sheet = parse_extension_sheet(read_text(path), path);
    for (const char* extension : {"com", "net", "org", "info", "shop", "de", "fr", "it", "be",
                                  "co.uk", "is", "aero", "es", "eu", "us", "lu"}) {
        CAPTURE(extension);
        CHECK(sheet.contains(extension));
    }
    // registrar-api 6.4.
    CHECK(sheet.at("com").transfer_owner == Owner::contact);
    CHECK(sheet.at("de").transfer_owner == Owner::automatic);
    CHECK(sheet.at("de").nameservers_required_at_create);
    CHECK(sheet.at("be").transfer_owner == Owner::automatic);
    CHECK_FALSE(sheet.at("be").nameservers_required_at_create);
    // registrar-api 3.5.
    CHECK(sheet.at("us").domain_bound == std::set<std::string>{"US_APP_PURPOSE"});
    CHECK(sheet.at("us").required_owner_fields ==
          std::set<std::string>{"additional.US_CATEGORY", "additional.US_APP_PURPOSE"});
    CHECK(sheet.at("es").required_owner_fields == std::set<std::string>{"additional.ES_TIPO"});
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
