#include "app/secret_place.h"
#include "support/scratch.h"
#include "util/failure.h"
#include "util/redact.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <sys/stat.h>

using namespace domspool;
using domspool::test::Scratch;
using domspool::test::write_text;

namespace {

SecretPlace in_file(const std::string& path) {
    SecretPlace place;
    place.file = path;
    return place;
}

std::string private_file(const Scratch& scratch, const std::string& text) {
    const std::string path = scratch / "secret";
    write_text(path, text);
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    return path;
}

RunFailure failure_of(const SecretPlace& place) {
    try {
        read_secret(place, "registrar");
    } catch (const RunFailure& failure) {
        return failure;
    }
    return {ExitCode::all_well, "no failure"};
}

}  // namespace

TEST_CASE("a secret file gives its one line without the line's end") {
    const Scratch scratch;
    CHECK(read_secret(in_file(private_file(scratch, "s3cret word\n")), "registrar").reveal() ==
          "s3cret word");
    CHECK(read_secret(in_file(private_file(scratch, " blanks \r\n")), "registrar").reveal() ==
          " blanks ");
}

TEST_CASE("a secret that was read is taken out of every text") {
    const Scratch scratch;
    read_secret(in_file(private_file(scratch, "remembered-from-file\n")), "registrar");
    CHECK(redact::clean("password=remembered-from-file") == "password=(secret)");
}

TEST_CASE("a secret file that others may read is not used") {
    const Scratch scratch;
    const std::string path = private_file(scratch, "s3cret\n");
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    const RunFailure failure = failure_of(in_file(path));
    CHECK(failure.code() == ExitCode::no_permission);
    CHECK(std::string(failure.what()).find("chmod") != std::string::npos);
    CHECK(std::string(failure.what()).find("s3cret") == std::string::npos);
}

TEST_CASE("an empty secret, several lines and a missing file are refused") {
    const Scratch scratch;
    CHECK(failure_of(in_file(private_file(scratch, "\n"))).code() == ExitCode::settings_or_ledger);
    CHECK(failure_of(in_file(private_file(scratch, "one\ntwo\n"))).code() ==
          ExitCode::settings_or_ledger);
    const RunFailure missing = failure_of(in_file(scratch / "missing"));
    CHECK(missing.code() == ExitCode::settings_or_ledger);
    CHECK(std::string(missing.what()).find("registrar.secret_file") != std::string::npos);
}

TEST_CASE("no place for the secret names the three there are") {
    const RunFailure failure = failure_of(SecretPlace{});
    CHECK(failure.code() == ExitCode::settings_or_ledger);
    for (const char* key : {"secret_file", "secret_env", "secret_credential"}) {
        CHECK(std::string(failure.what()).find(key) != std::string::npos);
    }
}

TEST_CASE("an environment variable gives the secret") {
    SecretPlace place;
    place.variable = "DOMSPOOL_TEST_SECRET";
    ::unsetenv("DOMSPOOL_TEST_SECRET");
    CHECK(failure_of(place).code() == ExitCode::settings_or_ledger);
    ::setenv("DOMSPOOL_TEST_SECRET", "from the environment", 1);
    CHECK(read_secret(place, "registrar").reveal() == "from the environment");
    ::unsetenv("DOMSPOOL_TEST_SECRET");
}

TEST_CASE("a systemd credential gives the secret") {
    const Scratch scratch;
    private_file(scratch, "from systemd\n");
    SecretPlace place;
    place.credential = "secret";
    ::unsetenv("CREDENTIALS_DIRECTORY");
    CHECK(failure_of(place).code() == ExitCode::settings_or_ledger);
    ::setenv("CREDENTIALS_DIRECTORY", scratch.path().c_str(), 1);
    CHECK(read_secret(place, "registrar").reveal() == "from systemd");
    ::unsetenv("CREDENTIALS_DIRECTORY");
}
