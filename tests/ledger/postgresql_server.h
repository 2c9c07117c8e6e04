// A PostgreSQL server of a test's own: in the scratch folder, on a Unix socket, gone at the end.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace domspool::test {

// The server refuses to run as root: there it runs as the user postgres.
class PostgresqlServer {
  public:
    explicit PostgresqlServer(const std::string& folder);
    ~PostgresqlServer();
    PostgresqlServer(const PostgresqlServer&) = delete;
    PostgresqlServer& operator=(const PostgresqlServer&) = delete;

    // What psql complains about, empty where each statement was taken.
    std::string complaints_about(const std::vector<std::string>& statements);

  private:
    std::string folder_;
    pid_t server_ = -1;
};

}  // namespace domspool::test
