#include "store/connection.h"
#include "store/error_words.h"
#include "support/scratch.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <netinet/in.h>
#include <signal.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <tuple>
#include <unistd.h>

using namespace domspool;
using namespace domspool::store;
using test::Scratch;

namespace {

const Connection::Options kCreate{Access::create, true};
const Connection::Options kReadWrite{Access::read_write, true};
const Connection::Options kReadOnly{Access::read_only, true};

std::optional<StoreError> error_in(const std::function<void()>& act) {
    try {
        act();
    } catch (const StoreError& error) {
        return error;
    }
    return std::nullopt;
}

std::optional<Trouble> trouble_in(const std::function<void()>& act) {
    const auto error = error_in(act);
    return error ? std::optional(error->trouble()) : std::nullopt;
}

std::int64_t number(Connection& connection, const std::string& sql) {
    auto& asked = connection.prepare(sql);
    REQUIRE(asked.next_row());
    const auto value = asked.integer(0);
    CHECK_FALSE(asked.next_row());
    return value;
}

std::string word(Connection& connection, const std::string& sql) {
    auto& asked = connection.prepare(sql);
    REQUIRE(asked.next_row());
    const auto value = asked.text(0);
    connection.let_go();
    return value;
}

// A table with the constraints the tests break.
void make_things(Connection& connection) {
    connection.run(
        "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, "
        "size BIGINT CONSTRAINT size_is_small CHECK (size < 100), "
        "parent BIGINT REFERENCES things (id))");
}

void add_thing(Connection& connection, const std::string& name, std::int64_t size) {
    connection.prepare("INSERT INTO things (name, size) VALUES ($1, $2)")
        .bind(name)
        .bind(size)
        .run();
}

mode_t mode_of(const std::string& path) {
    struct stat state {};
    REQUIRE(::stat(path.c_str(), &state) == 0);
    return state.st_mode & 0777;
}

}  // namespace

TEST_CASE("a new database is private, logged ahead and fully synced") {
    Scratch scratch;
    const mode_t before = ::umask(0);
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    ::umask(before);
    CHECK(mode_of(scratch / "a.db") == 0600);
    CHECK(mode_of(scratch / "a.db-wal") == 0600);
    CHECK(mode_of(scratch / "a.db-shm") == 0600);
    CHECK(word(connection, "PRAGMA journal_mode") == "wal");
    CHECK(number(connection, "PRAGMA synchronous") == 2);
    CHECK(number(connection, "PRAGMA foreign_keys") == 1);
    CHECK(number(connection, "PRAGMA secure_delete") == 1);
    CHECK(number(connection, "PRAGMA busy_timeout") == 10000);
}

TEST_CASE("a database readable by others becomes private when it is opened for writing") {
    Scratch scratch;
    { Connection connection(scratch / "a.db", kCreate); }
    REQUIRE(::chmod((scratch / "a.db").c_str(), 0644) == 0);
    Connection connection(scratch / "a.db", kReadWrite);
    CHECK(mode_of(scratch / "a.db") == 0600);
}

TEST_CASE("no file of the database is inherited by a program started from here") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
        if (target.find(scratch.path().string()) == std::string::npos) continue;
        ++seen;
        const int flags = ::fcntl(std::stoi(entry.path().filename()), F_GETFD);
        CHECK_MESSAGE((flags & FD_CLOEXEC) != 0, target);
    }
    CHECK(seen == 3);
}

TEST_CASE("a path is taken as it is, whatever letters it holds") {
    Scratch scratch;
    const std::string path = scratch / "a b?mode=ro#%41&ü.db";
    {
        Connection connection(path, kCreate);
        make_things(connection);
    }
    CHECK(std::filesystem::exists(path));
    Connection again(path, kReadWrite);
    CHECK(again.has_table("things"));
}

TEST_CASE("a missing database is missing, and opening it does not make it") {
    Scratch scratch;
    CHECK(trouble_in([&] { Connection(scratch / "a.db", kReadWrite); }) == Trouble::missing);
    CHECK(trouble_in([&] { Connection(scratch / "a.db", kReadOnly); }) == Trouble::missing);
    CHECK_FALSE(std::filesystem::exists(scratch / "a.db"));
    CHECK(trouble_in([&] { Connection(scratch / "no/a.db", kCreate); }) == Trouble::not_writable);
}

TEST_CASE("a file that is no database is said to be damaged") {
    Scratch scratch;
    test::write_text(scratch / "a.db", std::string(4096, 'x'));
    CHECK(trouble_in([&] { Connection(scratch / "a.db", kReadWrite); }) == Trouble::corrupt);
}

TEST_CASE("a read-only connection reads and refuses to write") {
    Scratch scratch;
    Connection writer(scratch / "a.db", kCreate);
    make_things(writer);
    add_thing(writer, "one", 1);
    Connection reader(scratch / "a.db", kReadOnly);
    CHECK(number(reader, "SELECT COUNT(*) FROM things") == 1);
    CHECK(trouble_in([&] { add_thing(reader, "two", 2); }) == Trouble::not_writable);
    add_thing(writer, "two", 2);
    CHECK(number(reader, "SELECT COUNT(*) FROM things") == 2);
}

TEST_CASE("what was bound comes back, null only through the nullable readers") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    connection.run("CREATE TABLE kept (a BIGINT, b TEXT, c TEXT, d BIGINT, e TEXT)");
    connection.prepare("INSERT INTO kept (a, b, c, d, e) VALUES ($1, $2, $3, $4, $5)")
        .bind(std::int64_t{-9'000'000'000'000'000'000})
        .bind("line\nbreak 'quoted' \xc3\xbc")
        .bind(std::optional<std::string>())
        .bind(std::optional<std::int64_t>())
        .bind(std::optional<std::string>(""))
        .run();
    auto& row = connection.prepare("SELECT a, b, c, d, e FROM kept");
    REQUIRE(row.next_row());
    CHECK(row.integer(0) == -9'000'000'000'000'000'000);
    CHECK(row.text(1) == "line\nbreak 'quoted' \xc3\xbc");
    CHECK_FALSE(row.text_or_null(2));
    CHECK_FALSE(row.integer_or_null(3));
    CHECK(row.text_or_null(4) == "");
    CHECK(trouble_in([&] { std::ignore = row.text(2); }) == Trouble::corrupt);
    CHECK(trouble_in([&] { std::ignore = row.integer(3); }) == Trouble::corrupt);
    CHECK(trouble_in([&] { std::ignore = row.integer(1); }) == Trouble::corrupt);
    CHECK(trouble_in([&] { std::ignore = row.text(0); }) == Trouble::corrupt);
}

TEST_CASE("a parameter used twice is bound once, in order of first appearance") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    auto& asked = connection.prepare("SELECT $1 || $2 || $1 AS joined").bind("a").bind("b");
    REQUIRE(asked.next_row());
    CHECK(asked.text(0) == "aba");
}

TEST_CASE("a text with a NUL byte is refused, not cut") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    const auto error = error_in([&] { add_thing(connection, std::string("a\0b", 3), 1); });
    REQUIRE(error);
    CHECK(error->trouble() == Trouble::other);
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 0);
}

TEST_CASE("a forgotten binding is our bug, not a NULL") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    auto& asked = connection.prepare("SELECT $1 + $2");
    asked.bind(1);
    CHECK_THROWS_AS(asked.next_row(), std::logic_error);
    CHECK_THROWS_AS(connection.prepare("SELECT 1; SELECT 2"), std::logic_error);
}

TEST_CASE("errors name the constraint and never the row") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    add_thing(connection, "sesame-opens", 1);

    const auto twice = error_in([&] { add_thing(connection, "sesame-opens", 1); });
    REQUIRE(twice);
    CHECK(twice->trouble() == Trouble::unique_broken);
    CHECK(std::string(twice->what()).find("things.name") != std::string::npos);
    CHECK(std::string(twice->what()).find("sesame") == std::string::npos);

    const auto large = error_in([&] { add_thing(connection, "large", 100); });
    REQUIRE(large);
    CHECK(large->trouble() == Trouble::constraint_broken);
    CHECK(std::string(large->what()).find("size_is_small") != std::string::npos);

    CHECK(trouble_in([&] {
              connection.run("INSERT INTO things (name, parent) VALUES ('child', 77)");
          }) == Trouble::constraint_broken);
    CHECK(trouble_in([&] { connection.run("INSERT INTO things (name) VALUES (NULL)"); }) ==
          Trouble::constraint_broken);
    const auto wrong = error_in([&] { connection.run("SELECT 'sesame' FROM nowhere"); });
    REQUIRE(wrong);
    CHECK(wrong->trouble() == Trouble::other);
    CHECK(std::string(wrong->what()).find("nowhere") == std::string::npos);
}

TEST_CASE("a statement that failed can be used again") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    add_thing(connection, "one", 1);
    CHECK(trouble_in([&] { add_thing(connection, "one", 1); }) == Trouble::unique_broken);
    add_thing(connection, "two", 2);
    CHECK(connection.rows_changed() == 1);
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 2);
}

TEST_CASE("a transaction that is not committed leaves nothing") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    {
        Transaction transaction(connection);
        add_thing(connection, "one", 1);
    }
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 0);
    {
        Transaction transaction(connection);
        add_thing(connection, "two", 2);
        transaction.commit();
    }
    Connection other(scratch / "a.db", kReadOnly);
    CHECK(word(other, "SELECT name FROM things") == "two");
}

TEST_CASE("a savepoint that is not kept takes only its own with it") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    Transaction transaction(connection);
    {
        Savepoint kept(connection);
        add_thing(connection, "kept", 1);
        {
            Savepoint inner(connection);
            add_thing(connection, "inner", 1);
        }
        kept.keep();
    }
    {
        Savepoint dropped(connection);
        add_thing(connection, "dropped", 1);
        // A row unread does not stand in the way.
        CHECK(connection.prepare("SELECT name FROM things").next_row());
    }
    transaction.commit();
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 1);
    CHECK(word(connection, "SELECT name FROM things") == "kept");
}

TEST_CASE("rows left unread do not keep an old picture through the next transaction") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    add_thing(connection, "one", 1);
    add_thing(connection, "two", 2);
    CHECK(connection.prepare("SELECT name FROM things").next_row());
    Connection other(scratch / "a.db", kReadWrite);
    add_thing(other, "three", 3);
    Transaction transaction(connection);  // Would fail with a snapshot that is too old.
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 3);
}

TEST_CASE("a full disk ends the transaction and nothing of it is committed alone") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    connection.run("PRAGMA max_page_count = 20");
    const std::string large(3000, 'x');
    {
        Transaction transaction(connection);
        bool is_full = false;
        {
            Savepoint savepoint(connection);
            for (int i = 0; i < 200 && !is_full; ++i) {
                is_full = trouble_in([&] {
                              add_thing(connection, large + std::to_string(i), 1);
                          }) == Trouble::full_or_io;
            }
        }
        REQUIRE(is_full);
        if (transaction.is_lost()) {
            CHECK(trouble_in([&] { add_thing(connection, "later", 1); }) == Trouble::full_or_io);
            CHECK(trouble_in([&] { transaction.commit(); }) == Trouble::full_or_io);
        }
    }
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 0);
    add_thing(connection, "small", 1);
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 1);
}

TEST_CASE("a transaction the database ended by itself accepts nothing more") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    {
        Transaction transaction(connection);
        {
            Savepoint savepoint(connection);
            add_thing(connection, "one", 1);
            // What SQLite does by itself on some I/O errors.
            CHECK(trouble_in([&] {
                      connection.run("INSERT OR ROLLBACK INTO things (name) VALUES ('one')");
                  }) == Trouble::unique_broken);
        }
        CHECK(transaction.is_lost());
        CHECK(trouble_in([&] { add_thing(connection, "two", 2); }) == Trouble::full_or_io);
        CHECK(trouble_in([&] { transaction.commit(); }) == Trouble::full_or_io);
    }
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 0);
    Transaction next(connection);
    add_thing(connection, "three", 3);
    next.commit();
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 1);
}

TEST_CASE("a database held by another connection is busy") {
    Scratch scratch;
    Connection first(scratch / "a.db", kCreate);
    Connection second(scratch / "a.db", kReadWrite);
    second.run("PRAGMA busy_timeout = 20");
    Transaction holds(first);
    CHECK(trouble_in([&] { Transaction waits(second); }) == Trouble::busy);
    holds.commit();
    Transaction now(second);
    now.commit();
}

// Was "the database refused" and, as our own bug, exit code 70.
TEST_CASE("a lock of the log that is not to be had for long means busy") {
    CHECK(trouble_of(SQLITE_PROTOCOL) == Trouble::busy);
}

TEST_CASE("the log is cut to nothing") {
    Scratch scratch;
    Connection connection(scratch / "a.db", kCreate);
    make_things(connection);
    add_thing(connection, "open-sesame-77", 1);
    connection.run("UPDATE things SET name = '(wiped)'");
    CHECK(test::read_text(scratch / "a.db-wal").find("open-sesame-77") != std::string::npos);
    CHECK(connection.cut_log());
    CHECK(std::filesystem::file_size(scratch / "a.db-wal") == 0);
    CHECK(test::read_text(scratch / "a.db").find("open-sesame-77") == std::string::npos);
}

TEST_CASE("what a killed process did not commit is not there, what it committed is") {
    Scratch scratch;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        Connection connection(scratch / "a.db", kCreate);
        make_things(connection);
        add_thing(connection, "committed", 1);
        Transaction transaction(connection);
        add_thing(connection, "open", 1);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    Connection connection(scratch / "a.db", kReadWrite);
    CHECK(number(connection, "SELECT COUNT(*) FROM things") == 1);
    CHECK(word(connection, "SELECT name FROM things") == "committed");
}

namespace {

// A server on loopback that speaks no TLS: what a client says after it was told so. "": it leaves.
std::string said_in_clear(const std::string& parameters) {
    const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listening, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listening, 1) == 0);
    REQUIRE(::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    std::string said;
    std::thread server([&] {
        const int client = ::accept(listening, nullptr, nullptr);
        char asked[8];  // For TLS.
        if (::recv(client, asked, sizeof asked, MSG_WAITALL) == 8) {
            std::ignore = ::send(client, "N", 1, MSG_NOSIGNAL);
            char bytes[256];
            const auto count = ::recv(client, bytes, sizeof bytes, 0);
            if (count > 0) said.assign(bytes, static_cast<std::size_t>(count));
        }
        ::close(client);
    });
    const std::string place = "postgresql://somebody@/db?hostaddr=127.0.0.1&port=" +
                              std::to_string(ntohs(address.sin_port)) + parameters;
    CHECK(trouble_in([&] { Connection connection(place, kReadWrite); }).has_value());
    server.join();
    ::close(listening);
    return said;
}

}  // namespace

TEST_CASE("a database server over a network is told nothing before it has shown its certificate") {
    CHECK(said_in_clear("&host=db.example.net") == "");
    // On this machine, or where the address says so.
    CHECK(said_in_clear("").find("somebody") != std::string::npos);
    CHECK(said_in_clear("&host=db.example.net&sslmode=prefer").find("somebody") !=
          std::string::npos);
}
