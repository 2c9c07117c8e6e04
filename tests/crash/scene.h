// An order file with all it needs, and what the registrar must have done for it in the end.
#pragma once

#include "support/shop.h"

#include <chrono>
#include <string>
#include <vector>

namespace domspool::test {

// A call that is to be executed exactly once.
struct WishedCall {
    std::string function;
    std::string target;      // "": any
    std::string parameters;  // a part of what the registrar's log shows of them
    // The registrar shows nothing of its effect: after a doubt it may be sent once more.
    bool is_never_shown = false;
};

struct Scene {
    std::string program;        // "domain-transfer"; "spool-run": the file is dropped
    std::string main_function;  // "domainTransferIn"
    std::string preparations;   // commands to the sandbox
    std::string order_file;
    std::vector<std::string> domains;  // one order each
    std::vector<WishedCall> calls;     // all there are to be
    bool makes_contacts = true;
    // An order that waits by itself: before its third step as long as this, and the order program
    // has every other step. The settings become the later ones after the first.
    std::chrono::seconds pause{0};
    SettingChanges settings = {}, later_settings = {};
};

// What may be so after it was stopped. First of all after a doubt about a call whose effect cannot
// be looked at.
struct Leeway {
    bool id_unknown = false;  // of an operation that was Done at once
    bool sent_again = false;  // one of the calls that are never shown
    // The power went while the file moved, and it was found in the old folder as well.
    bool file_twice = false;
};

// What was executed more or less often than wished, and what nobody wished.
std::string faults_of_calls(const Scene& scene, const std::vector<SandboxCall>& log,
                            const Leeway& leeway);

}  // namespace domspool::test
