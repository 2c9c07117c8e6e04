// A ledger of a test's own, with a run and batches of orders.
#pragma once

#include "ledger/ledger.h"
#include "support/fixed_clock.h"
#include "support/scratch.h"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace domspool::test {

class SmallLedger {
  public:
    SmallLedger() {
        REQUIRE(Ledger::init(path(), stamp(), clock.now().utc));
        ledger = open();
        run = ledger->begin_run("domain-register", Sends::yes, clock.now());
    }

    std::string path() const { return scratch / "ledger.db"; }
    static LedgerStamp stamp() { return {"127.0.0.1:8080", "AB123"}; }
    std::unique_ptr<Ledger> open() const { return Ledger::open(path(), stamp()); }

    static IntakeRow good_row(int line, const std::string& domain) {
        IntakeRow row;
        row.line = line;
        row.given = {{"domain", domain}, {"years", "1"}, {"owner", "AB1001"}};
        row.normalised = row.given;
        row.domain = domain;
        return row;
    }

    BatchId add_batch(const std::vector<IntakeRow>& rows,
                      const std::vector<std::string>& columns = {"domain", "years", "owner"}) {
        const std::string number = std::to_string(++batches_);
        return ledger->write([&](LedgerWrite& w) {
            const BatchId batch =
                w.begin_batch({"orders.csv", "hash" + number, run->id(), clock.now().utc});
            w.enter_rows(batch, rows);
            REQUIRE(w.complete_batch(batch, {columns, OnError::accept_good_rows}, clock.now().utc));
            return batch;
        });
    }

    // The next order of the batch fails before anything is sent.
    OrderId fail_next(BatchId batch, const std::string& reason) {
        return ledger->write([&](LedgerWrite& w) {
            const auto claimed = w.claim_next(run->id(), batch, 1, clock.now().utc);
            REQUIRE(claimed.size() == 1);
            OrderMove move;
            move.state = OrderState::failed;
            move.reason = reason;
            move.keeps_domain = false;
            w.move_order(claimed.front().claim, move, clock.now().utc);
            w.release(claimed.front().claim);
            return claimed.front().order.id;
        });
    }

    FixedClock clock{"2026-11-25T02:00:00.000Z", std::chrono::seconds(1)};
    Scratch scratch;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<Run> run;

  private:
    int batches_ = 0;
};

}  // namespace domspool::test
