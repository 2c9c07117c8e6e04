// The report as an HTML page: readable on a phone, in a mail program, and in dark mode.
#pragma once

#include "report/summary/summary_document.h"

#include <string>
#include <string_view>

namespace domspool {

// `picture`: what the img element shows, "cid:..." or "data:..."; "": no picture. Texts of others
// are escaped. Needs nothing from outside: no script, no font, no address.
std::string to_html(const SummaryDocument& document, std::string_view picture);

// & < > " ' as entities.
std::string html_escaped(std::string_view text);

}  // namespace domspool
