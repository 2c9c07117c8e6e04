// What --help prints.
static constexpr const char* kManual = R"(
NAME         registrar-sandbox: a registrar on loopback, to rehearse without money
READS        the state file, if one is given; the password file
WRITES       the state file (sessions, contacts, domains, operations, every call) and
             FILE.lock beside it, the port file
EXIT         0 ended by a signal, 64 usage, 66 file not found, 70 internal error,
             73 cannot listen or create, 74 cannot write, 77 unsafe permissions of
             the state or password file, 78 the state file cannot be used (another
             sandbox has it, or it is none)
AFTER CRASH  started again with the same state file it goes on where it was; a call
             is in the state whole, with its entry in the call log, or not at all.
             Rules of misbehaviour, hold, delay, close, open and raise-fee are of
             one run and do not come back

OPTIONS      names in full
  --port N             0 (default): a free one. Only 127.0.0.1 is served
  --port-file FILE     the port is written there when it is open; taken away at the end
  --state FILE         SQLite file (0600) kept after the end, for one sandbox at a time;
                       default: a private temporary one
  --reseller ID        default AB123
  --password-file FILE default: the environment's SANDBOX_PASSWORD, else "sandbox"
  --delay SECONDS      how long an operation stays Pending; default 5; 0: until the
                       next question
  --hold-pending       operations stay Pending until they are ended by hand
  --balance AMOUNT     in a new state; default 10000.00 (EUR)
  --max-sessions N     default 10
  --checks-per-day N   availability queries; default 500
  --requests-per-minute N  what comes above it is answered 429 with Retry-After
  --misbehave RULE     may be repeated, see below
  --seed N             for rules with a probability; default 1
  --quiet              no line about the endpoint
  --version, --help

ENDPOINT     POST http://127.0.0.1:PORT/2.0/ (any path ending in /), SOAP 1.1
             RPC/encoded; GET of it lists the functions (those of the five use cases),
             WSDL at http://127.0.0.1:PORT/2.0/api.wsdl. Parameters are
             bound by name as soon as one element carries a part's name (all others
             are then null), else by position (more of them than parts: refused).
             Times, the Date header too, are UTC by the sandbox's clock.

DNS          The same port over UDP answers for the zones above the domains: what DS they
             have of a domain. Settings whose dns.resolver is left as it is ask there. A
             domain is signed with IsSigned=1 or ds=TAG_TYPE_DIGEST; its DS has the TTL
             of --delay.

ACCOUNT      A fresh one holds no contacts and no domains, 10000.00 EUR, and uses
             ns1.sandbox.example and ns2.sandbox.example where no name servers are
             given. The reseller id serves as idAdmin, idTech and idBilling.

EXTENSIONS   com net org info shop                real time, every service
             de fr it is                          DNS test
             de be                                a transfer wants #AUTO# as owner
             co.uk is                             no EPP code; be: not needed
             es aero is lu                        every operation is Pending first
             eu us it es aero co.uk               data of the owner is asked for:
               eu EU_CITIZENSHIP (owner outside EU and EEA), us US_CATEGORY and
               US_APP_PURPOSE bound to the domain, it vatNumber or idNumber,
               es ES_TIPO and its number, aero AERO_AUTHID and AERO_AUTHKEY,
               co.uk UK_CATEGORY (organisations)
             de be es                             closed operations (E12-M1204)
             es is                                no DNSSEC; several: no lock, no privacy

DOMAINS      any name may be ordered or transferred; the first label decides:
             taken...    not available: Failed
             fail...     Pending, then Failed; failnow...: Failed at once
             slow...     Pending also where all others are Done at once
             reserved... AVAILABLE with reason RESERVED in domainCheck
             premium...  in .shop: 1093.00 a year
             An EPP code beginning with "wrong" makes a transfer fail later; a domain
             added "outside" wants its own. Name servers lame... fail the DNS test;
             ns1.sandbox.example to ns9 are the registrar's own. Transfers and
             changes of owner are always Pending first.

CONTROL      POST /sandbox/control, one command per line, one line of answer each:
  finish ID | fail ID [TEXT] | cancel ID | revive ID | finish-all
  hold on|off                     keep what becomes Pending until ended by hand
  delay SECONDS                   for operations to come
  start-operation CODE DOMAIN [FIELD=VALUE ...]   somebody else's; answers "ok ID"
  close EXTENSION CODE | open EXTENSION CODE      operations of an extension
  add-domain NAME [outside] [FIELD=VALUE ...]     fields as in domainInfo, and dnskey,
                                  ds, zone, tag, note; ns=A,B for two servers;
                                  _ for a blank: status=ACTIVE,_DELEGATED
  set-domain NAME FIELD=VALUE ... | drop-domain NAME
  set-balance AMOUNT | raise-fee EXTENSION AMOUNT
  advance SECONDS                 the sandbox's clock
  expire-sessions | open-sessions N               the latter as if by the web panel
  misbehave RULE | behave         adds a rule; takes all away
             An answer is "ok" ("ok ID") or "error: ..."; one error makes the whole
             reply an HTTP 400, what the other lines did stays.
             GET /sandbox/calls[?after=N], /sandbox/domains, /sandbox/operations:
             tab-separated, with a header line. The call log holds no password,
             session or EPP code, and of a contact only whether it is an owner.

MISBEHAVIOUR FUNCTION:HOW[:COUNT|:PROBABILITY][:AFTER], FUNCTION * for all.
             COUNT is 1 if not given, or "always"; PROBABILITY has a point (0.05);
             AFTER calls pass untouched first. HOW:
  lose_reply           the effect happens, the connection is closed
  cut_reply            the effect happens, half of the reply comes
  delay=SECONDS        the effect happens, the reply comes late
  html_502             a web page, no effect; html_502_after: after the effect
  http_429[=SECONDS]   a web page, no effect; with a Retry-After
  http_503[=SECONDS]   the same; http_503_after[=SECONDS]: after the effect
  empty_500            no body, no effect; empty_500_after: after the effect
  empty_200_after      the effect happens, then a 200 without a body
  fault_without_code   the effect happens, then a fault SOAP-ENV:Server
  unknown_code         a fault with a code that proves nothing (E99-M9901), no effect;
                       unknown_code_after: after the effect
  refuse_login         as with a wrong password
  expire_session       the session is ended and the call refused
  drop_before          the connection is closed, no effect
  pending_list_without_targets    queryOpePending does not say of what
)";

#include "sandbox/control/run_options.h"
#include "sandbox/server/serving.h"
#include "store/connection.h"
#include "util/failure.h"

#include <iostream>
#include <sys/stat.h>

namespace {

using namespace domspool;

int failed(ExitCode code, const std::string& text) {
    std::cerr << "registrar-sandbox: " << text << "\n";
    return static_cast<int>(code);
}

}  // namespace

int main(int count, char** arguments) {
    ::umask(0077);
    try {
        auto options = sandbox::read_run_options({arguments + 1, arguments + count});
        if (options.wants_help) {
            std::cout << kManual + 1;
        } else if (options.wants_version) {
            std::cout << "registrar-sandbox " DOMSPOOL_VERSION "\n";
        } else {
            const bool is_quiet = options.is_quiet;
            sandbox::serve(std::move(options), [&](const std::string& address) {
                if (!is_quiet) std::cout << "registrar-sandbox: " << address << std::endl;
            });
        }
    } catch (const RunFailure& failure) {
        return failed(failure.code(), failure.what());
    } catch (const store::StoreError& failure) {
        return failed(ExitCode::settings_or_ledger,
                      std::string("cannot use the state file: ") + failure.what());
    } catch (const std::exception& failure) {
        return failed(ExitCode::our_bug, failure.what());
    }
    return 0;
}
