// A PostgreSQL server of a test's own: in the scratch folder, on a Unix socket, gone at the end.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace domspool::test {

// Scratch folders made from now on are in memory, if that has room and TMPDIR says nothing else:
// the server syncs, since nothing else is entrusted with a ledger, and each database it makes costs
// many syncs.
void prefer_memory();

// The server refuses to run as root: there it runs as the user postgres.
class PostgresqlServer {
  public:
    explicit PostgresqlServer(const std::string& folder);
    ~PostgresqlServer();
    PostgresqlServer(const PostgresqlServer&) = delete;
    PostgresqlServer& operator=(const PostgresqlServer&) = delete;

    // What psql complains about, empty where each statement was taken.
    std::string complaints_about(const std::vector<std::string>& statements);
    // A new database as a ledger wants it, as `ledger:` names it; `files` is where its files go.
    std::string new_ledger(const std::string& files);
    // Its own, which only its user may enter; the files of ledgers may lie here.
    const std::string& folder() const { return folder_; }
    // The database itself, for a connection of the test's own.
    std::string database(const std::string& name) const;
    // As pg_dump has it, also while programs are at work; and put back in the database's place.
    void dump(const std::string& name);
    void put_back(const std::string& name);
    // Of programs that have a ledger here: how many there are, and each broken off.
    int sessions();
    void end_sessions();
    // Killed, and started again with these settings ("fsync=off").
    void crash();
    void start(const std::vector<std::string>& settings = {});

  private:
    std::string answer_to(const std::string& question);
    int psql(const std::vector<std::string>& arguments, const std::string& output);

    std::string folder_;
    pid_t server_ = -1;
    int ledgers_ = 0;
};

}  // namespace domspool::test
