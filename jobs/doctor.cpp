#include "jobs/doctor.h"

#include "registrar/query_exit_code.h"
#include "registrar/wsdl_comparison.h"
#include "util/http_date.h"

#include <fmt/format.h>

#include <algorithm>

namespace domspool {

namespace {

using namespace std::chrono_literals;

constexpr auto kCertificateSoon = std::chrono::hours(24 * 21);
// A program of ours that works is never silent for so long, a person at the web panel may be.
constexpr std::int64_t kLongIdleSeconds = 120;
constexpr std::size_t kMostSessions = 10;  // of the account, unless the registrar raised it
constexpr std::size_t kManySessions = 8;

std::string in_words(std::int64_t seconds) {
    if (seconds < 120) return fmt::format("{} s", std::max<std::int64_t>(0, seconds));
    if (seconds < 2 * 3600) return fmt::format("{} min", seconds / 60);
    if (seconds < 48 * 3600) return fmt::format("{} h", seconds / 3600);
    return fmt::format("{} days", seconds / 86400);
}

std::string next_after(QueryFailure::Why why) {
    switch (why) {
        case QueryFailure::Why::unreachable:
            return "try again; if it stays so, ask the registrar";
        case QueryFailure::Why::unreadable:
            return "is registrar.endpoint the address of its SOAP service 2.0?";
        case QueryFailure::Why::login_refused:
            return "compare registrar.reseller_id and the secret with the web panel; the test "
                   "platform has accounts of its own, and an account has 10 sessions at most. Only "
                   "one login was tried";
        case QueryFailure::Why::refused:
            return "ask the registrar what it means by that";
    }
    our_bug("a failed question without a next move", __FILE__, __LINE__);
}

Finding failed(const std::string& check, const QueryFailure& failure) {
    return Finding::wrong(exit_code_of(failure.why()), check, failure.what(),
                          next_after(failure.why()));
}

class Examination {
  public:
    Examination(const DoctorSettings& settings, const DoctorParts& parts)
        : settings_(settings), parts_(parts) {}

    bool run() {
        if (!has_address() || !is_connected()) return false;
        check_certificate();
        check_clock();
        if (!is_logged_in()) return false;
        ask("sessions", [&] { check_sessions(); });
        check_balance();
        check_description();
        return true;
    }

  private:
    void tell(const Finding& finding) { parts_.tell(finding); }

    // A question that fails is a finding, and the next one is asked all the same.
    template <typename Question>
    void ask(const std::string& check, Question question) {
        try {
            question();
        } catch (const QueryFailure& failure) {
            tell(failed(check, failure));
        }
    }

    bool has_address() {
        try {
            const auto addresses = parts_.door.addresses();
            std::string list;
            for (const std::string& one : addresses) list += (list.empty() ? "" : ", ") + one;
            if (!addresses.empty()) {
                tell(Finding::ok("names", settings_.host + " is " + list));
                return true;
            }
            tell(Finding::wrong(ExitCode::try_later, "names", settings_.host + " has no address",
                                "look at registrar.endpoint"));
        } catch (const HttpFailure& failure) {
            tell(Finding::wrong(ExitCode::try_later, "names", failure.what(),
                                "look at registrar.endpoint and at /etc/resolv.conf"));
        }
        return false;
    }

    // A server that took the request and gave no whole reply may still answer calls.
    bool is_connected() {
        try {
            description_ = parts_.door.description();
            return true;
        } catch (const HttpFailure& failure) {
            no_description_ = failure.what();
            if (failure.sent() == HttpFailure::Sent::perhaps) return true;
            tell(Finding::wrong(
                ExitCode::try_later, settings_.is_secure ? "tls" : "connection", failure.what(),
                settings_.is_secure ? "a firewall, or a certificate that is not trusted: update "
                                      "ca-certificates, or "
                                      "name the authority as registrar.ca_file"
                                    : "is the server running, and may this machine reach it?"));
            return false;
        }
    }

    void check_certificate() {
        if (!settings_.is_secure) {
            return tell(settings_.is_loopback
                            ? Finding::ok("tls", "plain http, to this machine")
                            : Finding::warning("tls",
                                               "plain http: the password can be read on its way",
                                               "only for a test platform that has no https"));
        }
        const auto end = parts_.door.certificate_end();
        if (!end) {
            return tell(Finding::warning("tls", "trusted; when the certificate ends is not known",
                                         "look at it with: openssl s_client"));
        }
        const std::string text = "trusted, by this name; the certificate ends " + to_minute(*end);
        if (*end - parts_.now() > kCertificateSoon) return tell(Finding::ok("tls", text));
        tell(Finding::warning("tls", text,
                              "the registrar has to renew it; tell them if it stays so"));
    }

    void check_clock() {
        const std::string date = description_ ? description_->date : "";
        const auto there = from_http_date(date);
        if (!there) {
            return tell(Finding::warning("clock", "the registrar shows none to compare with",
                                         "compare it yourself: timedatectl"));
        }
        const auto apart = std::chrono::abs(parts_.now() - *there);
        const std::string text =
            fmt::format("{} s apart from the registrar's",
                        std::chrono::duration_cast<std::chrono::seconds>(apart).count());
        const std::string next = "set it by network: timedatectl set-ntp true";
        if (apart < 60s) return tell(Finding::ok("clock", text));
        if (apart < 1h) return tell(Finding::warning("clock", text, next));
        tell(Finding::wrong(ExitCode::some_orders_wrong, "clock", text, next));
    }

    bool is_logged_in() {
        try {
            account_ = parts_.queries().account();
            tell(Finding::ok("login", "the registrar lets " + settings_.reseller_id + " in"));
            return true;
        } catch (const QueryFailure& failure) {
            tell(failed("login", failure));
            return false;
        }
    }

    // Ages by the registrar's own clock: our session was used a moment ago.
    void check_sessions() {
        const std::vector<SessionRecord> sessions = parts_.queries().sessions();
        std::int64_t now =
            std::chrono::duration_cast<std::chrono::seconds>(parts_.now().time_since_epoch())
                .count();
        for (const SessionRecord& session : sessions) {
            if (session.is_ours && session.last_activity > 0) now = session.last_activity;
        }
        tell_session_count(sessions);
        for (const SessionRecord& session : sessions) {
            if (!session.is_ours) tell_session(session, now);
        }
    }

    void tell_session_count(const std::vector<SessionRecord>& sessions) {
        const std::string text =
            fmt::format("{} of usually {} open, ours among them", sessions.size(), kMostSessions);
        tell(sessions.size() < kManySessions
                 ? Finding::ok("sessions", text)
                 : Finding::warning("sessions", text,
                                    "when all are taken nobody gets in; close some in the web "
                                    "panel, or set registrar.lanes and the number of programs at "
                                    "once lower"));
    }

    void tell_session(const SessionRecord& session, std::int64_t now) {
        const std::int64_t idle = now - session.last_activity;
        const std::string text =
            fmt::format("one ending in {} is open for {}, idle for {}", session.id_ending,
                        in_words(now - session.opened), in_words(idle));
        if (idle < kLongIdleSeconds) return tell(Finding::ok("sessions", text));
        tell(Finding::warning("sessions", text,
                              "left over by a program that was killed, or a person in the web "
                              "panel: it ends after 20 idle minutes, or is closed there"));
    }

    void check_balance() {
        if (!account_.balance_cents) {
            return tell(Finding::warning("balance", "the registrar does not show it",
                                         "look at it in the web panel"));
        }
        const std::string& currency = settings_.balance_floor.currency;
        const std::int64_t left = *account_.balance_cents - settings_.balance_floor.cents;
        const std::string text = to_text({*account_.balance_cents, currency}) + ", floor " +
                                 to_text(settings_.balance_floor);
        if (left < 0) {
            return tell(Finding::wrong(ExitCode::service_refused, "balance", text,
                                       "pay in, or lower limits.balance_floor: below it nothing "
                                       "is sent"));
        }
        tell(left < settings_.max_price.cents
                 ? Finding::warning("balance", text,
                                    "pay in: an order at limits.max_price would not pass")
                 : Finding::ok("balance", text));
    }

    void check_description() {
        const std::string next =
            "compare the parts of its WSDL with the documentation before ordering";
        if (!description_) return tell(Finding::warning("wsdl", no_description_, next));
        if (description_->status != 200) {
            return tell(Finding::warning(
                "wsdl", fmt::format("not published here: HTTP {}", description_->status), next));
        }
        try {
            tell_comparison(compare_with_wsdl(description_->body, settings_.parameters));
        } catch (const std::runtime_error& unreadable) {
            tell(Finding::warning("wsdl", std::string("the text published ") + unreadable.what(),
                                  next));
        }
    }

    void tell_comparison(const WsdlComparison& comparison) {
        const bool by_position = settings_.parameters == NetimSettings::Parameters::position;
        for (const std::string& difference : comparison.wrong) {
            tell(Finding::wrong(ExitCode::some_orders_wrong, "wsdl", difference,
                                "order nothing: what is sent would arrive as something else"));
        }
        for (const std::string& difference : comparison.notes) {
            tell(Finding::warning("wsdl", difference,
                                  "sent by position it arrives; do not set registrar.parameters "
                                  "to names"));
        }
        if (!comparison.wrong.empty()) return;
        tell(Finding::ok(
            "wsdl", fmt::format("{} functions in the order in which we send ({})",
                                comparison.functions, by_position ? "by position" : "by name")));
    }

    const DoctorSettings& settings_;
    const DoctorParts& parts_;
    std::optional<HttpReply> description_;
    std::string no_description_;
    AccountRecord account_;
};

}  // namespace

bool check_registrar(const DoctorSettings& settings, const DoctorParts& parts) {
    return Examination(settings, parts).run();
}

ServiceDoor door_of(const std::string& address, const std::string& ca_file) {
    const auto endpoint = std::make_shared<HttpEndpoint>(address, ca_file);
    HttpRequest request;
    request.method = "GET";
    request.path = endpoint->path() + (endpoint->path().ends_with('/') ? "" : "/") + "api.wsdl";
    request.headers = {{"User-Agent", "domspool/" DOMSPOOL_VERSION}};
    request.deadline = std::chrono::seconds(30);
    request.size_limit = 4u << 20;
    return {[endpoint] { return endpoint->addresses(); },
            [endpoint, request] { return HttpConnection(endpoint).exchange(request); },
            [endpoint] { return endpoint->certificate_end(); }};
}

}  // namespace domspool
