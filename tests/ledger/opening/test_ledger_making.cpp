#include "ledger/ledger_care.h"
#include "ledger/ledger_case.h"
#include "ledger/opening/ledger_making.h"
#include "ledger/runs/open_locks.h"
#include "ledger/sql/row_readers.h"
#include "ledger/sql/schema.h"
#include "support/not_run.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace domspool;
using namespace domspool::test;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat state {};
    REQUIRE(::stat(path.c_str(), &state) == 0);
    return state.st_mode & 0777;
}

bool says(const std::optional<RunFailure>& failure, const std::string& words) {
    return failure && std::string(failure->what()).find(words) != std::string::npos;
}

std::optional<RunFailure> refusal(const std::string& path, const LedgerStamp& stamp = kStamp) {
    return failure_in([&] { Ledger::open(path, stamp); });
}

void change(const std::string& path, const std::string& sql) {
    store::Connection connection(path, {store::Access::read_write, true});
    connection.run(sql);
}

// A ledger of that version with one order, in the place of the one that is there.
void make_older(const std::string& path, int version) {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
    auto versions = ledger_versions(store::Dialect::sqlite);
    versions.resize(static_cast<std::size_t>(version));
    store::Connection connection(path, {store::Access::create, true});
    std::ignore = store::migrate(connection, versions);
    const std::string now = "'" + to_iso(utc(0)) + "'";
    for (const std::string& sql :
         {"INSERT INTO stamp (ledger_id, endpoint_host, reseller_id, created_at) VALUES ('1', '" +
              kStamp.endpoint_host + "', '" + kStamp.reseller_id + "', " + now + ")",
          "INSERT INTO runs (run_id, program, sends, begun_at, boot_id, since_boot, ended_at) "
          "VALUES (1, 'test', 1, " +
              now + ", 'boot-one', 0, " + now + ")",
          "INSERT INTO batches (batch_id, name, content_hash, run_id, taken_at, complete) "
          "VALUES (1, 'old.csv', 'hash', 1, " +
              now + ", 1)",
          "INSERT INTO orders (order_id, batch_id, line, kind, domain, reference, fields, state, "
          "accepted_at, changed_at) VALUES (7, 1, 2, 'register', 'one.example', '', '', "
          "'accepted', " +
              now + ", " + now + ")"}) {
        connection.run(sql);
    }
}

}  // namespace

TEST_CASE("init makes a ledger once, with its folder, and private") {
    Scratch scratch;
    const std::string path = scratch / "deep/down/ledger.db";
    const mode_t before = ::umask(0);
    CHECK(Ledger::init(path, kStamp, utc(0)));
    CHECK_FALSE(Ledger::init(path, kStamp, utc(9)));
    {
        const auto ledger = Ledger::open(path, kStamp);
        const auto run = ledger->begin_run("test", Sends::yes, at(0));
        CHECK(mode_of(path) == 0600);
        CHECK(mode_of(path + ".runs") == 0600);
        CHECK(mode_of(path + "-wal") == 0600);
        CHECK(mode_of(path + ".spill-1") == 0600);
        CHECK(mode_of(scratch / "deep/down") == 0700);
    }
    ::umask(before);
}

TEST_CASE("nothing of an open ledger is inherited by a program started from here") {
    LedgerCase with;
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
        if (target.find(with.scratch().path().string()) == std::string::npos) continue;
        ++seen;
        const int flags = ::fcntl(std::stoi(entry.path().filename()), F_GETFD);
        CHECK_MESSAGE((flags & FD_CLOEXEC) != 0, target);
    }
    CHECK(seen >= 4);  // The database, its log, the locks, the spill file.
}

TEST_CASE("init refuses a ledger of another account") {
    Scratch scratch;
    Ledger::init(scratch / "ledger.db", kStamp, utc(0));
    const auto failure = failure_in([&] {
        Ledger::init(scratch / "ledger.db", {"api.registrar.example", "CD4"}, utc(0));
    });
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::settings_or_ledger);
}

TEST_CASE("init does not put an empty ledger in the place of a lost one") {
    LedgerCase with;
    with.close();
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(with.path() + end);
    const auto failure = failure_in([&] { Ledger::init(with.path(), kStamp, utc(0)); });
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::settings_or_ledger);
    CHECK(says(failure, "domain-orders restore-ledger"));
}

TEST_CASE("init goes on where a killed init stopped") {
    Scratch scratch;
    const std::string path = scratch / "ledger.db";
    { const auto locks = open_locks(path, ByteLockFile::IfMissing::create); }
    CHECK(says(refusal(path), "domain-orders init"));
    { store::Connection empty(path, {store::Access::create, true}); }
    CHECK(says(refusal(path), "domain-orders init"));
    CHECK(Ledger::init(path, kStamp, utc(0)));
    CHECK_FALSE(refusal(path));
}

TEST_CASE("a missing ledger is refused with the command that makes it, and is not made") {
    Scratch scratch;
    const auto failure = refusal(scratch / "ledger.db");
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::settings_or_ledger);
    CHECK(says(failure, "domain-orders init"));
    CHECK(std::filesystem::is_empty(scratch.path()));
    CHECK(failure_in([&] { Ledger::open_read_only(scratch / "ledger.db", kStamp); }));
    CHECK(std::filesystem::is_empty(scratch.path()));
}

TEST_CASE("a ledger of another account or endpoint is refused, both shown") {
    Scratch scratch;
    const std::string path = scratch / "ledger.db";
    Ledger::init(path, kStamp, utc(0));
    const auto account = refusal(path, {"api.registrar.example", "CD456"});
    REQUIRE(account);
    CHECK(account->code() == ExitCode::settings_or_ledger);
    CHECK(says(account, "AB123"));
    CHECK(says(account, "CD456"));
    const auto endpoint = refusal(path, {"test.registrar.example", "AB123"});
    REQUIRE(endpoint);
    CHECK(says(endpoint, "api.registrar.example"));
    CHECK(says(endpoint, "test.registrar.example"));
}

TEST_CASE("a newer ledger is refused, an older one names migrate") {
    Scratch scratch;
    const std::string path = scratch / "ledger.db";
    Ledger::init(path, kStamp, utc(0));
    change(path, "INSERT INTO schema_versions (version, what) VALUES (99, 'later')");
    const auto newer = refusal(path);
    REQUIRE(newer);
    CHECK(newer->code() == ExitCode::settings_or_ledger);
    CHECK(says(newer, "99"));
    CHECK_FALSE(says(newer, "migrate"));
}

TEST_CASE("a file that is no ledger is refused and left as it is") {
    Scratch scratch;
    const std::string path = scratch / "ledger.db";
    write_text(path, std::string(8192, 'x'));
    write_text(path + ".runs", "");
    const auto failure = refusal(path);
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::settings_or_ledger);
    CHECK(says(failure, "domain-orders restore-ledger"));
    CHECK(read_text(path) == std::string(8192, 'x'));
}

TEST_CASE("a ledger without its .runs file is refused") {
    LedgerCase with;
    with.close();
    std::filesystem::remove(with.path() + ".runs");
    const auto failure = refusal(with.path());
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::settings_or_ledger);
    CHECK(says(failure, "domain-orders reconcile"));
}

TEST_CASE("init and migrate make no .runs file beside a ledger that lost it") {
    LedgerCase with;
    with.close();
    std::filesystem::remove(with.path() + ".runs");
    auto newer = ledger_versions(store::Dialect::sqlite);
    newer.push_back({schema::kVersion + 1, "nothing", {}});
    for (const auto& failure : {failure_in([&] { Ledger::init(with.path(), kStamp, utc(1)); }),
                                failure_in([&] { migrate_ledger(with.path(), utc(1), newer); })}) {
        REQUIRE(failure);
        CHECK(failure->code() == ExitCode::settings_or_ledger);
        CHECK(std::string(failure->what()).find("domain-orders reconcile") != std::string::npos);
    }
    CHECK_FALSE(std::filesystem::exists(with.path() + ".runs"));
}

TEST_CASE("a damaged .runs file is refused") {
    LedgerCase with;
    with.close();
    write_text(with.path() + ".runs", "domspool-runs one\n");
    CHECK(says(refusal(with.path()), "domain-orders reconcile"));
}

TEST_CASE("a ledger copied before the last sending run is refused") {
    LedgerCase with;
    with.close();
    std::filesystem::copy_file(with.path(), with.scratch() / "copy.db");
    CHECK_FALSE(refusal(with.path()));  // Its last run is known to it.
    with.reopen();
    with.close();
    std::filesystem::copy_file(with.scratch() / "copy.db", with.path(),
                               std::filesystem::copy_options::overwrite_existing);
    const auto failure = refusal(with.path());
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::settings_or_ledger);
    CHECK(says(failure, "domain-orders reconcile"));
}

TEST_CASE("runs that send nothing do not make a copy look old") {
    LedgerCase with;
    with.close();
    std::filesystem::copy_file(with.path(), with.scratch() / "copy.db");
    {
        const auto ledger = Ledger::open(with.path(), kStamp);
        const auto run = ledger->begin_run("domain-orders", Sends::no, at(5));
        CHECK(run->id() == 2);
    }
    std::filesystem::copy_file(with.scratch() / "copy.db", with.path(),
                               std::filesystem::copy_options::overwrite_existing);
    CHECK_FALSE(refusal(with.path()));
}

TEST_CASE("a backup holds what was committed and is refused when it is put back") {
    LedgerCase with;
    const OrderId order = with.done_order("one.example");
    // The run at work is known to both, and yet the backup misses what comes now.
    Ledger::back_up(with.path(), with.scratch() / "backup.db");
    CHECK(mode_of(with.scratch() / "backup.db") == 0600);
    CHECK_FALSE(std::filesystem::exists(with.scratch() / "backup.db-wal"));
    with.close();
    std::filesystem::copy_file(with.scratch() / "backup.db", with.path(),
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(with.number("SELECT COUNT(*) FROM orders WHERE state = 'done'") == 1);
    CHECK(with.number("SELECT order_id FROM orders") == order);
    CHECK(says(refusal(with.path()), "domain-orders reconcile"));
}

TEST_CASE("a backup never goes over an existing file") {
    LedgerCase with;
    write_text(with.scratch() / "backup.db", "precious");
    const auto failure =
        failure_in([&] { Ledger::back_up(with.path(), with.scratch() / "backup.db"); });
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::cannot_create);
    CHECK(read_text(with.scratch() / "backup.db") == "precious");
}

TEST_CASE("a ledger of this version is not migrated") {
    LedgerCase with;
    CHECK_FALSE(Ledger::migrate(with.path(), utc(0)));
    Scratch empty;
    CHECK(says(failure_in([&] { Ledger::migrate(empty / "ledger.db", utc(0)); }),
               "domain-orders init"));
}

TEST_CASE("migration keeps a backup, waits for live runs, and reaches the newest version") {
    LedgerCase with;
    const OrderId order = with.order_for("one.example");
    auto versions = ledger_versions(store::Dialect::sqlite);
    versions.push_back(
        {schema::kVersion + 1, "a column more", {"ALTER TABLE runs ADD COLUMN host TEXT"}});

    const auto failure = failure_in([&] { migrate_ledger(with.path(), utc(0), versions); });
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::try_later);

    with.close();
    const auto backup = migrate_ledger(with.path(), utc(0), versions);
    REQUIRE(backup);
    CHECK(with.number("SELECT MAX(version) FROM schema_versions") == schema::kVersion + 1);
    CHECK(with.number("SELECT order_id FROM orders") == order);
    CHECK(with.number("SELECT COUNT(host) FROM runs") == 0);
    store::Connection old(*backup, {store::Access::read_only, true});
    CHECK(store::version_of(old) == schema::kVersion);
    CHECK_FALSE(migrate_ledger(with.path(), utc(0), versions));
    CHECK(says(refusal(with.path()), "version " + std::to_string(schema::kVersion + 1)));
}

TEST_CASE("each older version becomes the newest one, and its orders stay") {
    for (int version = 1; version < schema::kVersion; ++version) {
        CAPTURE(version);
        LedgerCase with;
        with.close();
        make_older(with.path(), version);
        CHECK(says(refusal(with.path()), "domain-orders migrate"));
        CHECK(Ledger::migrate(with.path(), utc(0)));
        with.reopen();
        CHECK(with.ledger().order(7).domain.ascii() == "one.example");
        CHECK_FALSE(with.ledger().sending_hold());
        CHECK(ledger_care::verify(with.path(), kStamp) == std::vector<std::string>{});
    }
}

TEST_CASE("what version 3 told by the beginning of a sentence is told in values") {
    LedgerCase with;
    with.close();
    make_older(with.path(), 3);
    {
        store::Connection old(with.path(), {store::Access::read_write, true});
        const std::string now = "'" + to_iso(utc(0)) + "'";
        const auto hold = [&](const std::string& order, const std::string& reason) {
            old.run(
                "INSERT INTO orders (order_id, batch_id, line, kind, domain, reference, fields, "
                "state, reason, accepted_at, changed_at) VALUES (" +
                order + ", 1, " + order + ", 'register', 'd.example', '', '', 'held', '" + reason +
                "', " + now + ", " + now + ")");
        };
        const auto step = [&](int position, const std::string& function, const std::string& state,
                              const std::string& note) {
            old.run(
                "INSERT INTO steps (order_id, position, phase, function, arguments, state, note) "
                "VALUES (71, " +
                std::to_string(position) + ", 'main', '" + function + "', '', '" + state + "', '" +
                note + "')");
        };
        hold("71", "queryOpe gives no answer about operation 4711 (E16)");
        hold("72", "paused by ada");
        step(1, "domainCreate", "done", "adopted operation 4711");
        step(2, "readBack", "done", "tech: ordered A, is not shown");
        step(3, "readBack", "planned", "could not be read back: time-out");
        step(4, "awaitNoDs", "planned", "waits for the parent since 2026-11-20T08:00:00.000Z");
        step(5, "awaitNoDs", "planned", "no DS in the parent since 2026-11-21T09:00:00.000Z");
        step(6, "domainCreate", "done", "done, id unknown");
    }
    REQUIRE(Ledger::migrate(with.path(), utc(0)));
    with.reopen();
    const OrderRecord order = with.ledger().order(71);
    CHECK(order.held_for == HeldFor::no_answer);
    CHECK(with.ledger().order(72).held_for == HeldFor::earlier);
    CHECK(with.ledger().order(7).held_for == HeldFor::nothing);
    REQUIRE(order.steps.size() == 6);
    CHECK(order.steps[0].evidence == Evidence::adopted);
    CHECK(order.steps[1].evidence == Evidence::partly_shown);
    CHECK(order.steps[2].waits_for == WaitsFor::answer);
    CHECK(order.steps[3].waits_for == WaitsFor::no_ds);
    CHECK(order.steps[3].since == from_iso("2026-11-20T08:00:00.000Z"));
    CHECK(order.steps[4].waits_for == WaitsFor::forgotten_ds);
    CHECK(order.steps[4].since == from_iso("2026-11-21T09:00:00.000Z"));
    CHECK(order.steps[5].evidence == Evidence::id_unknown);
    CHECK(order.steps[5].waits_for == WaitsFor::nothing);
}

TEST_CASE("what version 3 remembered goes to tables of its own, and what it cannot read is named") {
    LedgerCase with;
    with.close();
    make_older(with.path(), 3);
    const std::string time = "2026-11-20T08:00:00.000Z";
    {
        store::Connection old(with.path(), {store::Access::read_write, true});
        const auto remember = [&](const std::string& kind, const std::string& item,
                                  const FieldMap& fields) {
            old.prepare(
                   "INSERT INTO remembered (kind, item, fields, noted_at) "
                   "VALUES ($1, $2, $3, $4)")
                .bind(kind)
                .bind(item)
                .bind(write_fields(fields))
                .bind(time)
                .run();
        };
        remember("spoken_word", "7",
                 {{"position", "1"},
                  {"word", "failed"},
                  {"said", "gone"},
                  {"at", time},
                  {"look_due", time}});
        remember("perhaps_sent", "7",
                 {{"before", "held"},
                  {"reason", "paused"},
                  {"kept_domain", "1"},
                  {"look_utc", time},
                  {"look_boot", "b"},
                  {"look_since_boot", "9"},
                  {"look_date", "then"}});
        remember("contact", "AE1", {{"isOwner", "1"}});
        remember("extension", "com", {{"currency", "EUR"}});
        remember("made_contact", "AE2", {{"fingerprint", "f"}});
        remember("seen_ds", "one.example", {{"until", time}});
        remember("pass", "begun", {{"utc", time}, {"boot_id", "b"}, {"since_boot", "5"}});
        remember("pass", "outage", {{"since", time}, {"told", time}});
        remember("success", "spool-run", {{"at", time}});
        remember("spool_file", "1-1-a.csv", {{"batch", "1"}});
        remember("spool_refusal", "1-2-b.csv", {{"text", "refused"}});
        remember("wiped_file", "hash", {{"batch", "1"}});
        remember("archived", "1", {{"file", "/srv/old.db"}});
        remember("result_place", "1", {{"path", "/srv/old.result.csv"}});
        remember("spool_left_alone", "incoming", {{"x", "1"}});
        remember("key", "digest", {{"key", "k"}});
        remember("restarted", "4711", {{"told", "words"}});
        remember("ledger", "home", {{"database", "here"}});
        SUBCASE("all of it") {}
        SUBCASE("a number that is none") {
            remember("empty_look", "x", {{"date", "then"}});
        }
        SUBCASE("a time that is none") {
            old.run("UPDATE remembered SET fields = 'at=x\n' WHERE kind = 'success'");
        }
        SUBCASE("a word nobody knows") {
            old.run(
                "UPDATE remembered SET fields = replace(fields, 'word=failed', 'word=perhaps') "
                "WHERE kind = 'spoken_word'");
        }
        SUBCASE("a kind nobody knows") {
            remember("foreign", "1", {{"a", "b"}});
        }
    }
    const bool is_damaged = [&] {
        store::Connection old(with.path(), {store::Access::read_only, true});
        return number_from(
                   old,
                   "SELECT COUNT(*) FROM remembered WHERE kind IN ('empty_look', 'foreign') "
                   "OR (kind = 'success' AND fields LIKE '%=x%') "
                   "OR fields LIKE '%word=perhaps%'") > 0;
    }();
    if (is_damaged) {
        const auto failure = failure_in([&] { Ledger::migrate(with.path(), utc(0)); });
        REQUIRE(failure);
        CHECK(failure->code() == ExitCode::settings_or_ledger);
        return;
    }
    REQUIRE(Ledger::migrate(with.path(), utc(0)));
    with.reopen();
    const Ledger& ledger = with.ledger();
    const UtcTime then = *from_iso(time);
    REQUIRE(ledger.watched_words().size() == 1);
    CHECK(ledger.watched_words()[0].word == Word::failed);
    CHECK(ledger.watched_words()[0].look_due == then);
    REQUIRE(ledger.perhaps_sent(7));
    CHECK(ledger.perhaps_sent(7)->held_for == HeldFor::earlier);
    CHECK(ledger.perhaps_sent(7)->first_look->utc == then);
    CHECK(ledger.perhaps_sent(7)->first_date == "then");
    CHECK(ledger.known_contact("AE1", then) == FieldMap{{"isOwner", "1"}});
    CHECK(ledger.known_extension("com", then) == FieldMap{{"currency", "EUR"}});
    CHECK(ledger.is_made_here("AE2", then));
    CHECK(ledger.ds_remembered_until(DomainName::from_stored("one.example")) == then);
    CHECK(ledger.last_pass_begun()->since_boot == std::chrono::milliseconds(5));
    CHECK(ledger.outage()->told_at == then);
    CHECK(ledger.good_ends().at("spool-run") == then);
    CHECK(ledger.spool_file("1-1-a.csv")->batch == 1);
    CHECK(ledger.spool_file("1-2-b.csv")->is_refusal_told);
    CHECK(ledger.wiped_files().contains("hash"));
    CHECK(ledger.batch(1)->archive == "/srv/old.db");
    CHECK(ledger.batch(1)->promised_result == "/srv/old.result.csv");
    CHECK(ledger.files_left_alone().at("x") == "1");
    CHECK(ledger.digest_key() == "k");
}

TEST_CASE("the archives of a ledger are migrated with it, also where it is of this version") {
    LedgerCase with;
    if (with.database() != with.path()) return not_run("archiving is for ledgers in a file");
    std::ignore = with.take({row(2, "a.example")});
    with.close();
    const std::string archive = with.scratch() / "old.db";
    make_older(archive, 3);
    change(with.path(), "UPDATE batches SET archive = '" + archive + "'");
    CHECK_FALSE(Ledger::migrate(with.path(), utc(0)));
    store::Connection migrated(archive, {store::Access::read_only, true});
    CHECK(store::version_of(migrated) == schema::kVersion);
}

TEST_CASE("a doubt of version 2 is one that got no answer") {
    LedgerCase with;
    with.close();
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(with.path() + end);
    auto versions = ledger_versions(store::Dialect::sqlite);
    versions.resize(2);
    {
        store::Connection old(with.path(), {store::Access::create, true});
        store::migrate(old, versions);
        for (const char* row :
             {"INSERT INTO stamp (ledger_id, endpoint_host, reseller_id, created_at) "
              "VALUES ('x', 'api.registrar.example', 'AB123', '2026-11-24T12:00:00.000Z')",
              "INSERT INTO runs (run_id, program, sends, begun_at, boot_id, since_boot, ended_at) "
              "VALUES (1, 'spool-run', 1, '2026-11-24T12:00:00.000Z', 'b', 0, "
              "'2026-11-24T12:00:01.000Z')",
              "INSERT INTO batches (name, content_hash, run_id, taken_at, complete) "
              "VALUES ('a.csv', 'h', 1, '2026-11-24T12:00:00.000Z', 1)",
              "INSERT INTO orders (batch_id, line, kind, domain, reference, fields, state, "
              "keeps_domain, accepted_at, changed_at) VALUES (1, 2, 'register', 'a.example', '', "
              "'', 'in_doubt', 1, '2026-11-24T12:00:00.000Z', '2026-11-24T12:00:00.000Z')",
              "INSERT INTO steps (order_id, position, phase, function, arguments, state, tries) "
              "VALUES (1, 1, 'main', 'domainCreate', '', 'in_doubt', 1)",
              "INSERT INTO attempts (order_id, position, run_id, begun_at, begun_boot, "
              "begun_since_boot, picture, outcome, code, ended_at, ended_boot, ended_since_boot) "
              "VALUES (1, 1, 1, '2026-11-24T12:00:00.000Z', 'b', 0, '', 'in_doubt', 'E99', "
              "'2026-11-24T12:00:01.000Z', 'b', 1000)"}) {
            old.run(row);
        }
    }
    REQUIRE(Ledger::migrate(with.path(), utc(0)));
    with.reopen();
    const OrderRecord order = with.ledger().order(1);
    REQUIRE(order.attempts.size() == 1);
    CHECK(order.attempts[0].outcome == AttemptOutcome::in_doubt);
    CHECK_FALSE(order.attempts[0].is_unproven);
    CHECK_FALSE(order.attempts[0].settled_as);
}

TEST_CASE("a program that was open while the ledger was migrated begins no run") {
    LedgerCase with;
    with.end_run();
    auto versions = ledger_versions(store::Dialect::sqlite);
    versions.push_back(
        {schema::kVersion + 1, "a column more", {"ALTER TABLE runs ADD COLUMN host TEXT"}});
    REQUIRE(migrate_ledger(with.path(), utc(0), versions));
    const auto failure = failure_in([&] { with.ledger().begin_run("test", Sends::yes, at(1)); });
    REQUIRE(failure);
    CHECK(failure->code() == ExitCode::try_later);
}

TEST_CASE("a user without rights is told so, and how to start the program") {
    LedgerCase with;
    with.close();
    if (::geteuid() != 0) {  // Only root can become somebody else.
        REQUIRE(::chmod(with.path().c_str(), 0) == 0);
        const auto failure = refusal(with.path());
        REQUIRE(failure);
        CHECK(failure->code() == ExitCode::no_permission);
        CHECK(says(failure, "sudo -u"));
        return;
    }
    REQUIRE(::chmod(with.scratch().path().c_str(), 0755) == 0);
    CHECK(exit_of([&] {
              if (::setuid(65534) != 0) return false;
              const auto failure = refusal(with.path());
              return failure && failure->code() == ExitCode::no_permission &&
                     says(failure, "sudo -u root");
          }) == 0);
}

TEST_CASE("a ledger opened for reading answers and takes no verbs") {
    LedgerCase with;
    const OrderId order = with.order_for("one.example");
    const auto reading = Ledger::open_read_only(with.path(), kStamp);
    CHECK(reading->order(order).domain.ascii() == "one.example");
    CHECK_THROWS_AS(reading->write([](LedgerWrite& w) { w.forget_contact("x"); }),
                    std::logic_error);
    CHECK_THROWS_AS(reading->begin_run("test", Sends::no, at(0)), std::logic_error);
}
