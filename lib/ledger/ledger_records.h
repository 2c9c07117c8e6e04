// What the ledger holds, as plain data.
#pragma once

#include "orders/field_map.h"
#include "orders/money.h"
#include "orders/order.h"
#include "orders/order_file.h"
#include "orders/order_state.h"
#include "util/clock.h"
#include "util/secret.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

using RunId = std::int64_t;
using AttemptId = std::int64_t;
using OperationId = std::int64_t;

enum class StepPhase { before, main, after };
std::string_view to_word(StepPhase phase);
std::optional<StepPhase> step_phase_of(std::string_view word);

// planned: to be sent (not before due_at). waiting: an operation is pending. open_end: a follow-up
// given up, a read-back that shows something else than was ordered, a main step that somebody else
// had cancelled. skipped: not needed (the contact is known, the value is so already).
enum class StepState { planned, waiting, in_doubt, done, failed, open_end, skipped };
std::string_view to_word(StepState state);
std::optional<StepState> step_state_of(std::string_view word);

// How a step came to stand as it does, where its reply alone does not tell. adopted: its operation
// was found in the list of pending ones; it counts once what was ordered is seen. id_unknown: a
// main step that is Done, without the number of an operation (SAFETY, "What cannot be known").
// partly_shown: of a read-back, the registrar did not show all that was ordered.
enum class Evidence { reply, adopted, id_unknown, partly_shown };
std::string_view to_word(Evidence evidence);
std::optional<Evidence> evidence_of(std::string_view word);

// What a planned step that was tried waits for, since StepRecord::since. answer: to a question that
// got none. no_ds: that the parent shows no DS any more. forgotten_ds: that nobody remembers it.
// zone_key: that the zone's servers show the key. shown: that the registrar shows the domain.
enum class WaitsFor { nothing, answer, no_ds, forgotten_ds, zone_key, shown };
std::string_view to_word(WaitsFor what);
std::optional<WaitsFor> waits_for_of(std::string_view word);

// Why an order is held; every held order says one. person: somebody held it. doubt: whether
// something sent was executed is not to be found out. no_answer: the registrar does not tell what
// became of its operation. not_shown: an adopted operation is Done, what was ordered is not seen.
// contradiction: the registrar shows something else than a person said. refusals: one of a row with
// one code. restarted: an operation that had failed is pending again. unsigned_domain: DNSSEC was
// switched off for it, and it cannot go on. checks: what a check found, or could not find out in
// three runs. unreadable: this version cannot read what the ledger says of it. earlier: before
// version 4 the cause was told in words only.
enum class HeldFor {
    nothing,
    person,
    doubt,
    no_answer,
    not_shown,
    contradiction,
    refusals,
    restarted,
    unsigned_domain,
    checks,
    unreadable,
    earlier
};
std::string_view to_word(HeldFor cause);
std::optional<HeldFor> held_for_of(std::string_view word);

// A call that belongs to an order, frozen when planned. A contact "step:N" stands for the result
// of the step at position N.
struct PlannedStep {
    StepPhase phase = StepPhase::main;
    std::string function;  // the operation code it is known by at the registrar: "domainCreate"
    FieldMap arguments;
};

struct StepRecord {
    int position = 0;  // from 1
    StepPhase phase = StepPhase::main;
    std::string function;
    FieldMap arguments;
    StepState state = StepState::planned;
    std::string result;  // a contact id, where the step makes one
    std::string note;    // why it stands as it does, for people
    Evidence evidence = Evidence::reply;
    WaitsFor waits_for = WaitsFor::nothing;
    std::optional<UtcTime> since;
    int tries = 0;  // attempts begun
    std::optional<UtcTime> due_at;
    std::optional<OperationId> operation;
};

enum class AttemptOutcome { done, pending, refused, try_later, in_doubt };
std::string_view to_word(AttemptOutcome outcome);
std::optional<AttemptOutcome> outcome_of(std::string_view word);

struct AttemptEnd {
    AttemptOutcome outcome = AttemptOutcome::in_doubt;
    std::optional<OperationId> operation;
    std::string status;  // as it came
    std::string code, text;
    Moment at;
    bool is_unproven = false;  // in doubt although answered: the answer's code proves nothing
};

struct AttemptRecord {
    AttemptId id = 0;
    OrderId order = 0;
    int position = 0;
    std::string function;
    RunId run = 0;
    Moment begun;
    FieldMap picture;
    std::optional<AttemptOutcome> outcome;  // absent: open
    bool is_unproven = false;               // of a doubt: see AttemptEnd
    std::optional<OperationId> operation;
    std::string status, code, text;
    std::optional<Moment> ended;
    // A doubt once settled keeps outcome in_doubt; as what it was settled, and how in words:
    // "adopted 4711", "shown done".
    std::optional<AttemptOutcome> settled_as;
    std::string settled;
    // The latest look that found nothing, for the gap between two looks.
    std::optional<Moment> empty_look;
    std::string empty_look_date;  // the registrar's own then
    int empty_looks = 0;
    std::int64_t reserved_cents = 0;
};

struct OrderRecord {
    OrderId id = 0;
    BatchId batch = 0;
    int line = 0;
    OrderKind kind = OrderKind::register_domain;
    DomainName domain;
    std::string reference{};
    FieldMap fields{};  // normalised, without the EPP code
    OrderState state = OrderState::accepted;
    HeldFor held_for = HeldFor::nothing;
    std::string reason{};  // why it stands as it does, for people; "" where the state says all
    bool keeps_domain = false;
    bool has_auth_code = false;
    std::optional<OperationId> operation{};  // of the main step
    std::string code{}, message{};           // the registrar's own words of the latest answer
    std::optional<Money> price{};            // quoted just before sending
    int postponed_runs = 0;
    std::optional<OrderId> instead_of{};  // the failed order this one repeats
    // The done order this one is, if the registrar still shows what that one brought.
    std::optional<OrderId> resembles{};
    UtcTime accepted_at{}, changed_at{};
    std::optional<UtcTime> ended_at{};
    std::optional<RunId> claimed_by{};
    std::vector<StepRecord> steps{};
    // All there were, the oldest first: of an order that is claimed, or asked for by its number.
    std::vector<AttemptRecord> attempts{};
};

// The right to work on an order: every verb fails with ClaimLost once a later number stands.
struct Claim {
    OrderId order = 0;
    RunId run = 0;
    std::int64_t number = 0;
};

struct ClaimedOrder {
    Claim claim;
    OrderRecord order;
};

// What is committed before a call that changes something.
struct AttemptIntent {
    int position = 0;
    FieldMap picture;  // before-picture, "highest_operation" among it
    std::int64_t reserved_cents = 0;
    Moment at;
    bool asks_to_cancel = false;  // may go out while all sending is held
};

// Its operation ended Cancelled at the registrar, and nobody here had asked for that: its main step
// is an open end. Needs the steps.
bool is_cancelled_by_others(const OrderRecord& order);

// Where an order and one of its steps go. Applied in the transaction of the verb that carries it.
struct OrderMove {
    OrderState state = OrderState::in_progress;
    HeldFor held_for = HeldFor::nothing;  // something else if and only if it is held
    std::string reason;
    bool keeps_domain = true;
    // The step; position 0: no step changes.
    int position = 0;
    StepState step_state = StepState::planned;
    std::string step_result, step_note;
    Evidence evidence = Evidence::reply;
    WaitsFor waits_for = WaitsFor::nothing;
    std::optional<UtcTime> since, due_at;
    // Empty: left as they are.
    std::string code, message;
};

struct OpenOperation {
    OperationId id = 0;
    OrderId order = 0;
    AttemptId attempt = 0;
    int position = 0;
    std::string function;
    DomainName domain;
    std::optional<UtcTime> asked_at;  // last queryOpe
    UtcTime since;
    int failed_questions = 0;
    bool age_warned = false;
    OrderKind kind = OrderKind::register_domain;
};

struct IntakeRow {
    int line = 0;
    OrderKind kind = OrderKind::register_domain;
    FieldMap given;       // cells as they came, for the result file
    FieldMap normalised;  // empty where there are problems
    std::string domain;   // A-label form; as given where there are problems
    std::string reference;
    Secret auth_code;
    std::vector<std::string> problems;
    NamedOrder named = {};
};

struct BatchIntake {
    std::string name;  // file name as shown
    std::string content_hash;
    RunId run = 0;
    UtcTime at;
    bool is_retry = false;  // no file: made from failed orders
};

// How a file's rows are compared with earlier orders. again: what is only like one of them is
// wanted once more. as_found: the file was read before, by a run that the ledger need not know.
enum class Judging { as_new, again, as_found };

struct BatchEnd {
    std::vector<std::string> columns;
    OnError on_error = OnError::accept_good_rows;
    bool states_count = false;
    Judging judging = Judging::as_new;
};

struct BatchRecord {
    BatchId id = 0;
    std::string name, content_hash;
    UtcTime taken_at;
    bool complete = false;  // read whole; only then its orders can be claimed
    bool finished = false;  // all its orders have ended
    bool result_due = false;
    int rows = 0;
    std::vector<std::string> columns;
    bool states_count = false;  // the file says how many rows it has
    bool is_retry = false;      // no file: made from failed orders
    std::string archive;        // its orders' rows lie in this file; "": in the ledger
    // Where a run will write the result that is due; "": there is no place for it.
    std::optional<std::string> promised_result;
};

// By what a row is an earlier order: it names its number or its reference, the very same file
// brought it, or it says the same.
enum class SameBy { number, reference, file, likeness };
std::string_view to_word(SameBy how);
std::optional<SameBy> same_by_of(std::string_view word);

// One input row with what became of it, for result files and outcome tables.
struct BatchRow {
    int line = 0;
    OrderKind kind = OrderKind::register_domain;
    FieldMap given;
    std::string domain, reference;
    std::vector<std::string> problems;     // refused
    std::optional<OrderId> earlier_order;  // skipped: the order that it is
    std::optional<SameBy> same_by;         // then; not told by ledgers of before version 3
    std::optional<OrderRecord> order;      // its own; without steps
    std::optional<OrderRecord> earlier;    // earlier_order, as it stands now; without steps
    NamedOrder named = {};
};

struct EventRecord {
    std::int64_t id = 0;
    UtcTime at;
    RunId run = 0;
    std::optional<OrderId> order;
    std::optional<BatchId> batch;
    std::string kind;  // "order_moved", "batch_taken", "warning" ...
    std::string text;
};

// All sending, of every program, held by a person until it is released.
struct SendingHold {
    std::int64_t id = 0;
    std::string person, reason;
    UtcTime since;
    bool is_told = false;  // by pending-check, which says it once
};

using ReportId = std::int64_t;

// A report that is on its way: it has taken its events, and no mail server has taken it yet.
struct OpenReport {
    ReportId id = 0;
    std::string message_id;
    UtcTime begun_at;
    std::string mail;  // as it is to be sent; "": it was not worded, so it was never sent
};

// Orders that ended on a day (UTC, "2026-11-24") in a state.
struct DayCount {
    std::string day;
    OrderState state = OrderState::done;
    int orders = 0;
};

// An order of a ledger that was put back: sent perhaps, after the ledger was copied, in a run it
// does not know. It is in doubt until the registrar was looked at (LEDGER, "Copies").
struct PerhapsSent {
    OrderId order = 0;
    // Where the order stood, and stands again once it was surely not sent.
    OrderState before = OrderState::accepted;
    HeldFor held_for = HeldFor::nothing;
    std::string reason;
    bool kept_domain = false;
    // The first look that found nothing, and the registrar's Date then.
    std::optional<Moment> first_look;
    std::string first_date;
};

// What a person said of a step whose answer was not known. It is believed, and watched for a while
// (SAFETY, "Decisions by a person").
enum class Word { done, failed };
struct WatchedWord {
    OrderId order = 0;
    int position = 0;
    Word word = Word::done;
    std::string said;
    UtcTime at;
    UtcTime look_due;
};

// The registrar could not be reached by one pass after the other.
struct OutageNote {
    UtcTime since;
    std::optional<UtcTime> told_at;
};

// The registrar refused the login; nobody here knows of one that worked since.
struct RefusedLogin {
    UtcTime at;                 // the last time
    int tries = 0;              // in a row, by programs that nobody waits for
    std::string settings_mark;  // of what the login was made from
    UtcTime told_at;
    std::string words;
};

// What became of a file of the spool's active/, so that one of a dead run is known.
struct SpoolFileNote {
    std::optional<BatchId> batch;  // it was read as
    bool is_refusal_told = false;  // to the report
};

struct ForeignOperation {
    OperationId id = 0;
    std::string code, target, status;
    UtcTime first_seen, last_seen;
    int passes = 0;  // it was seen in
    bool reported = false;
};

struct OrderFilter {
    std::optional<OrderState> state;
    std::optional<OrderKind> kind;
    std::optional<BatchId> batch;
    std::string domain, reference;  // exact, A-label form
    std::optional<OperationId> operation;
    std::optional<UtcTime> accepted_before, accepted_after;
    bool oldest_first = false;
    int limit = 0;  // 0: all
};

}  // namespace domspool
