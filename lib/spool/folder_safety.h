// Whether the spool's folders may be trusted: who can write there can have something ordered, and
// who can read there sees EPP codes and contacts.
#pragma once

#include "util/descriptor.h"

#include <string>

namespace domspool {

// RunFailure: no_permission for a folder that is open to more than it should be, belongs to
// somebody else or cannot be used, each with the command that mends it; settings_or_ledger if one
// is missing or not all lie on one file system, over which nothing can be renamed.
void require_safe_spool(const std::string& directory);

// Kept by the kernel as long as the object lives: one program at a time claims files and moves
// them, so what lies in active/ then is left over from a run that died.
class SpoolLock {
  public:
    explicit SpoolLock(const std::string& directory);

    // Waits a few seconds for another program. RunFailure try_later.
    void take();
    void release();

  private:
    std::string folder_;
    Descriptor descriptor_;
};

}  // namespace domspool
