// What a check of the doctor found: a verdict, and the next move where there is one.
#pragma once

#include "report/terminal/appearance.h"
#include "util/failure.h"

#include <string>
#include <string_view>

namespace domspool {

struct Finding {
    enum class Verdict { ok, warning, wrong };
    Verdict verdict = Verdict::ok;
    std::string check;  // "login"
    std::string text;
    std::string next;                             // the next move; empty only where all is well
    ExitCode code = ExitCode::some_orders_wrong;  // of what is wrong

    static Finding ok(std::string check, std::string text);
    static Finding warning(std::string check, std::string text, std::string next);
    static Finding wrong(ExitCode code, std::string check, std::string text, std::string next);
};

std::string_view to_word(Finding::Verdict verdict);

// "wrong    login        E01-M0101 ...", and below it the next move. Ends with a line break. Texts
// of others are made harmless.
std::string finding_lines(const Finding& finding, const Look& look);

}  // namespace domspool
