// Two programs work on one ledger and are killed again and again, wherever they happen to be.
#include "ledger/ledger_case.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fcntl.h>
#include <map>
#include <random>
#include <signal.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace domspool;
using namespace domspool::test;

namespace {

constexpr int kOrders = 400;

// The call: one line in a file that no kill takes back.
void send(int sent, OrderId order) {
    const std::string line = std::to_string(order) + "\n";
    if (::write(sent, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(4);
}

void work(const std::string& path, const std::string& sent_path) {
    const int sent = ::open(sent_path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    const auto ledger = Ledger::open(path, kStamp);
    ledger->recover_dead_runs(at(0));
    const auto run = ledger->begin_run("test", Sends::yes, at(0));
    for (;;) {
        const auto claimed =
            ledger->write([&](LedgerWrite& w) { return w.claim_next(run->id(), {}, 4, utc(0)); });
        if (claimed.empty()) return;
        for (const ClaimedOrder& order : claimed) {
            const AttemptId attempt = ledger->write([&](LedgerWrite& w) {
                if (order.order.steps.empty()) w.store_plan(order.claim, one_step());
                return w.begin_attempt(order.claim, {1, {}, 5, at(0)}, {});
            });
            send(sent, order.order.id);
            ledger->write([&](LedgerWrite& w) {
                w.finish_attempt(order.claim, attempt,
                                 end_as(AttemptOutcome::done, 1000 + order.order.id), done_move());
                w.release(order.claim);
            });
        }
    }
}

pid_t start(const std::string& path, const std::string& sent_path) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child != 0) return child;
    try {
        work(path, sent_path);
    } catch (const std::exception&) {
        ::_exit(3);
    }
    ::_exit(0);
}

std::map<OrderId, int> times_sent(const std::string& sent_path) {
    std::map<OrderId, int> times;
    std::istringstream lines(read_text(sent_path));
    for (OrderId order = 0; lines >> order;) ++times[order];
    return times;
}

}  // namespace

TEST_CASE("programs killed at any moment send nothing twice and forget nothing they sent") {
    LedgerCase with;
    std::vector<IntakeRow> rows;
    for (int i = 0; i < kOrders; ++i) {
        rows.push_back(row(i + 2, "d" + std::to_string(i) + ".example"));
    }
    with.take(rows);
    with.close();
    const std::string sent_path = with.scratch() / "sent";
    write_text(sent_path, "");
    std::mt19937 random(4711);
    for (int round = 0; round < 12; ++round) {
        const pid_t first = start(with.path(), sent_path);
        const pid_t second = start(with.path(), sent_path);
        std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 150));
        for (const pid_t child : {first, second}) {
            ::kill(child, SIGKILL);
            int status = 0;
            REQUIRE(::waitpid(child, &status, 0) == child);
            CHECK((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
        }
    }
    const pid_t last = start(with.path(), sent_path);
    int status = 0;
    REQUIRE(::waitpid(last, &status, 0) == last);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) == 0);

    with.reopen();
    const auto times = times_sent(sent_path);
    int done = 0, in_doubt = 0;
    for (const OrderRecord& order : with.ledger().orders({})) {
        const auto found = times.find(order.id);
        const int sent = found == times.end() ? 0 : found->second;
        CHECK(sent <= 1);
        done += order.state == OrderState::done ? 1 : 0;
        in_doubt += order.state == OrderState::in_doubt ? 1 : 0;
        if (order.state == OrderState::done) CHECK(sent == 1);
        CHECK_FALSE(order.claimed_by);
    }
    CHECK(done + in_doubt == kOrders);
    CHECK(in_doubt <= 24);  // At most one for each that was killed.
    CHECK(with.ledger().open_doubts().size() == static_cast<std::size_t>(in_doubt));
    CHECK(with.ledger().money_out_since(utc(0)) == 5 * kOrders);
}
