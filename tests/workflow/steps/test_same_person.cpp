#include "workflow/steps/same_person.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

ContactData ada() {
    ContactData data;
    data.fields = {{"firstName", "Ada"},
                   {"city", "Saint-Étienne"},
                   {"phone", "+33 477000000"},
                   {"address2", ""}};
    data.additional = {{"EU_CITIZENSHIP", "FR"}};
    return data;
}

}  // namespace

TEST_CASE("a contact shown as it was sent is the same person, in whatever spelling") {
    CHECK(changed_fields(ada(), ada()).empty());
    ContactData shown = ada();
    shown.fields["firstName"] = "ADA";
    shown.fields["phone"] = "+33.4 77 00 00 00";
    shown.fields["city"] = "saint Étienne";
    shown.bound["US_APP_PURPOSE"]["example.us"] = "P3";
    shown.fields["fax"] = "+33 477000001";
    CHECK(changed_fields(ada(), shown).empty());
}

TEST_CASE("what the registrar does not show says nothing") {
    ContactData shown = ada();
    shown.fields.erase("phone");
    shown.additional.clear();
    CHECK(changed_fields(ada(), shown).empty());
}

TEST_CASE("fields with another value are named, their values are not") {
    ContactData shown = ada();
    shown.fields["city"] = "Lyon";
    shown.fields["phone"] = "+33 478000000";
    shown.additional["EU_CITIZENSHIP"] = "IT";
    CHECK(changed_fields(ada(), shown) == "city, phone, EU_CITIZENSHIP");
}
