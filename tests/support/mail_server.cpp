#include "support/mail_server.h"

#include <openssl/pem.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace domspool::test {

namespace {

void write_identity(const TlsIdentity& identity, const std::string& path) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
    const bool is_written = file && PEM_write_X509(file.get(), identity.certificate.get()) == 1 &&
                            PEM_write_PrivateKey(file.get(), identity.key.get(), nullptr, nullptr,
                                                 0, nullptr, nullptr) == 1;
    if (!is_written) throw std::runtime_error("cannot write " + path);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string line_of(std::istream& in) {
    std::string line;
    std::getline(in, line);
    return line;
}

std::string from_base64(const std::string& text) {
    static const std::string digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned value = 0;
    int bits = 0;
    for (const char c : text) {
        const auto digit = digits.find(c);
        if (digit == std::string::npos) continue;
        value = value << 6 | static_cast<unsigned>(digit);
        if ((bits += 6) < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(value >> bits & 0xFF);
    }
    return bytes;
}

TakenMail read_mail(const std::string& path) {
    std::string text = read_text(path);
    std::erase(text, '\r');
    std::istringstream in(text);
    TakenMail mail;
    mail.sender = line_of(in);
    std::istringstream recipients(line_of(in));
    for (std::string one; recipients >> one;) mail.recipients.push_back(one);
    mail.user = line_of(in);
    mail.was_secure = line_of(in) == "yes";
    mail.text = text.substr(static_cast<std::size_t>(in.tellg()));
    return mail;
}

}  // namespace

std::string TakenMail::header(const std::string& name) const {
    std::istringstream lines(text.substr(0, text.find("\n\n")));
    std::string value;
    bool is_wanted = false;
    for (std::string line; std::getline(lines, line);) {
        const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
        if (!goes_on) is_wanted = lower(line).starts_with(lower(name) + ":");
        if (!is_wanted) continue;
        if (!goes_on && !value.empty()) return "(twice)";
        value += goes_on ? line : line.substr(name.size() + 2);
    }
    return value;
}

std::string TakenMail::part(const std::string& type) const {
    const auto at = text.find("Content-Type: " + type + ";");
    if (at == std::string::npos) return "";
    const auto begin = text.find("\n\n", at) + 2;
    return from_base64(text.substr(begin, text.find("\n--", begin) - begin));
}

MailServer::MailServer() : MailServer(Wish{}) {}

MailServer::MailServer(const Wish& wish) {
    if (wish.tls != "none") {
        const TlsAuthority authority;
        authority.write_certificate(ca_file());
        write_identity(authority.issue(wish.certified_name), scratch_ / "mail.pem");
    }
    ProgramCall call{.program = "/usr/bin/python3",
                     .arguments = {std::string(SOURCE_DIR) + "/tests/support/mail_server.py",
                                   scratch_.path().string(), wish.mode, wish.tls}};
    if (!wish.user.empty()) {
        call.arguments.push_back(wish.user);
        call.arguments.push_back(wish.password);
    }
    call.environment["PYTHONDONTWRITEBYTECODE"] = "1";
    call.time_limit = std::chrono::seconds(600);
    program_ = std::make_unique<RunningProgram>(call);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!program_->out_so_far().ends_with('\n')) {
        if (std::chrono::steady_clock::now() > until) {
            throw std::runtime_error("the mail server does not start");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    port_ = static_cast<std::uint16_t>(std::stoi(program_->out_so_far()));
}

std::vector<TakenMail> MailServer::mails() const {
    std::vector<TakenMail> mails;
    for (int number = 1;; ++number) {
        const std::string path = scratch_ / (std::to_string(number) + ".eml");
        if (!std::filesystem::exists(path)) return mails;
        mails.push_back(read_mail(path));
    }
}

}  // namespace domspool::test
