// What --help prints.
static constexpr const char* kManual = R"(
NAME         domain-orders: look at orders, decide on them, keep the ledger
READS        settings, the ledger; to retry, resend or cancel what is pending also the
             password and extensions.yaml; to reconcile also the spool
WRITES       list, show: nothing. result: the file named by --result, if any.
             hold, release, retry, resolve, cancel: the ledger, the log.
             init: the ledger and the folders of ledger, backup, spool and log.
             migrate, reconcile: the ledger. restore: the ledger, and the one that
             was there under another name. verify: nothing. backup: a copy of the
             ledger; old copies are removed
EXIT         0 all well; 1 no such order or batch, an order's state does not allow
             it (the line names the state and what would work), or it came out
             otherwise; 64 usage; 69 a limit, the registrar's refusal of service, or
             all sending is held; 73 or 74 cannot write; 75 another run is working on the order, a second
             look is needed, or the registrar cannot be asked: again later;
             77 permissions; 78 settings or ledger
AFTER CRASH  run it again: init makes what is missing, a result or a backup is
             there whole or not at all, migrate is one transaction after a backup.
             A decision is one transaction; a call it made and whose answer was not
             noted is looked for by pending-check. retry names the new order then,
             and sends it if that has not happened

             A WORD of `show` and an ORDER is the number of an order, else of an
             operation at the registrar, else a domain or a reference. If several
             orders fit, show lists them, and nothing is decided. list and show
             change nothing, ask nobody, and may run at any time.

             hold      Nothing more of the order is sent until it is released. What is
                       pending at the registrar goes on there, and its end is noted.
               --batch N         so for every order of a file that has not ended; what
                                 a run has in its hands just now is left to it
               --all             no program sends anything more but what cancels: main
                                 steps and follow-ups of all orders, running programs
                                 after their call at hand. New files are taken, their
                                 orders stay accepted; pending-check asks as ever.
                                 Needs --reason TEXT; every program says so meanwhile
             release   A held order goes back to what its steps say: accepted if
                       nothing was sent or it was refused for certain, else in
                       progress, waiting or in doubt. It says what goes on with it:
                       pending-check, or for what is to be sent the next spool-run, or
                       the order program, given the same file again. --batch N: all
                       held orders of a file. --all: sending goes on.
             retry     Makes a new order from a failed one, with the same wish, in its
                       place, and sends it at once: all checks, prices and limits hold
                       as for an order file; all orders named are one batch. An EPP
                       code is taken over as long as the ledger keeps it. Given again
                       it sends what was left accepted, and repeats nothing.
             cancel    Not sent: cancelled. Pending: the registrar is asked to cancel
                       the operation, and the order is cancelled only when queryOpe
                       says so, now or in a later pending-check. In doubt, or sent
                       before and perhaps executed: refused.
             resolve   Ends the doubt of an order that is in doubt or held:
               --done REASON     it was executed: what follows it goes on
               --failed REASON   it was not, and will not be: the order fails
               --resend          looks first, at the pending operations and the
                                 domain. What is found is taken as it is; what was
                                 not executed is sent again, but not a third time. A
                                 registration, transfer or trade, and what was
                                 answered by a code that proves nothing, take two
                                 looks, pending.doubt_look_seconds apart: 75 until
                                 then
               --force REASON    with --resend: sends although the look does not tell.
                                 It may be done and paid twice
                       Reason, person and time are kept. For 30 days pending-check
                       compares what was said with the list of pending operations,
                       and once a day with what the registrar shows; what contradicts
                       it is told once, and an order said to have failed is held.

             verify    Reads the whole ledger: the database's own check, and what the
                       rows must say of each other. 78 and a line for each fault.
             restore   Puts a backup (FILE, from `backup`) in the ledger's place; no
                       program may be at work. The ledger that was there is kept.
                       A ledger put back does not know what was sent since and sends
                       nothing until it has been reconciled.
             reconcile Lets such a ledger send again. Files in the spool's done/ and
                       active/ that it does not know are entered: what their result
                       file says has ended has ended. Every other order whose own step
                       may have been sent since is in doubt. pending-check looks for it
                       twice, pending.doubt_look_seconds apart; if the registrar shows
                       nothing the order goes on where it stood, else it is held for
                       you. Files given by hand since must be handed in again. A file
                       of the spool that cannot be read stops it: 78, and nothing is
                       changed.
             archive   Takes rows, steps, attempts and events of files whose orders have
                       all ended more than 400 days ago (--older-than 90d or more) into
                       a new file beside the ledger, LEDGER.archive-TIME, a SQLite
                       database that list, show and result read with --archive. One row
                       of each order stays in the ledger, so that it is found, and
                       recognised when it is handed in again. What waits for the next
                       summary-report, keeps an EPP code or is under watch stays. Killed
                       on the way it loses nothing; run it again.
)";

#include "app/command_line.h"
#include "app/program.h"
#include "app/run_setup.h"
#include "app/settings.h"
#include "bin/ledger_commands.h"
#include "bin/order_decisions.h"
#include "bin/service_folders.h"
#include "jobs/installation.h"
#include "jobs/order_lookup.h"
#include "jobs/result_files.h"
#include "ledger/ledger_care.h"
#include "ledger/sql/sending_hold.h"
#include "report/machine/json_lines.h"
#include "report/orders/foreign_list.h"
#include "report/orders/order_history.h"
#include "report/orders/order_list.h"
#include "report/orders/outcome_table.h"
#include "util/clock.h"
#include "util/visible_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <unistd.h>

namespace {

using namespace domspool;

// So many orders a terminal shows unless --limit says otherwise.
constexpr int kShownOnTerminal = 50;
// list, show, result: the first in --help.
constexpr std::ptrdiff_t kLookingVerbs = 3;
constexpr std::int64_t kMostOrders = 100'000'000;

ProgramManual manual() {
    ProgramManual text{
        .text = kManual,
        .options = {{"state", "STATE", "only orders in it: accepted, waiting, held ...", {"list"}},
                    {"kind", "KIND", "register, transfer, trade or nameservers", {"list"}},
                    {"batch", "N", "only orders of this file", {"list", "hold", "release"}},
                    {"domain", "NAME", "only orders for it", {"list"}},
                    {"reference", "TEXT", "only orders with exactly this reference", {"list"}},
                    {"operation", "N", "only the order of this operation", {"list"}},
                    {"older-than",
                     "TIME",
                     "accepted longer ago: 45m, 12h, 7d; archive: ended",
                     {"list", "archive"}},
                    {"archive",
                     "FILE",
                     "look into an archive, not the ledger",
                     {"list", "show", "result"}},
                    {"newer-than", "TIME", "accepted since: 45m, 12h, 7d", {"list"}},
                    {"oldest", "", "the oldest first, not the newest", {"list"}},
                    {"foreign", "", "operations this ledger did not start instead", {"list"}},
                    {"csv", "", "as CSV, for scripts and spreadsheets", {"list"}},
                    {"limit", "N", "at most so many; 0: all; a terminal shows 50", {"list"}},
                    {"result", "FILE", "write the rows there, as CSV", {"result"}}},
        .verbs = {{"list", "", "orders, the newest first", 0, 0},
                  {"show", "WORD...", "what became of an order, every attempt", 1},
                  {"result", "BATCH", "the rows of a file and what became of them, as CSV", 1, 1},
                  {"init", "", "make ledger and folders; harmless where they are there", 0, 0}},
        .without = {"check", "dry-run"},
    };
    const auto verbs = decision_verbs();
    text.verbs.insert(text.verbs.begin() + kLookingVerbs, verbs.begin(), verbs.end());
    const auto ledgers = ledger_verbs();
    text.verbs.insert(text.verbs.end(), ledgers.begin(), ledgers.end());
    const auto options = decision_options();
    text.options.insert(text.options.end(), options.begin(), options.end());
    return text;
}

[[noreturn]] void refuse(const std::string& reason) {
    throw RunFailure(ExitCode::usage, reason + "\nTry: domain-orders --help");
}

std::int64_t number_of(const std::string& word, const std::string& what) {
    std::int64_t number = 0;
    const char* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc() || rest != end || number < 1) {
        refuse(what + " must be a number, not '" + word + "'");
    }
    return number;
}

std::chrono::minutes duration_of(const std::string& word) {
    const std::string_view units = "mhd";
    const std::size_t unit = word.empty() ? units.npos : units.find(word.back());
    if (unit == units.npos) refuse("a time is written 45m, 12h or 7d, not '" + word + "'");
    constexpr std::array<std::int64_t, 3> kMinutes{1, 60, 24 * 60};
    const std::int64_t count = number_of(word.substr(0, word.size() - 1), "the time");
    if (count > 1'000'000) refuse("the time is too long: '" + word + "'");
    return std::chrono::minutes(count * kMinutes[unit]);
}

std::string stored_domain(const std::string& text) {
    const auto parsed = DomainName::parse(text);
    if (const auto* refusal = std::get_if<DomainName::Refusal>(&parsed)) {
        refuse("'" + text + "' is no domain name: " + refusal->reason);
    }
    return std::get<DomainName>(parsed).ascii();
}

void set_words(const CommandLine& line, OrderFilter& filter) {
    if (const auto word = line.value("state")) {
        filter.state = order_state_of(*word);
        if (!filter.state) refuse("there is no state '" + *word + "'");
    }
    if (const auto word = line.value("kind")) {
        filter.kind = order_kind_of(*word);
        if (!filter.kind) refuse("there is no kind '" + *word + "'");
    }
    if (const auto name = line.value("domain")) filter.domain = stored_domain(*name);
    filter.reference = line.value("reference").value_or("");
}

OrderFilter filter_of(const Program& program, UtcTime now) {
    const CommandLine& line = program.line();
    OrderFilter filter;
    set_words(line, filter);
    filter.batch = line.number("batch", 1, INT64_MAX);
    filter.operation = line.number("operation", 1, INT64_MAX);
    if (const auto time = line.value("older-than"))
        filter.accepted_before = now - duration_of(*time);
    if (const auto time = line.value("newer-than"))
        filter.accepted_after = now - duration_of(*time);
    filter.oldest_first = line.has("oldest");
    const bool for_a_person = program.look().is_terminal() && !line.has("json") && !line.has("csv");
    filter.limit = static_cast<int>(
        line.number("limit", 0, kMostOrders).value_or(for_a_person ? kShownOnTerminal : 0));
    return filter;
}

std::unique_ptr<Ledger> open_to_read(const Program& program, const Settings& settings) {
    if (const auto archive = program.line().value("archive")) {
        return ledger_care::open_archive(*archive, stamp_of(settings));
    }
    return Ledger::open_read_only(settings.ledger, stamp_of(settings));
}

// Rows that never became orders are found in their batch only.
void list_refused(Program& program, const Ledger& ledger) {
    const auto batch = program.line().number("batch", 1, INT64_MAX);
    if (!batch) refuse("refused rows became no orders; name their file with --batch N");
    OutcomeTable table(program.look(), [&](std::string_view text) { program.print(text); });
    const bool as_json = program.line().has("json");
    if (program.line().has("csv")) {
        refuse("refused rows as CSV: `domain-orders result " + std::to_string(*batch) + "`");
    }
    ledger.rows_of_batch(*batch, [&](BatchRow&& row) {
        if (outcome_row(row).state != kRefused) return;
        if (as_json) {
            program.print(json_line(outcome_row(row)));
        } else {
            table.add(row);
        }
    });
    if (!as_json) table.finish("domain-orders result " + std::to_string(*batch));
}

// They belong to no order: no filter but --domain fits them.
void list_foreign(Program& program, const Ledger& ledger) {
    const CommandLine& line = program.line();
    for (const char* option : {"state", "kind", "batch", "reference", "operation", "older-than",
                               "newer-than", "oldest", "limit"}) {
        if (line.has(option)) refuse("'--" + std::string(option) + "' does not go with --foreign");
    }
    std::vector<ForeignOperation> operations = ledger.foreign_operations();
    if (const auto name = line.value("domain")) {
        const std::string domain = stored_domain(*name);
        std::erase_if(operations, [&](const auto& each) { return each.target != domain; });
    }
    if (line.has("json")) {
        for (const auto& operation : operations) program.print(json_line(operation));
    } else if (line.has("csv")) {
        program.print(foreign_csv(operations));
    } else {
        program.print(foreign_list(operations, program.look()));
    }
}

void list(Program& program, const Settings& settings) {
    const CommandLine& line = program.line();
    if (line.has("csv") && line.has("json")) refuse("it is either --csv or --json");
    const auto ledger = open_to_read(program, settings);
    if (line.has("foreign")) return list_foreign(program, *ledger);
    if (program.line().value("state") == kRefused) return list_refused(program, *ledger);
    const OrderFilter filter = filter_of(program, SystemClock().now().utc);
    const std::vector<OrderRecord> orders = ledger->orders(filter);
    if (program.line().has("json")) {
        for (const OrderRecord& order : orders) program.print(json_line(outcome_row(order)));
        return;
    }
    if (line.has("csv")) return program.print(order_csv(orders));
    program.print(order_list(orders, program.look()));
    const bool is_cut = static_cast<int>(orders.size()) == kShownOnTerminal;
    if (is_cut && program.look().is_terminal() && !program.line().has("limit")) {
        program.print("there may be more: --limit 0 shows all\n");
    }
    if (const auto hold = ledger->sending_hold()) {
        program.print(visible_text(words_of(*hold)) + "\n");
    }
}

std::string command_into(const Program& program, const std::string& archive) {
    return program.command_with("archive", archive) + "\n";
}

void show(Program& program, const Settings& settings) {
    const auto ledger = open_to_read(program, settings);
    const bool as_json = program.line().has("json");
    bool is_first = true;
    for (const std::string& word : program.line().arguments()) {
        const std::vector<OrderRecord> found = find_orders(*ledger, word);
        if (found.empty()) {
            program.complain(
                ExitCode::some_orders_wrong,
                "no order has the number, operation, domain or reference '" + word + "'");
            continue;
        }
        if (!as_json && !std::exchange(is_first, false)) program.print("\n");
        if (found.size() > 1 && !as_json) {
            program.print(order_list(found, program.look()));
            continue;
        }
        for (const OrderRecord& order : found) {
            const OrderHistory history = history_of(*ledger, order.id);
            program.print(as_json ? json_line(history) : to_text(history, program.look()));
            const auto archive = ledger_care::archive_of(*ledger, order.batch);
            if (archive && !as_json)
                program.print("its history: " + command_into(program, *archive));
        }
    }
}

void write_result(Program& program, const Settings& settings, BatchId batch,
                  const std::string& path) {
    const auto ledger = Ledger::open(settings.ledger, stamp_of(settings));
    const SystemClock clock;
    const ResultReport report = ResultFiles(*ledger, settings.ledger, clock).write(batch, path);
    if (report.written) {
        program.print(report.path + "\n");
    } else {
        program.complain(ExitCode::cannot_create, report.note);
    }
}

void result(Program& program, const Settings& settings) {
    const BatchId batch = number_of(program.line().arguments().front(), "the batch");
    const auto ledger = open_to_read(program, settings);
    if (!ledger->batch(batch)) {
        return program.complain(ExitCode::some_orders_wrong,
                                "there is no batch " + std::to_string(batch));
    }
    if (const auto archive = ledger_care::archive_of(*ledger, batch)) {
        return program.complain(ExitCode::some_orders_wrong,
                                "its rows are archived: " + command_into(program, *archive));
    }
    if (program.line().has("result") && program.line().has("archive")) {
        refuse("'--result' does not go with --archive; its output can be redirected");
    }
    if (const auto path = program.line().value("result")) {
        return write_result(program, settings, batch, *path);
    }
    if (program.line().has("json")) {
        return ledger->rows_of_batch(
            batch, [&](BatchRow&& row) { program.print(json_line(outcome_row(row))); });
    }
    result_text(*ledger, batch, [&](std::string_view text) { program.print(text); });
}

void init(Program& program, const Settings& settings) {
    const FolderReport folders = make_folders(folders_of(settings), settings.user);
    program.become_service_user(settings);
    const bool is_new = Ledger::init(settings.ledger, stamp_of(settings), SystemClock().now().utc);
    if (!program.line().has("quiet")) {
        for (const std::string& path : folders.made) program.print("made " + path + "\n");
        program.print((is_new ? "made " : "already there: ") + settings.ledger + "\n");
    }
    for (const std::string& folder : folders.unsafe) {
        program.complain(ExitCode::no_permission, folder);
    }
}

void run(Program& program) {
    const CommandLine& line = program.line();
    const Settings settings = load_settings(line.value("config").value_or(kDefaultSettingsFile));
    if (line.verb() == "init") return init(program, settings);
    const std::string person = person_deciding();
    program.become_service_user(settings);
    if (is_decision(line.verb())) return decide(program, settings, person);
    if (line.verb() == "list") return list(program, settings);
    if (line.verb() == "show") return show(program, settings);
    if (line.verb() == "result") return result(program, settings);
    care_for_ledger(program, settings);
}

}  // namespace

int main(int count, char** words) {
    return run_program(count, words, manual(), run);
}
