// A ledger that the programs of version 3 made, orders of every kind and state in it, migrated in
// the middle of their lives.
#include "support/orders_of_every_state.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

using namespace domspool;
using domspool::test::OrdersOfEveryState;

namespace {

// In the place of the engine's own ledger, whose runs it has as well.
void put_ledger_of_version_3(test::Engine& engine) {
    const std::string path = engine.scratch / "ledger.db";
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
    const std::string load = "sqlite3 '" + path + "' < '" + std::string(SOURCE_DIR) +
                             "/tests/workflow/older_ledger.sql'";
    REQUIRE(std::system(load.c_str()) == 0);
    // It was dumped from a backup.
    REQUIRE(std::system(("sqlite3 '" + path + "' 'UPDATE stamp SET is_copy = 0'").c_str()) == 0);
    REQUIRE(Ledger::migrate(path, engine.clock.now().utc));
}

}  // namespace

TEST_CASE("orders of every kind and state come to the same ends in a migrated ledger") {
    OrdersOfEveryState plain, migrated;
    migrated.engine.close();
    put_ledger_of_version_3(migrated.engine);
    migrated.engine.reopen();
    // Version 3 held it after three runs, for somebody else's operation.
    OrderFilter blocked;
    blocked.domain = "blocked.com";
    const OrderId order = migrated.engine.ledger().orders(blocked).at(0).id;
    CHECK(migrated.engine.state_of(order) == "held");
    release_order(test::Scene(migrated.engine).parts(), order);
    const std::string middle = plain.states();
    CHECK(migrated.states() == middle);
    for (const char* state : {" accepted", " in_progress", " waiting", " in_doubt", " held",
                              " done", " done_open_ends", " skipped", " failed", " cancelled"}) {
        CHECK_MESSAGE(middle.find(state) != std::string::npos, state);
    }
    plain.go_on();
    migrated.go_on();
    CHECK(migrated.states() == plain.states());
    CHECK(migrated.asked() == plain.asked());
    CHECK(plain.states() != middle);
}
