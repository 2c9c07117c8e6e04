// Which runs there were, and what becomes of those that died. Inside a transaction of the
// committer's.
#pragma once

#include "ledger/ledger_write.h"
#include "ledger/runs/spill_file.h"
#include "store/connection.h"

#include <string>
#include <vector>

namespace domspool {

class RunBook {
  public:
    RunBook(store::Connection& connection, LedgerWrite& verbs)
        : connection_(connection), verbs_(verbs) {}

    RunId enter(const std::string& program, Sends sends, const Moment& now);
    // Its claims are free. With an attempt left open it is not ended, but to be recovered.
    void end(RunId run, UtcTime now);
    // False: it has ended or was recovered meanwhile.
    bool recover(RunId run, const std::vector<SpilledOutcome>& spilled, const Moment& now);
    // What a run spilled after it had been recovered: its session with the ledger had broken while
    // its call was out. Settles the doubts that are still open. False: a live run has one in its
    // hands.
    bool enter_late(const std::vector<SpilledOutcome>& spilled);
    bool is_recovered(RunId run);

  private:
    bool enter_late(const SpilledOutcome& spilled);
    bool is_in_doubt(const SpilledOutcome& spilled);
    bool has_open_attempts(RunId run);
    void enter_spilled(const SpilledOutcome& spilled);
    void note_unproven(const SpilledOutcome& spilled);
    void settle_contact_of(const SpilledOutcome& spilled);
    void doubt_open_attempts(RunId run, const Moment& now);
    void free_claims(RunId run);
    void abandon_batches(RunId run);

    store::Connection& connection_;
    LedgerWrite& verbs_;
};

// 0, of a machine that has sent nothing, is known everywhere. That there are later runs does not
// tell: another machine's may have taken up a ledger put back.
bool knows_run(store::Connection& connection, RunId run);

// Neither ended nor recovered; whether they are alive, their locks tell.
std::vector<RunId> runs_not_ended(store::Connection& connection);

}  // namespace domspool
