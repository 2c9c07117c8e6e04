#include "ledger/ledger_place.h"

#include <doctest/doctest.h>

using namespace domspool;

TEST_CASE("a ledger in a file is its own place, and its files begin with its path") {
    const std::string path = "/var/lib/domspool/ledger.db";
    CHECK_FALSE(is_in_postgresql(path));
    CHECK(database_of(path) == path);
    CHECK(files_beside(path) == path);
    CHECK(fault_of_place(path) == "");
    CHECK(fault_of_place("ledger.db") == "must be an absolute path, not 'ledger.db'");
}

TEST_CASE("of a ledger in PostgreSQL each machine keeps files named by host and database") {
    const std::string there = "postgresql://domspool@db.example.net:5433/orders";
    CHECK(is_in_postgresql(there));
    CHECK(database_of(there) == there);
    CHECK(files_beside(there) == "/var/lib/domspool/db.example.net-5433-orders");
    CHECK(files_beside("postgres:///orders?host=/var/run/postgresql") ==
          "/var/lib/domspool/-var-run-postgresql-orders");
    CHECK(files_beside("postgresql:///orders") == "/var/lib/domspool/local-orders");
}

TEST_CASE("the folder of these files is the ledger's affair, the rest of the address libpq's") {
    const std::string place =
        "postgresql://db.example.net/orders?files=/srv/x&sslmode=verify-full&connect_timeout=3";
    CHECK(files_beside(place) == "/srv/x/db.example.net-orders");
    CHECK(database_of(place) ==
          "postgresql://db.example.net/orders?sslmode=verify-full&connect_timeout=3");
    CHECK(fault_of_place(place) == "");
    CHECK(database_of("postgresql://h/orders?sslmode=require&files=/srv/x") ==
          "postgresql://h/orders?sslmode=require");
    CHECK(database_of("postgresql://h/orders?files=/srv/x") == "postgresql://h/orders");
}

TEST_CASE("an address without a host stays one: it is this machine's server") {
    for (const char* place : {"postgresql:///orders", "postgres:///orders",
                              "postgresql:///orders?host=/var/run/postgresql"}) {
        CAPTURE(place);
        CHECK(database_of(place) == place);
        CHECK(is_in_postgresql(database_of(place)));
    }
    CHECK(database_of("postgresql:///orders?files=/srv/x&host=/var/run/postgresql") ==
          "postgresql:///orders?host=/var/run/postgresql");
}

TEST_CASE("two servers of one machine have files of their own") {
    CHECK(files_beside("postgresql:///orders?host=/run/pg&port=5433") ==
          "/var/lib/domspool/-run-pg-5433-orders");
    CHECK(files_beside("postgresql:///orders?hostaddr=127.0.0.1&port=5434") ==
          "/var/lib/domspool/127.0.0.1-5434-orders");
}

TEST_CASE("a name cannot lead out of the folder") {
    CHECK(files_beside("postgresql://h/..%2F..%2Fetc%2Fpasswd") ==
          "/var/lib/domspool/h-..-..-etc-passwd");
}

TEST_CASE("an address that is none, or says too much, is refused with the reason") {
    const auto is_refused_for = [](const char* place, const char* reason) {
        return fault_of_place(place).find(reason) != std::string::npos;
    };
    CHECK(is_refused_for("postgresql://user:secret@host/db", "holds a password"));
    CHECK(fault_of_place("postgresql://user:secret@host/db").find("secret") == std::string::npos);
    CHECK(is_refused_for("postgresql://host/db?password=secret", "holds a password"));
    CHECK(is_refused_for("postgresql://host/db?sslpassword=secret", "holds a password"));
    CHECK(is_refused_for("postgresql://host/db?options=-csearch_path%3Dx", "has options="));
    CHECK(is_refused_for("postgresql://one,two/db", "names several servers"));
    CHECK(is_refused_for("postgresql:///db?host=one,two", "names several servers"));
    CHECK(is_refused_for("postgresql://host", "names no database"));
    CHECK(is_refused_for("postgresql://host/", "names no database"));
    CHECK(is_refused_for("postgresql://host/db?files=here", "absolute folder"));
    CHECK(is_refused_for("postgresql://[::1/db", "no address"));
}
