#include "orders/reading.h"
#include "orders/repeated_rows.h"

#include <doctest/doctest.h>

using namespace domspool;
using domspool::test::read_csv;
using domspool::test::Reading;

namespace {

struct Found {
    std::vector<std::string> texts;
    int newly_bad = 0;
};

Found found_in(const std::string& csv) {
    const Reading reading = read_csv(csv);
    RepeatedRows repeated;
    for (const OrderRow& row : reading.rows) repeated.note(row);
    Found found;
    if (!repeated.is_second_look_needed()) return found;
    for (const OrderRow& row : reading.rows) repeated.look_again(row);
    for (const Problem& problem : repeated.problems("a.csv")) {
        found.texts.push_back(to_text(problem));
    }
    found.newly_bad = repeated.newly_bad_rows();
    return found;
}

}  // namespace

TEST_CASE("a domain or reference that stands twice is told once, with all its lines") {
    const Found found = found_in(
        "reference,domain,years,owner\n"
        "R-1,a.com,1,GK521\n"
        "R-2,A.com.,1,GK521\n"
        "R-2,b.com,1,GK521\n"
        "R-4,a.com,x,GK521\n"
        "R-5,c.com,1,GK521\n");
    REQUIRE(found.texts.size() == 2);
    CHECK(found.texts[0] ==
          "a.csv:2: domain 'a.com': stands there twice, with the same kind of order; leave one of "
          "them (and in lines 3, 5; 3 rows)");
    CHECK(found.texts[1] ==
          "a.csv:3: reference 'R-2': stands there twice; give each order a reference of its own "
          "(and in line 4; 2 rows)");
    CHECK(found.newly_bad == 3);  // Line 5 is bad without it.
}

TEST_CASE("what stands once is no problem") {
    CHECK(found_in("domain,years,owner\na.com,1,GK521\nb.com,1,GK521\n").texts.empty());
}

TEST_CASE("rows that name their order are not refused for standing twice") {
    CHECK(
        found_in("domain,years,owner,order_id\na.com,1,GK521,3\na.com,1,GK521,4\n").texts.empty());
}
