#include "store/connection.h"
#include "store/online_backup.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <sys/stat.h>

using namespace domspool;
using namespace domspool::store;
using test::Scratch;

namespace {

std::int64_t count_boxes(Connection& connection) {
    auto& asked = connection.prepare("SELECT COUNT(*) FROM boxes");
    REQUIRE(asked.next_row());
    const auto count = asked.integer(0);
    connection.let_go();
    return count;
}

void fill(Connection& connection) {
    connection.run("CREATE TABLE boxes (id BIGINT NOT NULL PRIMARY KEY)");
    for (int i = 0; i < 50; ++i) {
        connection.prepare("INSERT INTO boxes (id) VALUES ($1)").bind(i).run();
    }
}

}  // namespace

TEST_CASE("a backup holds what is committed, the log included, and is one private file") {
    Scratch scratch;
    Connection connection(scratch / "a.db", {Access::create, true});
    fill(connection);
    Connection other(scratch / "a.db", {Access::read_write, true});
    Transaction open(other);  // Another program at work does not stand in the way.
    other.run("DELETE FROM boxes");
    connection.back_up_to(scratch / "copy.db");

    struct stat state {};
    REQUIRE(::stat((scratch / "copy.db").c_str(), &state) == 0);
    CHECK((state.st_mode & 0777) == 0600);
    CHECK_FALSE(std::filesystem::exists(scratch / "copy.db-wal"));
    CHECK_FALSE(std::filesystem::exists(scratch / ".copy.db.tmp"));
    Connection copy(scratch / "copy.db", {Access::read_only, true});
    CHECK(count_boxes(copy) == 50);
}

TEST_CASE("a backup never overwrites a file and leaves no half one") {
    Scratch scratch;
    Connection connection(scratch / "a.db", {Access::create, true});
    fill(connection);
    test::write_text(scratch / "copy.db", "older");
    CHECK_THROWS_AS(connection.back_up_to(scratch / "copy.db"), StoreError);
    CHECK(test::read_text(scratch / "copy.db") == "older");
    CHECK_FALSE(std::filesystem::exists(scratch / ".copy.db.tmp"));
    CHECK_THROWS_AS(connection.back_up_to(scratch / "no/copy.db"), StoreError);
}

TEST_CASE("what a backup that died left behind is no hindrance") {
    Scratch scratch;
    Connection connection(scratch / "a.db", {Access::create, true});
    fill(connection);
    test::write_text(scratch / ".copy.db.tmp", "half");
    connection.back_up_to(scratch / "copy.db");
    Connection copy(scratch / "copy.db", {Access::read_only, true});
    CHECK(count_boxes(copy) == 50);
}
