// What --help prints.
static constexpr const char* kManual = R"(
NAME         domain-orders: look at orders, decide on them, keep the ledger
READS        settings, the ledger; to retry, resend or cancel what is pending also the
             password and extensions.yaml; to reconcile also the spool
WRITES       list, show, template: nothing. result: the file named by --result, if any.
             hold, release, retry, resolve, cancel, dismiss: the ledger, the log.
             init: the ledger and the folders of ledger, backup, spool and log.
             migrate, reconcile: the ledger. restore-ledger: it, and the one that
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

             Each decision takes several ORDERs, or in their place a filter: --batch N,
             --state STATE, --reference TEXT, or some of them, which all must fit. It
             takes of these what it is for: hold and cancel what has not ended, release
             what is held, retry what failed and was not repeated, resolve what a word
             can end, dismiss what reports tell. At a terminal it says how many these
             are and goes on when that number is typed; elsewhere it needs --yes. Each
             order has its own line, and the gravest counts for the exit code.

             hold      Nothing more of the order is sent until it is released. What is
                       pending at the registrar goes on there, and its end is noted.
               --batch N         so for every order of a file that has not ended, at
                                 once and without asking; what a run has in its hands
                                 just now is left to it
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
             resolve   Ends the doubt of orders that are in doubt or held; by a filter
                       with --done or --failed only:
               --done --reason TEXT    it was executed: what follows it goes on
               --failed --reason TEXT  it was not, and will not be: the order fails
               --resend          looks first, at the pending operations and the
                                 domain. What is found is taken as it is; what was
                                 not executed is sent again, but not a third time. A
                                 registration, transfer or trade, and what was
                                 answered by a code that proves nothing, take two
                                 looks, pending.doubt_look_seconds apart: 75 until
                                 then
               --force           with --resend: sends although the look does not tell.
                                 It may be done and paid twice
                       Reason, person and time are kept. For 30 days pending-check
                       compares what was said with the list of pending operations,
                       and once a day with what the registrar shows; what contradicts
                       it is told once, and an order said to have failed is held.

             dismiss   You have seen how an order stands: reports, their subject and
                       `list --attention` leave it out, for ever or until a day (--until
                       2026-12-24), unless it moves. Needs --reason TEXT. Nothing is sent,
                       freed or paid for it. A doubt and a hold end by resolve, release or
                       cancel only.

             verify    Reads the whole ledger: the database's own check, and what the
                       rows must say of each other. 78 and a line for each fault.
             restore-ledger
                       Puts a backup (FILE, from `backup`) in the ledger's place; no
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

#include "app/extension_sheet.h"
#include "app/program.h"
#include "app/run_setup.h"
#include "app/service_folders.h"
#include "app/service_user.h"
#include "bin/ledger_commands.h"
#include "bin/order_decisions.h"
#include "bin/order_options.h"
#include "jobs/extension_advice.h"
#include "jobs/installation.h"
#include "jobs/order_telling.h"
#include "jobs/order_template.h"
#include "jobs/result_files.h"
#include "ledger/ledger_care.h"
#include "report/orders/outcome_row.h"
#include "util/clock.h"

#include <array>
#include <charconv>

namespace {

using namespace domspool;

// So many orders a terminal shows unless --limit says otherwise.
constexpr int kShownOnTerminal = 50;
// list, show, result: the first in --help.
constexpr std::ptrdiff_t kLookingVerbs = 3;
constexpr std::int64_t kMostOrders = 100'000'000;

// The verb and all decisions.
std::vector<std::string> also(const std::string& verb) {
    std::vector<std::string> verbs{verb};
    for (const VerbSpec& decision : decision_verbs()) verbs.push_back(decision.name);
    return verbs;
}

ProgramManual manual() {
    ProgramManual text{
        .text = kManual,
        .options = {{"state", "STATE", "only orders in it: accepted, waiting, held ...",
                     also("list")},
                    {"kind", "KIND", "register, transfer, trade or nameservers", {"list"}},
                    {"batch", "N", "only orders of this file", also("list")},
                    {"domain", "NAME", "only orders for it", {"list"}},
                    {"reference", "TEXT", "only orders with exactly this reference", also("list")},
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
                    {"attention", "", "only orders that wait for a person", {"list"}},
                    {"foreign", "", "operations this ledger did not start instead", {"list"}},
                    {"csv", "", "as CSV, for scripts and spreadsheets", {"list"}},
                    {"limit", "N", "at most so many; 0: all; a terminal shows 50", {"list"}},
                    {"result", "FILE", "write the rows there, as CSV", {"result"}},
                    {"extension", "EXT", "with what it wants of owners: fr", {"template"}}},
        .verbs = {{"list", "", "orders, the newest first", 0, 0},
                  {"show", "WORD...", "what became of an order, every attempt", 1},
                  {"result", "BATCH", "the rows of a file and what became of them, as CSV", 1, 1},
                  {"template", "KIND", "an order file to fill in: register, transfer ...", 1, 1},
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

std::int64_t number_of(const CommandLine& line, const std::string& word, const std::string& what) {
    std::int64_t number = 0;
    const char* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc() || rest != end || number < 1) {
        line.refuse(what + " must be a number, not '" + word + "'");
    }
    return number;
}

// So long before `now`.
std::optional<UtcTime> time_before(const CommandLine& line, const std::string& option,
                                   UtcTime now) {
    const auto word = line.value(option);
    if (!word) return std::nullopt;
    const std::string_view units = "mhd";
    const std::size_t unit = word->empty() ? units.npos : units.find(word->back());
    if (unit == units.npos) line.refuse("a time is written 45m, 12h or 7d, not '" + *word + "'");
    constexpr std::array<std::int64_t, 3> kMinutes{1, 60, 24 * 60};
    const std::int64_t count = number_of(line, word->substr(0, word->size() - 1), "the time");
    if (count > 1'000'000) line.refuse("the time is too long: '" + *word + "'");
    return now - std::chrono::minutes(count * kMinutes[unit]);
}

std::string domain_in(const CommandLine& line) {
    const std::string text = line.value("domain").value_or("");
    if (!line.has("domain")) return text;
    const auto parsed = DomainName::parse(text);
    if (const auto* refusal = std::get_if<DomainName::Refusal>(&parsed)) {
        line.refuse("'" + text + "' is no domain name: " + refusal->reason);
    }
    return std::get<DomainName>(parsed).ascii();
}

OrderFilter filter_of(const Program& program, UtcTime now) {
    const CommandLine& line = program.line();
    OrderFilter filter;
    filter.state = state_in(line);
    if (const auto word = line.value("kind")) {
        filter.kind = order_kind_of(*word);
        if (!filter.kind) line.refuse("there is no kind '" + *word + "'");
    }
    filter.domain = domain_in(line);
    filter.reference = line.value("reference").value_or("");
    filter.batch = line.number("batch", 1, INT64_MAX);
    filter.operation = line.number("operation", 1, INT64_MAX);
    filter.accepted_before = time_before(line, "older-than", now);
    filter.accepted_after = time_before(line, "newer-than", now);
    filter.oldest_first = line.has("oldest");
    const bool for_a_person =
        program.look().is_terminal() && !program.as_json() && !line.has("csv");
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

void list_refused(Program& program, const Ledger& ledger) {
    const CommandLine& line = program.line();
    const auto batch = line.number("batch", 1, INT64_MAX);
    if (!batch) line.refuse("refused rows became no orders; name their file with --batch N");
    if (line.has("csv")) {
        line.refuse("refused rows as CSV: `domain-orders result " + std::to_string(*batch) + "`");
    }
    tell_refused_rows(program, ledger, *batch);
}

// They belong to no order: no filter but --domain fits them.
void list_foreign(Program& program, const Ledger& ledger, AsCsv as_csv) {
    const CommandLine& line = program.line();
    for (const char* option : {"state", "kind", "batch", "reference", "operation", "older-than",
                               "newer-than", "oldest", "limit"}) {
        if (line.has(option)) {
            line.refuse("'--" + std::string(option) + "' does not go with --foreign");
        }
    }
    tell_foreign(program, ledger, domain_in(line), as_csv);
}

void list_attention(Program& program, const Ledger& ledger, AsCsv as_csv) {
    const CommandLine& line = program.line();
    for (const char* option : {"state", "kind", "batch", "domain", "reference", "operation",
                               "older-than", "newer-than", "oldest", "limit"}) {
        if (line.has(option)) {
            line.refuse("'--" + std::string(option) + "' does not go with --attention");
        }
    }
    tell_attention(program, ledger, SystemClock().now().utc, as_csv);
}

void list(Program& program, const Settings& settings) {
    const CommandLine& line = program.line();
    if (line.has("csv") && program.as_json()) line.refuse("it is either --csv or --json");
    const AsCsv as_csv = line.has("csv") ? AsCsv::yes : AsCsv::no;
    const auto ledger = open_to_read(program, settings);
    if (line.has("foreign") && line.has("attention")) {
        line.refuse("it is either --foreign or --attention");
    }
    if (line.has("foreign")) return list_foreign(program, *ledger, as_csv);
    if (line.has("attention")) return list_attention(program, *ledger, as_csv);
    if (line.value("state") == kRefused) return list_refused(program, *ledger);
    tell_orders(program, *ledger, filter_of(program, SystemClock().now().utc), as_csv,
                program.look().is_terminal() && !line.has("limit")
                    ? "there may be more: --limit 0 shows all\n"
                    : "");
}

void show(Program& program, const Settings& settings) {
    tell_histories(
        program, *open_to_read(program, settings), program.line().arguments(),
        [&](const std::string& archive) { return program.command_with("archive", archive); });
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
    const BatchId batch =
        number_of(program.line(), program.line().arguments().front(), "the batch");
    const auto ledger = open_to_read(program, settings);
    if (!ledger->batch(batch)) {
        return program.complain(ExitCode::some_orders_wrong,
                                "there is no batch " + std::to_string(batch));
    }
    if (const auto archive = ledger_care::archive_of(*ledger, batch)) {
        return program.complain(
            ExitCode::some_orders_wrong,
            "its rows are archived: " + program.command_with("archive", *archive));
    }
    if (program.line().has("result") && program.line().has("archive")) {
        program.line().refuse(
            "'--result' does not go with --archive; its output can be redirected");
    }
    if (const auto path = program.line().value("result")) {
        return write_result(program, settings, batch, *path);
    }
    tell_rows(program, *ledger, batch);
}

void print_template(Program& program) {
    const std::string word = program.line().arguments().front();
    const auto kind = order_kind_of(word);
    if (!kind) {
        program.line().refuse("there is no kind '" + word +
                              "'; register, transfer, trade or nameservers");
    }
    ExtensionRules rules;
    if (const auto extension = program.line().value("extension")) {
        const ExtensionSheet sheet = load_extension_sheet(program.settings().extensions_file);
        const auto entry = sheet.find(extension_named(*extension));
        rules = entry == sheet.end() ? sheet.at("") : entry->second;
    }
    program.print(order_template(*kind, rules));
}

void init(Program& program, const Settings& settings) {
    const FolderReport folders = make_folders(folders_of(settings), settings.user);
    program.become_service_user(settings);
    const bool is_new = Ledger::init(settings.ledger, stamp_of(settings), SystemClock().now().utc);
    if (!program.is_quiet()) {
        for (const std::string& path : folders.made) program.print("made " + path + "\n");
        program.print((is_new ? "made " : "already there: ") + settings.ledger + "\n");
    }
    for (const std::string& folder : folders.unsafe) {
        program.complain(ExitCode::no_permission, folder);
    }
}

void run(Program& program) {
    const CommandLine& line = program.line();
    if (line.verb() == "template") return print_template(program);
    const Settings settings = program.settings();
    if (line.verb() == "init") return init(program, settings);
    const std::string person = person_at_work();
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
