// Files of the spool into the ledger: claimed by a rename, read, and put where their state is
// (DESIGN 7). A run that dies leaves its file in active/, where the next one finds it.
#pragma once

#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "orders/order_file.h"
#include "spool/spool_layout.h"

namespace domspool {

// How a file is read into the ledger, for the one who does it (jobs/order_intake).
struct SpoolReading {
    std::string name;  // harmless to look at; its beginning may tell the kind
    FileFormat format = FileFormat::csv;
    std::function<bool()> is_untouched = {};
    std::function<void(LedgerWrite&, BatchId)> with_batch = {};
};

struct SpoolAnswer {
    enum class What { taken, resumed, refused, too_many };
    What what = What::refused;
    std::optional<BatchId> batch;
    std::vector<Problem> problems;
    int rows = 0;
};

// What became of a file.
struct SpoolOutcome {
    SpoolAnswer answer;
    std::string name;  // as shown
    std::string path;  // where it is now; "" if somebody else took it away
};

struct SpoolIntakeParts {
    Ledger& ledger;
    RunId run;
    const Clock& clock;
    std::function<SpoolAnswer(std::istream&, const SpoolReading&)> read;
    // The command that takes a file of refused/ in spite of the limit on its rows.
    std::function<std::string(const std::string& path, int rows)> command_past_limit;
};

// To be used under the SpoolLock.
class SpoolIntake {
  public:
    SpoolIntake(const SpoolLayout& layout, SpoolIntakeParts parts);

    // What lies in active/ is left over from runs that died; what bears no name of ours was put
    // there by somebody, and is left alone.
    struct Leftovers {
        std::vector<std::string> files, unknown;
    };
    Leftovers leftovers() const;
    // Its batch goes on if it was read whole, else it is read again from line 1.
    SpoolOutcome take_leftover(const std::string& active_name);
    // A file of incoming/ or refused/.
    SpoolOutcome take(const std::string& path);

  private:
    struct Claimed {
        std::string path;           // in active/
        std::string name;           // as shown
        std::string refusal_noted;  // by a run that died then: it stands in the ledger
    };
    std::optional<Claimed> claim(const std::string& path, const std::string& name);
    SpoolOutcome read(const Claimed& file);
    SpoolOutcome go_on(const Claimed& file, const BatchRecord& batch);
    std::optional<BatchRecord> batch_read_from(const std::string& active_name) const;
    SpoolOutcome archive(const Claimed& file, SpoolAnswer answer);
    SpoolOutcome refuse(const Claimed& file, SpoolAnswer answer);
    void note_refusal(const Claimed& file, const SpoolAnswer& answer, const std::string& place);
    std::string free_refused_path(const Claimed& file) const;

    const SpoolLayout& layout_;
    SpoolIntakeParts parts_;
    int claimed_ = 0;
};

}  // namespace domspool
