#include "store/migration.h"

#include "util/failure.h"

namespace domspool::store {

namespace {

void require_counting(const std::vector<Migration>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        DOMSPOOL_ASSERT(list[i].version == static_cast<int>(i) + 1);
    }
}

}  // namespace

int version_of(Connection& connection) {
    if (!connection.has_table("schema_versions")) return 0;
    auto& asked = connection.prepare("SELECT COALESCE(MAX(version), 0) FROM schema_versions");
    const bool is_there = asked.next_row();
    DOMSPOOL_ASSERT(is_there);
    const auto version = static_cast<int>(asked.integer(0));
    std::ignore = asked.next_row();  // To its end, which lets go of the database.
    return version;
}

int migrate(Connection& connection, const std::vector<Migration>& list) {
    Transaction transaction(connection);
    const int before = migrate_in_transaction(connection, list);
    transaction.commit();
    return before;
}

int migrate_in_transaction(Connection& connection, const std::vector<Migration>& list) {
    require_counting(list);
    const int before = version_of(connection);
    if (before > static_cast<int>(list.size())) {
        throw StoreError(Trouble::other, "the database is of version " + std::to_string(before) +
                                             ", newer than this program knows (" +
                                             std::to_string(list.size()) + ")");
    }
    if (before == 0) {
        connection.run(
            "CREATE TABLE IF NOT EXISTS schema_versions "
            "(version BIGINT NOT NULL PRIMARY KEY, what TEXT NOT NULL)");
    }
    for (std::size_t i = static_cast<std::size_t>(before); i < list.size(); ++i) {
        for (const std::string& statement : list[i].statements) connection.run(statement);
        if (list[i].then) list[i].then(connection);
        connection.prepare("INSERT INTO schema_versions (version, what) VALUES ($1, $2)")
            .bind(list[i].version)
            .bind(list[i].what)
            .run();
    }
    return before;
}

}  // namespace domspool::store
