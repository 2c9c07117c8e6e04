#include "ledger/ledger_case.h"
#include "ledger/runs/run_book.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <thread>

using namespace domspool;
using namespace domspool::test;

namespace {

bool is_there(const std::string& path) {
    return std::filesystem::exists(path);
}

// In a program of its own: an order of the ledger claimed, planned and its attempt begun.
struct OtherProgram {
    explicit OtherProgram(const std::string& path)
        : ledger(Ledger::open(path, kStamp)),
          run(ledger->begin_run("domain-register", Sends::yes, at(0))) {}

    ClaimedOrder claim(OrderId order) {
        return ledger->write([&](LedgerWrite& w) { return w.claim_order(run->id(), order); })
            .value();
    }
    AttemptId begin(const ClaimedOrder& order, const std::vector<PlannedStep>& steps) {
        return ledger->write([&](LedgerWrite& w) {
            w.store_plan(order.claim, steps);
            if (steps[0].function == "contactCreate") w.reserve_contact("ada", order.order.id);
            return w.begin_attempt(order.claim, {1, {}, 900, at(10)}, {});
        });
    }

    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<Run> run;
};

}  // namespace

TEST_CASE("a run is numbered, and its end is noted") {
    LedgerCase with;
    const RunId first = with.run();
    with.end_run();
    CHECK(with.number("SELECT COUNT(*) FROM runs WHERE ended_at IS NOT NULL AND died = 0") == 1);
    with.reopen();
    CHECK(with.run() == first + 1);
    CHECK(with.number("SELECT COUNT(*) FROM runs WHERE ended_at IS NULL") == 1);
}

TEST_CASE("a run that ends gives its claims back and takes its half-read batch away") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    with.claim(order);
    const BatchId batch = with.begin_batch("half");
    with.write([&](LedgerWrite& w) { w.enter_rows(batch, {row(2, "b.example")}); });
    with.end_run();
    CHECK_FALSE(with.ledger().order(order).claimed_by);
    CHECK_FALSE(with.ledger().batch(batch));
    CHECK(with.number("SELECT COUNT(*) FROM batch_rows") == 1);
}

TEST_CASE("the spill file is there while a sending run lives, and gone when it was not needed") {
    LedgerCase with;
    const std::string path = with.files() + ".spill-" + std::to_string(with.run());
    REQUIRE(is_there(path));
    struct stat state {};
    REQUIRE(::stat(path.c_str(), &state) == 0);
    CHECK(state.st_size > 0);
    CHECK(state.st_blocks * 512 >= state.st_size);  // The room is taken, not only named.
    with.end_run();
    CHECK_FALSE(is_there(path));
    const auto quiet = with.ledger().begin_run("domain-orders", Sends::no, at(5));
    CHECK_FALSE(is_there(with.files() + ".spill-" + std::to_string(quiet->id())));
}

TEST_CASE("live runs are not recovered, neither this program's nor another's") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    with.claim(order);
    CHECK(with.ledger().recover_dead_runs(at(50)) == 0);
    const auto other = Ledger::open(with.path(), kStamp);
    CHECK(other->recover_dead_runs(at(50)) == 0);
    const auto run = other->begin_run("other", Sends::yes, at(51));
    CHECK(with.ledger().recover_dead_runs(at(52)) == 0);
    CHECK(with.ledger().order(order).claimed_by == with.run());
}

TEST_CASE("a run killed between intent and outcome leaves a doubt, and its claims are free") {
    LedgerCase with;
    const OrderId sent = with.order_for("a.example");
    const OrderId unsent = with.order_for("b.example");
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        program.begin(program.claim(sent), one_step());
        program.claim(unsent);
    });
    with.reopen();
    CHECK(with.ledger().order(sent).claimed_by.has_value());
    CHECK_FALSE(with.write([&](LedgerWrite& w) { return w.claim_order(with.run(), unsent); }));

    CHECK(with.ledger().recover_dead_runs(at(100)) == 1);
    CHECK(with.ledger().recover_dead_runs(at(100)) == 0);
    const OrderRecord doubtful = with.ledger().order(sent);
    CHECK(doubtful.state == OrderState::in_doubt);
    CHECK(doubtful.keeps_domain);
    CHECK_FALSE(doubtful.claimed_by);
    CHECK(doubtful.steps[0].state == StepState::in_doubt);
    const auto doubts = with.ledger().open_doubts();
    REQUIRE(doubts.size() == 1);
    CHECK(doubts[0].order == sent);
    CHECK(doubts[0].outcome == AttemptOutcome::in_doubt);
    CHECK(doubts[0].ended->utc == utc(100));
    CHECK(with.ledger().money_out_since(utc(0)) == 900);

    const OrderRecord free = with.ledger().order(unsent);
    CHECK(free.state == OrderState::accepted);
    CHECK_FALSE(free.claimed_by);
    CHECK(with.claim(unsent).claim.number == 2);
    CHECK_FALSE(is_there(with.files() + ".spill-2"));
}

TEST_CASE("a half-read batch of a killed run is taken away and read again from line 1") {
    LedgerCase with;
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        program.ledger->write([&](LedgerWrite& w) {
            const BatchId batch = w.begin_batch({"march.csv", "hash", program.run->id(), utc(0)});
            w.enter_rows(batch, {row(2, "a.example"), row(3, "b.example")});
        });
    });
    with.reopen();
    CHECK(with.number("SELECT COUNT(*) FROM batch_rows") == 2);
    with.ledger().recover_dead_runs(at(100));
    CHECK_FALSE(with.ledger().batch_of_content("hash"));
    CHECK(with.number("SELECT COUNT(*) FROM batch_rows") == 0);
    const BatchId again = with.take({row(2, "a.example"), row(3, "b.example")}, "hash");
    CHECK(with.ledger().batch(again)->rows == 2);
    CHECK(with.ledger().orders({}).size() == 2);
}

TEST_CASE("a killed run's half-read batch can be abandoned without a burial, a live run's not") {
    LedgerCase with;
    BatchId batch = 0;
    {
        const auto other = Ledger::open(with.path(), kStamp);
        const auto run = other->begin_run("other", Sends::yes, at(1));
        batch = other->write([&](LedgerWrite& w) {
            return w.begin_batch({"march.csv", "hash", run->id(), utc(0)});
        });
        const auto failure =
            failure_in([&] { with.write([&](LedgerWrite& w) { w.abandon_batch(batch); }); });
        REQUIRE(failure);
        CHECK(failure->code() == ExitCode::try_later);
        const auto second = failure_in([&] { with.begin_batch("hash"); });
        REQUIRE(second);
        CHECK(second->code() == ExitCode::try_later);
    }
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        program.ledger->write([&](LedgerWrite& w) {
            w.begin_batch({"march.csv", "hash", program.run->id(), utc(0)});
        });
    });
    with.reopen();
    const auto left = with.ledger().batch_of_content("hash");
    REQUIRE(left);
    CHECK_FALSE(left->complete);
    with.write([&](LedgerWrite& w) { w.abandon_batch(left->id); });
    CHECK_FALSE(with.ledger().batch_of_content("hash"));
}

TEST_CASE("a run that went without its attempt's outcome is recovered, though nobody killed it") {
    LedgerCase with;
    const ClaimedOrder order = with.planned("a.example");
    with.begin(order);
    with.end_run();  // A lane failed.
    CHECK(with.ledger().order(order.order.id).state == OrderState::in_progress);
    CHECK(with.ledger().recover_dead_runs(at(90)) == 1);
    CHECK(with.ledger().order(order.order.id).state == OrderState::in_doubt);
}

TEST_CASE("a spilled outcome of a dead run is entered before its attempt becomes a doubt") {
    LedgerCase with;
    const OrderId pending = with.order_for("a.example");
    const OrderId refused = with.order_for("b.example");
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        const ClaimedOrder first = program.claim(pending);
        const AttemptId attempt = program.begin(first, one_step());
        AttemptEnd end = end_as(AttemptOutcome::pending, 4711);
        end.status = "Pending";
        end.text = "two\nlines = one \\ text";
        program.run->spill(first.claim, attempt, end, waiting_move());
        const ClaimedOrder second = program.claim(refused);
        program.run->spill(second.claim, program.begin(second, one_step()),
                           end_as(AttemptOutcome::refused), failed_move());
    });
    REQUIRE(is_there(with.files() + ".spill-2"));
    with.reopen();
    CHECK(with.ledger().recover_dead_runs(at(100)) == 1);
    CHECK(with.ledger().order(pending).state == OrderState::waiting);
    CHECK(with.ledger().order(pending).operation == 4711);
    CHECK_FALSE(with.ledger().order(pending).claimed_by);
    CHECK(with.ledger().attempts(pending).at(0).text == "two\nlines = one \\ text");
    CHECK(with.ledger().attempts(pending).at(0).ended->utc == utc(60));
    CHECK(with.ledger().open_operations().size() == 1);
    CHECK(with.ledger().order(refused).state == OrderState::failed);
    CHECK(with.ledger().open_doubts().empty());
    CHECK(with.ledger().money_out_since(utc(0)) == 900);
    CHECK_FALSE(is_there(with.files() + ".spill-2"));
}

// Its session with PostgreSQL broke while its call was out.
TEST_CASE("an outcome spilled by a run that was recovered before settles the doubt") {
    LedgerCase with;
    const OrderId done = with.order_for("a.example");
    const OrderId settled = with.order_for("b.example");
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        program.begin(program.claim(done), one_step());
        program.begin(program.claim(settled), one_step());
    });
    with.reopen();
    CHECK(with.ledger().recover_dead_runs(at(100)) == 1);
    REQUIRE(with.ledger().open_doubts().size() == 2);
    const auto attempt_of = [&](OrderId order) { return with.ledger().attempts(order).at(0).id; };
    const ClaimedOrder looked_for = with.claim(settled);
    with.write([&](LedgerWrite& w) {
        w.settle_doubt(looked_for.claim, attempt_of(settled), end_as(AttemptOutcome::refused),
                       "seen", failed_move());
        w.release(looked_for.claim);
    });

    const ClaimedOrder in_hands = with.claim(done);
    std::optional<SpillFile> kept;
    kept.emplace(with.files(), 2);
    kept->append({{done, 2, 1}, attempt_of(done), end_as(AttemptOutcome::done, 4711), done_move()});
    kept->append(
        {{2, settled, 1}, attempt_of(settled), end_as(AttemptOutcome::done, 4712), done_move()});
    with.ledger().recover_dead_runs(at(110));
    CHECK(is_there(with.files() + ".spill-2"));  // Its program lives.
    kept.reset();
    with.ledger().recover_dead_runs(at(120));
    CHECK(is_there(with.files() + ".spill-2"));  // Its order is in another run's hands.
    CHECK(with.ledger().order(done).state == OrderState::in_doubt);
    with.write([&](LedgerWrite& w) { w.release(in_hands.claim); });

    with.ledger().recover_dead_runs(at(130));
    CHECK_FALSE(is_there(with.files() + ".spill-2"));
    CHECK(with.ledger().order(done).state == OrderState::done);
    CHECK(with.ledger().order(done).operation == 4711);
    CHECK_FALSE(with.ledger().order(done).claimed_by);
    CHECK(with.ledger().order(settled).state == OrderState::failed);
    CHECK(with.ledger().open_doubts().empty());
}

TEST_CASE("an unproven answer spilled by a run that was recovered before marks the doubt") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        program.begin(program.claim(order), one_step());
    });
    with.reopen();
    REQUIRE(with.ledger().recover_dead_runs(at(100)) == 1);
    AttemptEnd unproven = end_as(AttemptOutcome::in_doubt);
    unproven.is_unproven = true;
    unproven.code = "E99-M9901";
    unproven.text = "not now";
    SpillFile(with.files(), 2)
        .append({{order, 2, 1}, with.ledger().attempts(order).at(0).id, unproven, doubt_move()});
    with.ledger().recover_dead_runs(at(110));
    const AttemptRecord doubt = with.ledger().attempts(order).at(0);
    CHECK(doubt.is_unproven);
    CHECK(doubt.code == "E99-M9901");
    CHECK(with.ledger().order(order).state == OrderState::in_doubt);
    CHECK(with.ledger().open_doubts().size() == 1);
}

TEST_CASE("a spilled contact is known afterwards") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    const OrderId next = with.order_for("b.example");
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        const ClaimedOrder claimed = program.claim(order);
        const AttemptId attempt = program.begin(claimed, three_steps());
        OrderMove move = planned_again(1);
        move.step_state = StepState::done;
        move.step_result = "AB77";
        program.run->spill(claimed.claim, attempt, end_as(AttemptOutcome::done), move);
    });
    with.reopen();
    with.ledger().recover_dead_runs(at(100));
    CHECK(with.ledger().order(order).steps[0].result == "AB77");
    const auto answer = with.write([&](LedgerWrite& w) { return w.reserve_contact("ada", next); });
    REQUIRE(std::holds_alternative<LedgerWrite::ContactKnown>(answer));
    CHECK(std::get<LedgerWrite::ContactKnown>(answer).contact_id == "AB77");
}

TEST_CASE("a spilled outcome cut at any byte is a doubt, never half an outcome") {
    LedgerCase with;
    const std::string path = with.files() + ".spill-9";
    {
        SpillFile spill(with.files(), 9);
        spill.append({{1, 9, 1}, 5, end_as(AttemptOutcome::pending, 4711), waiting_move()});
    }
    const std::string whole = read_text(path);
    const std::size_t used = whole.find('\0');
    REQUIRE(used != std::string::npos);
    REQUIRE(SpillFile::read(path).size() == 1);
    for (std::size_t cut = 0; cut < used; ++cut) {
        write_text(path, whole.substr(0, cut) + std::string(whole.size() - cut, '\0'));
        CHECK(SpillFile::read(path).empty());
    }
    write_text(path, whole.substr(0, used));
    CHECK(SpillFile::read(path).size() == 1);
}

TEST_CASE("a spill file keeps every field of several outcomes") {
    LedgerCase with;
    AttemptEnd end = end_as(AttemptOutcome::refused, 12);
    end.status = "Failed";
    end.code = "E03";
    end.is_unproven = true;
    end.text = "no";
    OrderMove move = failed_move(3);
    move.step_note = "note";
    move.step_result = "result";
    move.due_at = utc(77);
    SpillFile spill(with.files(), 9);
    CHECK_FALSE(spill.is_used());
    spill.append({{4, 9, 6}, 5, end, move});
    spill.append({{7, 9, 8}, 6, end_as(AttemptOutcome::in_doubt), doubt_move()});
    CHECK(spill.is_used());
    const auto read = SpillFile::read(SpillFile::path_of(with.files(), 9));
    REQUIRE(read.size() == 2);
    CHECK(read[0].claim.order == 4);
    CHECK(read[0].claim.run == 9);
    CHECK(read[0].claim.number == 6);
    CHECK(read[0].attempt == 5);
    CHECK(read[0].end.outcome == AttemptOutcome::refused);
    CHECK(read[0].end.operation == 12);
    CHECK(read[0].end.status == "Failed");
    CHECK(read[0].end.code == "E03");
    CHECK(read[0].end.is_unproven);
    CHECK(read[0].end.text == "no");
    CHECK(read[0].end.at.utc == utc(60));
    CHECK(read[0].end.at.since_boot == at(60).since_boot);
    CHECK(read[0].move.state == OrderState::failed);
    CHECK(read[0].move.reason == move.reason);
    CHECK_FALSE(read[0].move.keeps_domain);
    CHECK(read[0].move.position == 3);
    CHECK(read[0].move.step_state == StepState::failed);
    CHECK(read[0].move.step_result == "result");
    CHECK(read[0].move.step_note == "note");
    CHECK(read[0].move.due_at == utc(77));
    CHECK(read[0].move.code == move.code);
    CHECK(read[0].move.message == move.message);
    CHECK_FALSE(read[1].end.operation);
    CHECK_FALSE(read[1].move.due_at);
}

TEST_CASE("one pass at a time, over all programs, and free when its program dies") {
    LedgerCase with;
    auto pass = with.ledger().try_pass_lock();
    REQUIRE(pass);
    CHECK_FALSE(with.ledger().try_pass_lock());
    const auto other = Ledger::open(with.path(), kStamp);
    CHECK_FALSE(other->try_pass_lock());
    pass.reset();
    CHECK(other->try_pass_lock());
    act_in_a_killed_process([&] {
        static auto ledger = Ledger::open(with.path(), kStamp);
        static auto its = ledger->try_pass_lock();
        if (!its) throw std::runtime_error("no pass");
    });
    CHECK(with.ledger().try_pass_lock());
}

TEST_CASE("a spilled outcome is not entered for an attempt of another run") {
    LedgerCase with;
    const OrderId order = with.order_for("a.example");
    with.close();
    act_in_a_killed_process([&] { static OtherProgram program(with.path()); });
    with.reopen();
    CHECK(with.ledger().recover_dead_runs(at(100)) == 1);
    const ClaimedOrder claimed = with.claim(order);
    with.write([&](LedgerWrite& w) { w.store_plan(claimed.claim, one_step()); });
    const AttemptId attempt = with.begin(claimed);
    with.finish(claimed, attempt, AttemptOutcome::in_doubt, doubt_move());
    with.write([&](LedgerWrite& w) { w.release(claimed.claim); });

    // Of run 2 before a dump was put back, which has given the numbers of attempts again.
    SpillFile(with.files(), 2)
        .append({{order, 2, 1}, attempt, end_as(AttemptOutcome::done, 4711), done_move()});
    with.ledger().recover_dead_runs(at(110));
    CHECK(with.ledger().order(order).state == OrderState::in_doubt);
    CHECK_FALSE(is_there(with.files() + ".spill-2"));
}

TEST_CASE("an answer kept while its run is being recovered is not thrown away") {
    LedgerCase with;
    if (!store::names_postgresql(with.path())) return;  // There a run lives until its program ends.
    const OrderId order = with.order_for("a.example");
    with.close();
    act_in_a_killed_process([&] {
        static OtherProgram program(with.path());
        program.begin(program.claim(order), one_step());
    });
    with.reopen();
    const AttemptId attempt = with.ledger().attempts(order).at(0).id;
    std::optional<SpillFile> kept;
    kept.emplace(with.files(), 2);
    store::Connection other(with.database(), {store::Access::read_write, true});
    std::optional<store::Transaction> in_the_way;
    in_the_way.emplace(other);
    std::thread recovering([&] { with.ledger().recover_dead_runs(at(100)); });
    const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(9);
    while (with.number("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' "
                       "AND NOT granted") == 0 &&
           std::chrono::steady_clock::now() < patience_ends) {
    }
    kept->append({{order, 2, 1}, attempt, end_as(AttemptOutcome::done, 4711), done_move()});
    kept.reset();
    in_the_way.reset();
    recovering.join();
    CHECK(with.ledger().order(order).state == OrderState::done);
    CHECK(with.ledger().order(order).operation == 4711);
    CHECK_FALSE(is_there(with.files() + ".spill-2"));
}
