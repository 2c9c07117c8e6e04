// The progress of a run, as the text of one line. Whoever owns the terminal writes it.
#pragma once

#include "report/terminal/appearance.h"

#include <chrono>
#include <string>

namespace domspool {

struct Progress {
    int total = 0;
    int ended = 0;    // done or skipped
    int pending = 0;  // sent, the registrar has not ended them
    int wrong = 0;    // failed, held, in doubt
    std::string now;  // what is being worked on: a domain
    std::chrono::seconds elapsed{0};
};

// One line narrower than the terminal, without a line break; "" unless it is a terminal. Written
// as kToLineBegin + text, and taken away by kToLineBegin alone.
std::string progress_bar(const Progress& progress, const Look& look);

// Back to the first column, and the line is empty.
inline constexpr const char* kToLineBegin = "\r\x1b[K";

}  // namespace domspool
