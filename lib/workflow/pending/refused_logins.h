// A login that the registrar refused, as the ledger remembers it from pass to pass: programs that
// nobody waits for do not try it again and again, which would lock the account.
#pragma once

#include "ledger/ledger.h"

#include <string>

namespace domspool {

// Whether a pass shall leave the registrar alone: 10 minutes after the first refusal, an hour after
// the second, then a day; until what the login is made from has changed (`settings_mark`), or
// another program's login went well.
bool is_login_to_be_left(const Ledger& ledger, const std::string& settings_mark, UtcTime now);
// One more that was refused. True: it is to be told, once and then once a day.
bool note_refused_login(Ledger& ledger, const std::string& settings_mark, UtcTime now,
                        const std::string& words);
// One went well. Writes only where a refused one was noted.
void forget_refused_login(Ledger& ledger);

}  // namespace domspool
