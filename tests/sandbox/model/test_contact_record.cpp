#include "sandbox/model/contact_record.h"

#include <doctest/doctest.h>

using namespace domspool;
using namespace domspool::sandbox;
using soap::Value;

namespace {

Fields good_person() {
    return {{"firstName", "Zoë"},
            {"lastName", "O'Brien-Łuk"},
            {"bodyForm", "IND"},
            {"address1", "1, rue & co"},
            {"zipCode", "75001"},
            {"city", "Paris"},
            {"country", "FR"},
            {"phone", "+33 303030303"},
            {"email", "zoe@example.net"},
            {"language", "EN"},
            {"isOwner", "1"}};
}

bool is_refused(const char* field, const std::string& value) {
    Fields fields = good_person();
    fields[field] = value;
    const auto problem = problem_of_contact(fields, Names::needed);
    return problem && problem->find(field) != std::string::npos;
}

}  // namespace

TEST_CASE("a complete person is accepted") {
    CHECK_FALSE(problem_of_contact(good_person(), Names::needed).has_value());
}

TEST_CASE("every field that is needed is asked for by its name") {
    for (const char* field : {"firstName", "lastName", "bodyForm", "address1", "zipCode", "city",
                              "country", "phone", "email", "language", "isOwner"}) {
        CAPTURE(field);
        CHECK(is_refused(field, ""));
    }
}

TEST_CASE("characters outside the patterns are refused") {
    CHECK(is_refused("firstName", "Иван"));
    CHECK(is_refused("firstName", "Anna2"));
    CHECK(is_refused("lastName", "A.B"));
    CHECK(is_refused("address1", "Nr. 5 (rear)"));
    CHECK(is_refused("city", "Köln#1"));
    CHECK(is_refused("firstName", "\xC3"));  // Cut UTF-8.
    CHECK_FALSE(is_refused("lastName", "Șerban"));
    CHECK_FALSE(is_refused("lastName", "Weiß"));
}

TEST_CASE("lengths count characters, not bytes") {
    std::string thirty;
    for (int i = 0; i < 30; ++i) thirty += "é";
    CHECK_FALSE(is_refused("firstName", thirty));
    CHECK(is_refused("firstName", thirty + "é"));
}

TEST_CASE("a phone number has one blank after the country code") {
    CHECK(is_refused("phone", "+33303030303"));
    CHECK(is_refused("phone", "0033 303030303"));
    CHECK(is_refused("phone", "+33 3030 30303"));
    CHECK(is_refused("phone", "+33 30303030303030"));
    CHECK_FALSE(is_refused("phone", "+1 5555550100"));
}

TEST_CASE("country, date and word lists are checked") {
    CHECK(is_refused("country", "fr"));
    CHECK(is_refused("country", "XX"));
    CHECK(is_refused("birthDate", "1970-02-30"));
    CHECK_FALSE(is_refused("birthDate", "1972-02-29"));
    CHECK(is_refused("language", "DE"));
    CHECK(is_refused("tmType", "ohmi"));
    CHECK(is_refused("email", "nobody"));
}

TEST_CASE("an area is for ten countries only") {
    CHECK(is_refused("area", "75"));
    Fields american = good_person();
    american["country"] = "US";
    CHECK(problem_of_contact(american, Names::needed).has_value());
    american["area"] = "NY";
    CHECK_FALSE(problem_of_contact(american, Names::needed).has_value());
}

TEST_CASE("an organisation has a name") {
    Fields organisation = good_person();
    organisation["bodyForm"] = "ORG";
    CHECK(problem_of_contact(organisation, Names::needed).has_value());
    organisation["bodyName"] = "Example & Sons";
    CHECK_FALSE(problem_of_contact(organisation, Names::needed).has_value());
}

TEST_CASE("data of the owner is asked for by extension") {
    Fields owner = good_person();
    const auto missing = [&](const char* extension, const char* domain) {
        return missing_owner_data(*extension_named(extension), owner, domain).value_or("");
    };
    CHECK(missing("com", "example.com").empty());
    CHECK(missing("eu", "example.eu").empty());
    owner["country"] = "CH";
    CHECK(missing("eu", "example.eu").find("EU_CITIZENSHIP") != std::string::npos);
    owner["additional/EU_CITIZENSHIP"] = "DE";
    CHECK(missing("eu", "example.eu").empty());
    owner["additional/US_CATEGORY"] = "C11";
    owner["additional/US_APP_PURPOSE/other.us"] = "P3";
    CHECK(missing("us", "example.us").find("US_APP_PURPOSE") != std::string::npos);
    owner["additional/US_APP_PURPOSE/example.us"] = "P3";
    CHECK(missing("us", "example.us").empty());
    CHECK_FALSE(missing("it", "example.it").empty());
    CHECK_FALSE(missing("aero", "example.aero").empty());
    CHECK(missing("co.uk", "example.co.uk").empty());
}

TEST_CASE("what came as maps is shown as maps") {
    const Value sent = Value::record(
        "StructContact",
        {{"FIRSTNAME", Value::of(std::string("Zoë"))},
         {"additional",
          Value::map({{"US_CATEGORY", Value::of(std::string("C11"))},
                      {"US_APP_PURPOSE", Value::map({{"a.us", Value::of(std::string("P1"))},
                                                     {"b.us", Value::of(std::string("P2"))}})}})}});
    const Fields fields = contact_fields_from(sent);
    CHECK(field_of(fields, "firstName") == "Zoë");
    CHECK(field_of(fields, "additional/US_APP_PURPOSE/b.us") == "P2");
    const Value shown = contact_value({"ZO501", true, fields}, true);
    REQUIRE(shown.find("additional") != nullptr);
    const Value& additional = *shown.find("additional");
    CHECK(additional.text_of("US_CATEGORY") == "C11");
    REQUIRE(additional.find("US_APP_PURPOSE") != nullptr);
    CHECK(additional.find("US_APP_PURPOSE")->text_of("a.us") == "P1");
    CHECK(shown.integer_of("isLinked") == 1);
}

TEST_CASE("a contact id begins with two letters") {
    CHECK(initials_of({{"firstName", "georg"}, {"lastName", "Kranz"}}) == "GK");
    CHECK(initials_of({{"firstName", "Élise"}, {"lastName", "'t Hof"}}) == "XX");
}
