// What --help prints, before the options and the exit codes.
static constexpr const char* kManual = R"(
NAME         domain-trade: order the change of owner of domains
USAGE        domain-trade [OPTIONS] FILE...    (FILE - is standard input)
READS        the files named (CSV or YAML, orders of kind `trade`), settings,
             password, extensions.yaml
WRITES       ledger, log, a result file beside each file (march.result.csv,
             march.yaml.result.csv); with --dry-run the log only, and it prints for
             each row what would be done, then the bill
EXIT         0 all done, or under way at the registrar; 1 some rows refused, or
             orders failed, held, in doubt or done otherwise than ordered; 65 a file
             was refused and nothing of it ordered; 69 the registrar refuses service,
             a limit is reached, or all sending is held; 75 not all was sent, and what
             was not stays accepted
AFTER CRASH  start it again with the same file: it goes on with what was not sent.
             What was sent and not answered is looked for by pending-check, and
             never sent again before
)";

#include "bin/order_program.h"

int main(int count, char** words) {
    return domspool::run_order_program(count, words, domspool::OrderKind::trade, kManual);
}
