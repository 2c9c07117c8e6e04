#include "store/migration.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <string>

using namespace domspool;
using namespace domspool::store;
using test::Scratch;

namespace {

const Migration kFirst{1, "boxes", {"CREATE TABLE boxes (id BIGINT NOT NULL PRIMARY KEY)"}};
const Migration kSecond{2,
                        "lids",
                        {"ALTER TABLE boxes ADD COLUMN lid TEXT",
                         "CREATE TABLE lids (id BIGINT NOT NULL PRIMARY KEY)"}};
const Migration kBroken{2, "broken", {"CREATE TABLE lids (id BIGINT)", "CREATE NONSENSE"}};

}  // namespace

TEST_CASE("a list of versions is applied once, and later ones are added") {
    test::Scratch scratch;
    Connection connection(scratch / "a.db", {Access::create, true});
    CHECK(version_of(connection) == 0);
    CHECK(migrate(connection, {kFirst}) == 0);
    CHECK(version_of(connection) == 1);
    CHECK(migrate(connection, {kFirst}) == 1);
    CHECK(migrate(connection, {kFirst, kSecond}) == 1);
    CHECK(version_of(connection) == 2);
    CHECK(connection.has_table("lids"));
}

TEST_CASE("a migration that fails changes nothing") {
    Scratch scratch;
    Connection connection(scratch / "a.db", {Access::create, true});
    migrate(connection, {kFirst});
    CHECK_THROWS_AS(migrate(connection, {kFirst, kBroken}), StoreError);
    CHECK(version_of(connection) == 1);
    CHECK_FALSE(connection.has_table("lids"));
    migrate(connection, {kFirst, kSecond});
    CHECK(connection.has_table("lids"));
}

TEST_CASE("a database newer than the list is refused") {
    Scratch scratch;
    Connection connection(scratch / "a.db", {Access::create, true});
    migrate(connection, {kFirst, kSecond});
    CHECK_THROWS_WITH_AS(migrate(connection, {kFirst}),
                         "the database is of version 2, newer than this program knows (1)",
                         StoreError);
}
