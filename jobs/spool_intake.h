// Files of the spool into the ledger: claimed by a rename, read, and put where their state is
// (ORDER-FILES, "The spool"). A run that dies leaves its file in active/, where the next finds it.
#pragma once

#include "jobs/order_intake.h"
#include "spool/spool_layout.h"
#include "util/failure.h"
#include "util/regular_file.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace domspool {

// What became of a file.
struct SpoolOutcome {
    IntakeReport answer;
    std::string name;  // as shown
    std::string path;  // where it is now; "" if somebody else took it away
    // What could not be done with it, and what that means for the run. It stays in active/, where
    // the next run finds it, or where it was.
    std::string trouble = {};
    ExitCode trouble_code = ExitCode::all_well;
};

struct SpoolIntakeParts {
    Ledger& ledger;
    RunId run;
    const Clock& clock;
    IntakeRequest request;  // of any file: its limits
    // The command that takes a file of refused/ in spite of the limit on its rows.
    std::function<std::string(const std::string& path, int rows)> command_past_limit;
};

// To be used under the SpoolLock. What is claimed is copied first: only what nobody else can write
// to any more is read and archived. A file that can be neither taken nor put aside keeps no other
// one waiting: it is an outcome, too. RunFailure try_later if another run is reading the same file.
class SpoolIntake {
  public:
    SpoolIntake(const SpoolLayout& layout, SpoolIntakeParts parts);

    // What lies in active/ is left over from runs that died; what bears no name of ours was put
    // there by somebody, and is left alone.
    struct Leftovers {
        std::vector<std::string> files, unknown;
    };
    Leftovers leftovers();
    // Its batch goes on if it was read whole, else it is read again from line 1.
    SpoolOutcome take_leftover(const std::string& active_name);
    // A file of incoming/ or refused/.
    SpoolOutcome take(const std::string& path);

  private:
    struct Claimed {
        std::string path;              // in active/, once it is claimed
        std::string name;              // as shown
        bool is_refusal_told = false;  // by a run that died then
    };
    std::optional<SpoolOutcome> claim(Claimed& file, const std::string& name);
    SpoolOutcome read(const Claimed& file);
    std::optional<SpoolOutcome> make_our_own(const Claimed& file);
    void copy(const RegularFile& source, const std::string& path) const;
    SpoolOutcome enter(const Claimed& file);
    SpoolOutcome go_on(const Claimed& file, const BatchRecord& batch);
    std::optional<BatchRecord> batch_read_from(const std::string& active_name) const;
    SpoolOutcome archive(const Claimed& file, IntakeReport answer);
    SpoolOutcome refuse(const Claimed& file, IntakeReport answer);
    SpoolOutcome refuse(const Claimed& file, const std::string& reason);
    std::string put_aside(const Claimed& file, IntakeReport& answer);
    std::string put_into_archive(const Claimed& file, const BatchRecord& batch) const;
    SpoolOutcome left(const Claimed& file, ExitCode code, const std::string& trouble);
    SpoolOutcome in_trouble(SpoolOutcome outcome, ExitCode code, const std::string& trouble);
    void note_refusal(const Claimed& file, const IntakeReport& answer, const std::string& place);
    std::string free_refused_path(const Claimed& file) const;

    const SpoolLayout& layout_;
    SpoolIntakeParts parts_;
    int claimed_ = 0;
};

}  // namespace domspool
