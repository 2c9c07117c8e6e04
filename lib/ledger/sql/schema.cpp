#include "ledger/sql/schema.h"

#include "util/failure.h"

#include <span>
#include <string_view>

namespace domspool::schema {

namespace {

// Version 1: the first.
// UTC times as text (to_iso), truth as 0/1, money in cents. `$identity` is the one thing the two
// databases spell differently. `spending` is what the attempts of a UTC day may have cost; is_copy
// marks a backup, which knows less than was sent. a_step_is_sent_once: never while an earlier
// sending of the step has no known outcome.
constexpr std::string_view kFirst[] = {
    R"(CREATE TABLE stamp (
        ledger_id TEXT NOT NULL,
        endpoint_host TEXT NOT NULL,
        reseller_id TEXT NOT NULL,
        created_at TEXT NOT NULL,
        is_copy BIGINT NOT NULL DEFAULT 0 CHECK (is_copy IN (0, 1))))",
    R"(CREATE TABLE runs (
        run_id $identity,
        program TEXT NOT NULL,
        sends BIGINT NOT NULL CHECK (sends IN (0, 1)),
        begun_at TEXT NOT NULL,
        boot_id TEXT NOT NULL,
        since_boot BIGINT NOT NULL,
        ended_at TEXT,
        died BIGINT NOT NULL DEFAULT 0 CHECK (died IN (0, 1))))",
    "CREATE INDEX runs_not_ended ON runs(run_id) WHERE ended_at IS NULL AND died = 0",
    R"(CREATE TABLE spending (
        day TEXT NOT NULL PRIMARY KEY,
        cents BIGINT NOT NULL CHECK (cents >= 0)))",
    R"(CREATE TABLE batches (
        batch_id $identity,
        name TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        run_id BIGINT NOT NULL REFERENCES runs(run_id),
        taken_at TEXT NOT NULL,
        complete BIGINT NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
        row_count BIGINT NOT NULL DEFAULT 0,
        columns TEXT NOT NULL DEFAULT '',
        result_due BIGINT NOT NULL DEFAULT 0 CHECK (result_due IN (0, 1))))",
    "CREATE INDEX batches_by_content ON batches(content_hash)",
    "CREATE INDEX batches_half_read ON batches(run_id) WHERE complete = 0",
    "CREATE INDEX batches_with_result_due ON batches(batch_id) WHERE result_due = 1",
    R"(CREATE TABLE orders (
        order_id $identity,
        batch_id BIGINT NOT NULL REFERENCES batches(batch_id),
        line BIGINT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('register', 'transfer', 'trade', 'nameservers')),
        domain TEXT NOT NULL,
        reference TEXT NOT NULL,
        fields TEXT NOT NULL,
        auth_code TEXT,
        state TEXT NOT NULL CHECK (state IN ('accepted', 'in_progress', 'waiting', 'in_doubt',
            'held', 'done', 'done_open_ends', 'skipped', 'failed', 'cancelled')),
        reason TEXT NOT NULL DEFAULT '',
        keeps_domain BIGINT NOT NULL DEFAULT 0 CHECK (keeps_domain IN (0, 1)),
        operation_id BIGINT,
        code TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        price_cents BIGINT,
        price_currency TEXT,
        postponed_runs BIGINT NOT NULL DEFAULT 0,
        postponed_by BIGINT,
        instead_of BIGINT REFERENCES orders(order_id),
        accepted_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        ended_at TEXT,
        claimed_by BIGINT REFERENCES runs(run_id),
        claim_number BIGINT NOT NULL DEFAULT 0,
        CHECK ((ended_at IS NOT NULL) =
            (state IN ('done', 'done_open_ends', 'skipped', 'failed', 'cancelled'))),
        CHECK (keeps_domain = 0 OR ended_at IS NULL),
        UNIQUE (batch_id, line)))",
    "CREATE UNIQUE INDEX one_order_keeps_a_domain ON orders(domain) WHERE keeps_domain = 1",
    R"(CREATE UNIQUE INDEX one_order_has_a_reference ON orders(kind, reference)
        WHERE reference <> '' AND state NOT IN ('failed', 'cancelled'))",
    R"(CREATE INDEX orders_to_send ON orders(order_id)
        WHERE claimed_by IS NULL AND state IN ('accepted', 'in_progress'))",
    "CREATE INDEX orders_in_progress ON orders(order_id) WHERE state = 'in_progress'",
    "CREATE INDEX orders_by_domain ON orders(domain, order_id)",
    "CREATE INDEX orders_by_reference ON orders(reference) WHERE reference <> ''",
    "CREATE INDEX orders_with_code ON orders(order_id) WHERE auth_code IS NOT NULL",
    "CREATE INDEX orders_claimed ON orders(claimed_by) WHERE claimed_by IS NOT NULL",
    "CREATE INDEX orders_not_ended ON orders(batch_id) WHERE ended_at IS NULL",
    R"(CREATE TABLE batch_rows (
        batch_id BIGINT NOT NULL REFERENCES batches(batch_id),
        line BIGINT NOT NULL,
        kind TEXT NOT NULL,
        domain TEXT NOT NULL,
        reference TEXT NOT NULL,
        given TEXT NOT NULL,
        normalised TEXT NOT NULL,
        auth_code TEXT,
        verdict TEXT NOT NULL CHECK (verdict IN ('good', 'refused', 'skipped')),
        problems TEXT NOT NULL DEFAULT '',
        earlier_order BIGINT REFERENCES orders(order_id),
        instead_of BIGINT REFERENCES orders(order_id),
        PRIMARY KEY (batch_id, line)))",
    R"(CREATE TABLE steps (
        order_id BIGINT NOT NULL REFERENCES orders(order_id),
        position BIGINT NOT NULL CHECK (position > 0),
        phase TEXT NOT NULL CHECK (phase IN ('before', 'main', 'after')),
        function TEXT NOT NULL,
        arguments TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('planned', 'waiting', 'in_doubt', 'done', 'failed',
            'open_end', 'skipped')),
        result TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        tries BIGINT NOT NULL DEFAULT 0,
        due_at TEXT,
        operation_id BIGINT,
        PRIMARY KEY (order_id, position)))",
    R"(CREATE TABLE attempts (
        attempt_id $identity,
        order_id BIGINT NOT NULL,
        position BIGINT NOT NULL,
        run_id BIGINT NOT NULL REFERENCES runs(run_id),
        begun_at TEXT NOT NULL,
        begun_boot TEXT NOT NULL,
        begun_since_boot BIGINT NOT NULL,
        picture TEXT NOT NULL,
        reserved_cents BIGINT NOT NULL DEFAULT 0,
        outcome TEXT CHECK (outcome IN ('done', 'pending', 'refused', 'try_later', 'in_doubt')),
        operation_id BIGINT,
        status TEXT NOT NULL DEFAULT '',
        code TEXT NOT NULL DEFAULT '',
        text TEXT NOT NULL DEFAULT '',
        ended_at TEXT,
        ended_boot TEXT,
        ended_since_boot BIGINT,
        settled_as TEXT CHECK (settled_as IN ('done', 'pending', 'refused', 'try_later')),
        settled TEXT NOT NULL DEFAULT '',
        look_at TEXT,
        look_boot TEXT,
        look_since_boot BIGINT,
        looks BIGINT NOT NULL DEFAULT 0,
        FOREIGN KEY (order_id, position) REFERENCES steps(order_id, position),
        CHECK ((outcome IS NULL) = (ended_at IS NULL)),
        CHECK (settled_as IS NULL OR outcome = 'in_doubt')))",
    "CREATE INDEX attempts_of_order ON attempts(order_id)",
    "CREATE INDEX attempts_open ON attempts(run_id) WHERE outcome IS NULL",
    R"(CREATE INDEX attempts_in_doubt ON attempts(attempt_id)
        WHERE outcome = 'in_doubt' AND settled_as IS NULL)",
    R"(CREATE UNIQUE INDEX a_step_is_sent_once ON attempts(order_id, position)
        WHERE outcome IS NULL OR (outcome = 'in_doubt' AND settled_as IS NULL))",
    R"(CREATE TABLE operations (
        operation_id BIGINT PRIMARY KEY,
        attempt_id BIGINT REFERENCES attempts(attempt_id),
        order_id BIGINT REFERENCES orders(order_id),
        code TEXT NOT NULL,
        target TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT '',
        message TEXT NOT NULL DEFAULT '',
        is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
        is_foreign BIGINT NOT NULL CHECK (is_foreign IN (0, 1)),
        first_seen_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL,
        asked_at TEXT,
        failed_questions BIGINT NOT NULL DEFAULT 0,
        age_warned BIGINT NOT NULL DEFAULT 0,
        passes BIGINT NOT NULL DEFAULT 0,
        CHECK (is_foreign = 1 OR attempt_id IS NOT NULL)))",
    "CREATE INDEX operations_open ON operations(operation_id) WHERE is_open = 1",
    "CREATE INDEX operations_foreign ON operations(target) WHERE is_foreign = 1 AND is_open = 1",
    R"(CREATE TABLE contacts (
        fingerprint TEXT PRIMARY KEY,
        contact_id TEXT,
        order_id BIGINT REFERENCES orders(order_id),
        made_at TEXT,
        CHECK (contact_id IS NOT NULL OR order_id IS NOT NULL)))",
    "CREATE INDEX contacts_of_order ON contacts(order_id) WHERE contact_id IS NULL",
    R"(CREATE TABLE remembered (
        kind TEXT NOT NULL,
        item TEXT NOT NULL,
        fields TEXT NOT NULL,
        noted_at TEXT NOT NULL,
        PRIMARY KEY (kind, item)))",
    R"(CREATE TABLE events (
        event_id $identity,
        noted_at TEXT NOT NULL,
        run_id BIGINT NOT NULL,
        order_id BIGINT REFERENCES orders(order_id),
        batch_id BIGINT,
        kind TEXT NOT NULL,
        text TEXT NOT NULL))",
    "CREATE INDEX events_of_order ON events(order_id) WHERE order_id IS NOT NULL",
};

// Version 2: reports, and which of them took an event. An event is taken by at most one report; one
// report at a time may be under way. `mail` is the text as it is sent, until a server has taken it:
// sending it again must send the same.
constexpr std::string_view kReports[] = {
    R"(CREATE TABLE reports (
        report_id $identity,
        message_id TEXT NOT NULL UNIQUE,
        begun_at TEXT NOT NULL,
        mail TEXT NOT NULL DEFAULT '',
        accepted_at TEXT,
        is_open BIGINT NOT NULL DEFAULT 1 CHECK (is_open IN (0, 1)),
        CHECK (is_open = 0 OR accepted_at IS NULL)))",
    "CREATE UNIQUE INDEX one_report_is_open ON reports(is_open) WHERE is_open = 1",
    "ALTER TABLE events ADD COLUMN report_id BIGINT REFERENCES reports(report_id)",
    "CREATE INDEX events_not_reported ON events(order_id) WHERE report_id IS NULL",
    R"(CREATE INDEX notes_not_reported ON events(event_id)
        WHERE report_id IS NULL AND kind <> 'order_moved')",
    "CREATE INDEX events_of_report ON events(report_id, order_id) WHERE report_id IS NOT NULL",
};

// Version 3: the hold of all sending, of which one at a time is open; and orders of which somebody
// else had the operation cancelled, to be counted.
constexpr std::string_view kHolds[] = {
    R"(CREATE TABLE sending_holds (
        hold_id $identity,
        person TEXT NOT NULL CHECK (person <> ''),
        reason TEXT NOT NULL CHECK (reason <> ''),
        held_at TEXT NOT NULL,
        told_at TEXT,
        released_by TEXT,
        released_at TEXT,
        is_open BIGINT NOT NULL DEFAULT 1 CHECK (is_open IN (0, 1)),
        CHECK ((is_open = 1) = (released_by IS NULL)),
        CHECK ((is_open = 1) = (released_at IS NULL))))",
    "CREATE UNIQUE INDEX one_hold_is_open ON sending_holds(is_open) WHERE is_open = 1",
    R"(CREATE INDEX main_steps_open_end ON steps(order_id)
        WHERE phase = 'main' AND state = 'open_end')",
};

// And which order a row names, by what it is an earlier order, and which order it may be, as far as
// the registrar still shows what that one brought. Such an order, once skipped, has its reference
// no longer: it was never ordered. states_count: the file says how many rows it has.
constexpr std::string_view kSameOrders[] = {
    "ALTER TABLE batches ADD COLUMN states_count BIGINT NOT NULL DEFAULT 0 "
    "CHECK (states_count IN (0, 1))",
    "ALTER TABLE batch_rows ADD COLUMN named_order BIGINT",
    "ALTER TABLE batch_rows ADD COLUMN named_ledger TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE batch_rows ADD COLUMN same_by TEXT "
    "CHECK (same_by IN ('number', 'reference', 'file', 'likeness'))",
    "ALTER TABLE batch_rows ADD COLUMN resembles BIGINT REFERENCES orders(order_id)",
    "ALTER TABLE orders ADD COLUMN resembles BIGINT REFERENCES orders(order_id)",
    "CREATE INDEX orders_in_place ON orders(instead_of) WHERE instead_of IS NOT NULL",
    "DROP INDEX one_order_has_a_reference",
    R"(CREATE UNIQUE INDEX one_order_has_a_reference ON orders(kind, reference)
        WHERE reference <> '' AND state NOT IN ('failed', 'cancelled')
        AND NOT (state = 'skipped' AND resembles IS NOT NULL))",
};

// And a doubt that was answered, by a code that does not prove that nothing was executed.
constexpr std::string_view kUnproven[] = {
    R"(ALTER TABLE attempts ADD COLUMN is_unproven BIGINT NOT NULL DEFAULT 0
        CHECK (is_unproven IN (0, 1)))",
};

// Version 4: what was told by the beginning of a sentence, in closed sets
// (ledger/ledger_records.h).
constexpr std::string_view kTyped[] = {
    R"(ALTER TABLE orders ADD COLUMN held_for TEXT NOT NULL DEFAULT '' CHECK (held_for IN ('',
        'person', 'doubt', 'no_answer', 'not_shown', 'contradiction', 'refusals', 'restarted',
        'unsigned_domain', 'checks', 'unreadable', 'earlier')))",
    R"(UPDATE orders SET held_for = CASE
        WHEN reason LIKE 'queryOpe gives no answer about operation %' THEN 'no_answer'
        ELSE 'earlier' END WHERE state = 'held')",
    R"(ALTER TABLE steps ADD COLUMN evidence TEXT NOT NULL DEFAULT ''
        CHECK (evidence IN ('', 'adopted', 'id_unknown', 'partly_shown')))",
    "UPDATE steps SET evidence = 'adopted' WHERE note LIKE 'adopted operation %'",
    R"(UPDATE steps SET evidence = 'id_unknown'
        WHERE phase = 'main' AND state = 'done' AND note LIKE 'done, id unknown%')",
    R"(UPDATE steps SET evidence = 'partly_shown'
        WHERE function = 'readBack' AND state = 'done' AND result = '' AND note <> '')",
    R"(ALTER TABLE steps ADD COLUMN waits_for TEXT NOT NULL DEFAULT ''
        CHECK (waits_for IN ('', 'answer', 'no_ds', 'forgotten_ds')))",
    "ALTER TABLE steps ADD COLUMN since TEXT",
    R"(UPDATE steps SET waits_for = 'answer'
        WHERE state = 'planned' AND note LIKE 'could not be read back: %')",
    R"(UPDATE steps SET waits_for = 'no_ds', since = SUBSTR(note, 28)
        WHERE state = 'planned' AND note LIKE 'waits for the parent since %')",
    R"(UPDATE steps SET waits_for = 'forgotten_ds', since = SUBSTR(note, 27)
        WHERE state = 'planned' AND note LIKE 'no DS in the parent since %')",
};

// And what stood in `remembered`, each kind in a table or column of its own; the rows move by
// ledger/opening/from_remembered. A row of perhaps_sent, watched_words: the order is looked for.
// made_contacts: ids that contactCreate gave, for ever. known_contacts, known_extensions: as the
// registrar told them then; fields of older days still say that the id was there. look_date: the
// registrar's Date at the first look that found nothing. home: the database the ledger is at home
// in. one_pass: of pending-check.
constexpr std::string_view kRemembered[] = {
    R"(CREATE TABLE perhaps_sent (
        order_id BIGINT PRIMARY KEY REFERENCES orders(order_id),
        before TEXT NOT NULL CHECK (before IN ('accepted', 'in_progress', 'held')),
        held_for TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        kept_domain BIGINT NOT NULL CHECK (kept_domain IN (0, 1)),
        look_at TEXT,
        look_boot TEXT,
        look_since_boot BIGINT,
        look_date TEXT NOT NULL DEFAULT '',
        CHECK ((before = 'held') = (held_for <> '')),
        CHECK ((look_at IS NULL) = (look_boot IS NULL)),
        CHECK ((look_at IS NULL) = (look_since_boot IS NULL))))",
    R"(CREATE TABLE watched_words (
        order_id BIGINT PRIMARY KEY REFERENCES orders(order_id),
        position BIGINT NOT NULL CHECK (position > 0),
        word TEXT NOT NULL CHECK (word IN ('done', 'failed')),
        said TEXT NOT NULL,
        said_at TEXT NOT NULL,
        look_due_at TEXT NOT NULL))",
    "ALTER TABLE attempts ADD COLUMN look_date TEXT NOT NULL DEFAULT ''",
    R"(ALTER TABLE operations ADD COLUMN restart_told BIGINT NOT NULL DEFAULT 0
        CHECK (restart_told IN (0, 1)))",
    R"(CREATE TABLE made_contacts (
        contact_id TEXT PRIMARY KEY,
        made_at TEXT NOT NULL))",
    R"(CREATE TABLE known_contacts (
        contact_id TEXT PRIMARY KEY,
        fields TEXT NOT NULL,
        asked_at TEXT NOT NULL))",
    R"(CREATE TABLE known_extensions (
        extension TEXT PRIMARY KEY,
        fields TEXT NOT NULL,
        asked_at TEXT NOT NULL))",
    R"(CREATE TABLE seen_ds (
        domain TEXT PRIMARY KEY,
        until TEXT NOT NULL))",
    "ALTER TABLE stamp ADD COLUMN digest_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE stamp ADD COLUMN home TEXT NOT NULL DEFAULT ''",
    R"(CREATE TABLE one_pass (
        the_one BIGINT PRIMARY KEY CHECK (the_one = 1),
        begun_at TEXT,
        begun_boot TEXT,
        begun_since_boot BIGINT,
        outage_since TEXT,
        outage_told_at TEXT,
        CHECK ((begun_at IS NULL) = (begun_boot IS NULL)),
        CHECK ((begun_at IS NULL) = (begun_since_boot IS NULL)),
        CHECK (outage_told_at IS NULL OR outage_since IS NOT NULL)))",
    R"(CREATE TABLE good_ends (
        program TEXT PRIMARY KEY,
        ended_at TEXT NOT NULL))",
    R"(CREATE TABLE spool_files (
        name TEXT PRIMARY KEY,
        batch_id BIGINT,
        is_refusal_told BIGINT NOT NULL DEFAULT 0 CHECK (is_refusal_told IN (0, 1)),
        CHECK (batch_id IS NOT NULL OR is_refusal_told = 1)))",
    R"(CREATE TABLE wiped_files (
        content_hash TEXT PRIMARY KEY,
        batch_id BIGINT NOT NULL))",
    "ALTER TABLE batches ADD COLUMN archive TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE batches ADD COLUMN promised_result TEXT",
    R"(ALTER TABLE batches ADD COLUMN is_retry BIGINT NOT NULL DEFAULT 0
        CHECK (is_retry IN (0, 1)))",
    "UPDATE batches SET is_retry = 1 WHERE name LIKE 'retry of %'",
    R"(CREATE TABLE files_left_alone (
        name TEXT PRIMARY KEY,
        mark TEXT NOT NULL CHECK (mark <> '')))",
};

// A login that was refused, lines that were told, questions of which a day has few; what a person
// has dismissed; two things more that a step may wait for.
constexpr std::string_view kTold[] = {
    R"(CREATE TABLE refused_login (
        the_one BIGINT PRIMARY KEY CHECK (the_one = 1),
        refused_at TEXT NOT NULL,
        tries BIGINT NOT NULL CHECK (tries > 0),
        settings_mark TEXT NOT NULL,
        told_at TEXT NOT NULL,
        words TEXT NOT NULL))",
    R"(CREATE TABLE told_lines (
        line TEXT PRIMARY KEY,
        told_at TEXT NOT NULL))",
    R"(CREATE TABLE availability_checks (
        day TEXT PRIMARY KEY,
        asked BIGINT NOT NULL CHECK (asked > 0)))",
    R"(CREATE TABLE dismissals (
        order_id BIGINT PRIMARY KEY REFERENCES orders(order_id),
        person TEXT NOT NULL,
        reason TEXT NOT NULL CHECK (reason <> ''),
        dismissed_at TEXT NOT NULL,
        until TEXT))",
    R"(CREATE INDEX orders_for_a_person ON orders(state, changed_at) WHERE state IN
        ('accepted', 'in_progress', 'waiting', 'in_doubt', 'held', 'done_open_ends', 'failed',
         'cancelled'))",
    "ALTER TABLE steps RENAME COLUMN waits_for TO waited_for",
    R"(ALTER TABLE steps ADD COLUMN waits_for TEXT NOT NULL DEFAULT ''
        CHECK (waits_for IN ('', 'answer', 'no_ds', 'forgotten_ds', 'zone_key', 'shown')))",
    "UPDATE steps SET waits_for = waited_for WHERE waited_for <> ''",
    "ALTER TABLE steps DROP COLUMN waited_for",
};

using Statements = std::span<const std::string_view>;

std::string with_identity(std::string_view statement, std::string_view identity) {
    constexpr std::string_view kMark = "$identity";
    std::string text(statement);
    if (const auto at = text.find(kMark); at != std::string::npos) {
        text.replace(at, kMark.size(), identity);
    }
    return text;
}

std::vector<std::string> with_identity(std::initializer_list<Statements> parts,
                                       std::string_view identity) {
    std::vector<std::string> texts;
    for (const Statements part : parts) {
        for (const std::string_view each : part) texts.push_back(with_identity(each, identity));
    }
    return texts;
}

// A number once given is never given again, not even after a delete.
std::string_view identity_in(store::Dialect dialect) {
    switch (dialect) {
        case store::Dialect::sqlite:
            return "INTEGER PRIMARY KEY AUTOINCREMENT";
        case store::Dialect::postgresql:
            return "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
    }
    our_bug("a database without an identity", __FILE__, __LINE__);
}

}  // namespace

std::vector<Version> versions(store::Dialect dialect) {
    const std::string_view identity = identity_in(dialect);
    return {{1, "the first", with_identity({Statements(kFirst)}, identity)},
            {2, "reports, and the events each of them took",
             with_identity({Statements(kReports)}, identity)},
            {3, "the hold of all sending, what makes a row an earlier order, unproven answers",
             with_identity({kHolds, kSameOrders, kUnproven}, identity)},
            {4, "what decides, in closed sets of values",
             with_identity({kTyped, kRemembered}, identity)},
            {5, "what is not asked or told again so soon, what was dismissed, what comes by itself",
             with_identity({kTold}, identity)}};
}

}  // namespace domspool::schema
