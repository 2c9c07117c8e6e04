#include "mail/smtp_mailer.h"

#include "util/http_endpoint.h"
#include "util/redact.h"
#include "util/socket_deadline.h"
#include "util/utf8.h"
#include "util/visible_text.h"

#include <Poco/Net/DialogSocket.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SMTPClientSession.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <sstream>

namespace domspool {

namespace {

namespace net = Poco::Net;
using Milliseconds = std::chrono::milliseconds;
using Instant = std::chrono::steady_clock::time_point;
using Tls = SmtpSettings::Tls;

constexpr std::size_t kLongestCause = 300;

Milliseconds left_until(Instant until) {
    return std::max(std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now()),
                    Milliseconds(1));
}

std::string readable(const std::string& text) {
    std::string line = visible_text(redact::clean(text));
    return utf8::shortened(line, kLongestCause);
}

// The server's answer ends the exchange, or the mail itself is refused for good.
class Refusal : public std::runtime_error {
  public:
    Refusal(Delivery::Verdict verdict, const std::string& what)
        : std::runtime_error(what), verdict_(verdict) {}
    Delivery::Verdict verdict() const { return verdict_; }

  private:
    Delivery::Verdict verdict_;
};

[[noreturn]] void fail(const std::string& act, int status, const std::string& answer) {
    throw Refusal(Delivery::Verdict::not_now,
                  act + (status == 0 && answer.empty() ? ": the connection ended" : ": " + answer));
}

// One word of an answer such as "250-AUTH PLAIN LOGIN", whatever its case.
bool offers(const std::string& answer, const std::string& keyword, const std::string& word) {
    std::istringstream lines(answer);
    for (std::string line; std::getline(lines, line);) {
        std::ranges::replace(line, '-', ' ');
        std::ranges::replace(line, '=', ' ');
        std::ranges::transform(line, line.begin(),
                               [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        std::istringstream words(line);
        bool is_keyword = false;
        for (std::string next; words >> next;) {
            if (next == keyword) is_keyword = true;
            if (is_keyword && next == word) return true;
        }
    }
    return false;
}

class Session : public net::SMTPClientSession {
  public:
    Session(const net::StreamSocket& socket, const SmtpSettings& settings)
        : net::SMTPClientSession(socket), settings_(settings) {}

    void greet() { login(settings_.own_name, offered_); }

    // Nothing that came in the clear counts any more: the server is greeted anew.
    void begin_tls(HttpEndpoint& endpoint, Milliseconds longest) {
        if (!offers(offered_, "STARTTLS", "STARTTLS")) {
            throw Refusal(Delivery::Verdict::not_now,
                          "the server does not offer STARTTLS, so nothing was sent");
        }
        std::string answer;
        const int status = sendCommand("STARTTLS", answer);
        if (!isPositiveCompletion(status)) fail("STARTTLS was refused", status, answer);
        socket() = endpoint.make_secure(socket(), longest);
        greet();
    }

    void log_in() {
        const std::string& password = settings_.password.reveal();
        if (offers(offered_, "AUTH", "PLAIN")) {
            loginUsingPlain(settings_.user, password);
        } else if (offers(offered_, "AUTH", "LOGIN")) {
            loginUsingLogin(settings_.user, password);
        } else {
            throw Refusal(Delivery::Verdict::not_now,
                          "the server offers neither AUTH PLAIN nor AUTH LOGIN");
        }
    }

    // Returns the recipients that were refused; not all of them.
    std::vector<std::string> announce(const Mail& mail) {
        std::string answer;
        int status = sendCommand("MAIL FROM:<" + mail.from.address() + ">", answer);
        if (!isPositiveCompletion(status)) fail("the sender was refused", status, answer);
        std::vector<std::string> refused;
        for (const MailAddress& to : mail.to) {
            status = sendCommand("RCPT TO:<" + to.address() + ">", answer);
            if (status == 0) fail("the recipient " + to.address(), status, answer);
            if (!isPositiveCompletion(status)) {
                refused.push_back(to.address() + ": " + readable(answer));
            }
        }
        if (refused.size() < mail.to.size()) return refused;
        fail("no recipient was accepted", status, refused.empty() ? "none given" : refused.front());
    }

    void send(const std::string& text) {
        sendData();
        std::istringstream bytes(text);
        try {
            sendMessage(bytes);
        } catch (const net::SMTPException& error) {
            const bool is_for_good = isPermanentNegative(error.code());
            throw Refusal(is_for_good ? Delivery::Verdict::never : Delivery::Verdict::not_now,
                          error.displayText());
        }
    }

    void take_back() {
        std::string answer;
        const int status = sendCommand("RSET", answer);
        if (!isPositiveCompletion(status)) fail("the end of the rehearsal", status, answer);
    }

    // Without waiting for the answer: it changes nothing.
    void leave() { socket().sendMessage("QUIT"); }

  private:
    const SmtpSettings& settings_;
    std::string offered_;
};

std::string url_of(const SmtpSettings& settings) {
    const bool is_v6 = settings.host.find(':') != std::string::npos;
    return std::string(settings.tls == Tls::none ? "http://" : "https://") + (is_v6 ? "[" : "") +
           settings.host + (is_v6 ? "]:" : ":") + std::to_string(settings.port) + "/";
}

void enter(Session& session, const SmtpSettings& settings, HttpEndpoint& endpoint, Instant until) {
    session.greet();
    if (settings.tls == Tls::starttls) session.begin_tls(endpoint, left_until(until));
    if (!settings.user.empty()) session.log_in();
}

Delivery exchange(const SmtpSettings& settings, const Mail& mail, bool is_to_be_sent,
                  HttpEndpoint& endpoint, net::StreamSocket& socket, Instant until) {
    socket.setReceiveTimeout(Poco::Timespan(left_until(until).count() * 1000));
    Session session(socket, settings);
    session.setTimeout(Poco::Timespan(left_until(until).count() * 1000));
    enter(session, settings, endpoint, until);
    Delivery delivery;
    delivery.refused = session.announce(mail);
    if (is_to_be_sent) {
        session.send(mail.text);
    } else {
        session.take_back();
    }
    delivery.verdict = Delivery::Verdict::accepted;
    try {
        session.leave();
    } catch (const Poco::Exception&) {
        // The mail is the server's already.
    }
    return delivery;
}

Delivery failed(Delivery::Verdict verdict, const std::string& cause) {
    return {verdict, readable(cause), {}};
}

}  // namespace

Delivery SmtpMailer::deliver(const Mail& mail) {
    return talk(mail, Upto::sent);
}

Delivery SmtpMailer::rehearse(const Mail& mail) {
    return talk(mail, Upto::announced);
}

Delivery SmtpMailer::talk(const Mail& mail, Upto upto) {
    const Instant until = std::chrono::steady_clock::now() + settings_.deadline;
    try {
        HttpEndpoint endpoint(url_of(settings_), settings_.ca_file, settings_.deadline);
        net::StreamSocket socket = settings_.tls == Tls::tls ? endpoint.connect(left_until(until))
                                   : settings_.tls == Tls::starttls
                                       ? endpoint.connect_plain(left_until(until))
                                       : endpoint.connect(left_until(until));
        SocketDeadline deadline(socket.impl()->sockfd());
        deadline.arm(left_until(until));
        try {
            return exchange(settings_, mail, upto == Upto::sent, endpoint, socket, until);
        } catch (const std::exception&) {
            if (!deadline.has_struck()) throw;
            return failed(Delivery::Verdict::not_now, "the exchange took too long");
        }
    } catch (const Refusal& refusal) {
        return failed(refusal.verdict(), refusal.what());
    } catch (const Poco::Exception& error) {
        return failed(Delivery::Verdict::not_now, error.displayText());
    } catch (const std::runtime_error& error) {
        return failed(Delivery::Verdict::not_now, error.what());
    }
}

}  // namespace domspool
