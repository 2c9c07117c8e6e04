#include "orders/order_likeness.h"

#include <doctest/doctest.h>

using namespace domspool;

namespace {

using Fields = std::vector<std::string>;

const FieldMap kOrdered = {{"domain", "paid-1.lu"},    {"reference", "0071"},
                           {"owner.zipCode", "01000"}, {"owner.firstName", "Carl"},
                           {"owner.country", "FR"},    {"additional.ID", "1234567890123456"},
                           {"auth_code", "(kept)"},    {"note", "on 2026-03-01"}};

FieldMap with(const FieldMap& changes) {
    FieldMap fields = kOrdered;
    for (const auto& [name, value] : changes) fields[name] = value;
    return fields;
}

}  // namespace

TEST_CASE("what a spreadsheet did to the cells is no difference") {
    CHECK(differing_fields(kOrdered, kOrdered).empty());
    CHECK(differing_fields(with({{"reference", "71"},
                                 {"owner.zipCode", "1000"},
                                 {"owner.country", "fr"},
                                 {"additional.ID", "1.23457E+15"}}),
                           kOrdered)
              .empty());
}

TEST_CASE("what differs is named") {
    CHECK(differing_fields(with({{"owner.zipCode", "1001"}, {"years", "2"}}), kOrdered) ==
          Fields{"owner.zipCode", "years"});
    FieldMap without = kOrdered;
    without.erase("note");
    CHECK(differing_fields(without, kOrdered) == Fields{"note"});
    CHECK(differing_fields(kOrdered, without) == Fields{"note"});
    CHECK(field_list({"owner.zipCode", "years"}) == "owner.zipCode, years");
}

TEST_CASE("a name spelled otherwise is another name, a code is not") {
    CHECK(differing_fields(with({{"owner.firstName", "carl"}}), kOrdered) ==
          Fields{"owner.firstName"});
    CHECK(differing_fields(with({{"additional.ID", "1234567890123456"}}), kOrdered).empty());
}

TEST_CASE("an EPP code that is not given again is no other wish, one more is") {
    FieldMap without = kOrdered;
    without.erase("auth_code");
    CHECK(differing_fields(without, kOrdered).empty());
    CHECK(differing_fields(kOrdered, without) == Fields{"auth_code"});
}

TEST_CASE("alike are orders of which one has no reference, but not those of two references") {
    FieldMap without = kOrdered;
    without.erase("reference");
    CHECK(is_alike(without, kOrdered));
    CHECK(is_alike(kOrdered, without));
    CHECK(is_alike(with({{"reference", "71"}}), kOrdered));
    CHECK_FALSE(is_alike(with({{"reference", "72"}}), kOrdered));
    without["owner.zipCode"] = "1001";
    CHECK_FALSE(is_alike(without, kOrdered));
}
