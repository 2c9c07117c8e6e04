#include "sandbox/control.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "sandbox/domain_words.h"
#include "sandbox/operation_life.h"

namespace domspool::sandbox {

namespace {

std::string next_word(std::istringstream& words, const char* what) {
    std::string word;
    if (!(words >> word)) throw std::invalid_argument(std::string("missing: ") + what);
    return word;
}

double decimal(const std::string& text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || !std::isfinite(number)) {
        throw std::invalid_argument("no number: '" + text + "'");
    }
    return number;
}

std::int64_t whole(const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) {
        throw std::invalid_argument("no whole number: '" + text + "'");
    }
    return number;
}

std::int64_t cents(const std::string& text) {
    return static_cast<std::int64_t>(std::llround(decimal(text) * 100));
}

std::string rest_of(std::istringstream& words) {
    std::string rest;
    std::getline(words >> std::ws, rest);
    return rest;
}

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

// "idOwner=JD501", "ns=a.example,b.example", "status=ACTIVE,_NOT_DELEGATED"
void set_field(Fields& fields, const std::string& word) {
    const auto equal = word.find('=');
    if (equal == std::string::npos) throw std::invalid_argument("no NAME=VALUE: '" + word + "'");
    const std::string name = word.substr(0, equal);
    std::string value = word.substr(equal + 1);
    for (char& c : value) {
        if (name == "ns" && c == ',') c = ' ';
        if (name == "status" && c == '_') c = ' ';
    }
    fields[name] = value;
}

}  // namespace

std::string ControlDesk::obey_all(const std::string& lines) {
    std::istringstream stream(lines);
    std::string answers;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        try {
            answers += obey(line) + "\n";
        } catch (const std::invalid_argument& problem) {
            all_well_ = false;
            answers += std::string("error: ") + problem.what() + "\n";
        }
    }
    return answers;
}

std::string ControlDesk::obey(const std::string& line) {
    end_due(state_, now_);
    std::istringstream words(line);
    const std::string verb = next_word(words, "command");
    if (verb == "start-operation") return "ok " + start_operation(words);
    if (verb == "misbehave") {
        misbehaviour_.add(read_rule(next_word(words, "rule")));
    } else if (verb == "behave") {
        misbehaviour_.clear();
    } else if (!steer_operations(verb, words) && !steer_account(verb, words) &&
               !steer_domains(verb, words)) {
        throw std::invalid_argument("unknown command '" + verb + "'");
    }
    return "ok";
}

bool ControlDesk::steer_operations(const std::string& verb, std::istringstream& words) {
    if (verb == "finish" || verb == "fail" || verb == "cancel" || verb == "revive") {
        end_operation(verb, words);
    } else if (verb == "finish-all") {
        for (const Operation& operation : state_.pending_operations()) end_done(state_, operation);
    } else if (verb == "hold") {
        const std::string value = next_word(words, "on or off");
        if (value != "on" && value != "off") throw std::invalid_argument("hold is on or off");
        settings_.hold_pending = value == "on";
    } else if (verb == "delay") {
        const double seconds = decimal(next_word(words, "seconds"));
        if (seconds < 0) throw std::invalid_argument("a delay is not negative");
        settings_.delay = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    } else if (verb == "open" || verb == "close") {
        const std::string extension = next_word(words, "extension");
        const std::string operation = lower(next_word(words, "operation code"));
        if (extension_named(extension) == nullptr) {
            throw std::invalid_argument("unknown extension '" + extension + "'");
        }
        settings_.open_by_hand[lower(extension) + " " + operation] = verb == "open";
    } else {
        return false;
    }
    return true;
}

void ControlDesk::end_operation(const std::string& verb, std::istringstream& words) {
    const std::string number = next_word(words, "operation id");
    const auto operation = state_.operation(whole(number));
    if (!operation) throw std::invalid_argument("unknown operation " + number);
    const bool is_pending = operation->status == "Pending";
    if (is_pending == (verb == "revive") || operation->status == "Done") {
        throw std::invalid_argument("operation " + number + " is " + operation->status);
    }
    if (verb == "finish") {
        end_done(state_, *operation);
    } else if (verb == "fail") {
        const std::string text = rest_of(words);
        end_failed(state_, *operation, text.empty() ? "refused by hand" : text);
    } else if (verb == "cancel") {
        end_cancelled(state_, *operation);
    } else {
        const auto due = settings_.hold_pending
                             ? std::nullopt
                             : std::optional<Millis>(now_ + settings_.delay.count());
        revive(state_, *operation, due);
    }
}

// An operation that somebody else on the account has started.
std::string ControlDesk::start_operation(std::istringstream& words) {
    Operation operation{.code = next_word(words, "operation code"),
                        .target = next_word(words, "domain"),
                        .status = "Pending",
                        .submitted_at = now_};
    for (std::string word; words >> word;) set_field(operation.effect, word);
    return std::to_string(state_.add_operation(operation));
}

bool ControlDesk::steer_account(const std::string& verb, std::istringstream& words) {
    if (verb == "set-balance") {
        state_.set_balance_cents(cents(next_word(words, "amount")));
    } else if (verb == "raise-fee") {
        const std::string extension = lower(next_word(words, "extension"));
        settings_.fee_changes_cents[extension] = cents(next_word(words, "amount"));
    } else if (verb == "advance") {
        const double seconds = decimal(next_word(words, "seconds"));
        state_.set_clock_ahead(state_.clock_ahead() + static_cast<Millis>(seconds * 1000));
        now_ += static_cast<Millis>(seconds * 1000);
        end_due(state_, now_);
    } else if (verb == "expire-sessions") {
        state_.end_all_sessions();
    } else if (verb == "open-sessions") {
        open_sessions(words);
    } else {
        return false;
    }
    return true;
}

// Sessions of people in the web panel; they count, but nobody here knows their ids.
void ControlDesk::open_sessions(std::istringstream& words) {
    const std::int64_t count = whole(next_word(words, "number"));
    const std::size_t before = state_.sessions().size();
    for (std::int64_t i = 0; i < count; ++i) {
        std::string id = std::to_string(before) + std::to_string(i);
        id.insert(0, 32 - std::min<std::size_t>(32, id.size()), 'f');
        state_.add_session({.id = id, .opened_at = now_, .active_at = now_});
    }
}

bool ControlDesk::steer_domains(const std::string& verb, std::istringstream& words) {
    if (verb == "add-domain") {
        add_domain(words);
    } else if (verb == "set-domain") {
        set_domain(words);
    } else if (verb == "drop-domain") {
        state_.delete_domain(lower(next_word(words, "domain")));
    } else {
        return false;
    }
    return true;
}

void ControlDesk::add_domain(std::istringstream& words) {
    Domain domain{.name = lower(next_word(words, "domain")), .in_account = true, .fields = {}};
    if (extension_of(domain.name) == nullptr) {
        throw std::invalid_argument("unknown extension of '" + domain.name + "'");
    }
    const std::string today = wire_date(now_);
    domain.fields = {{"dateCreate", today},
                     {"dateExpiration", date_plus(today, 1, 0)},
                     {"status", "ACTIVE, DELEGATED"},
                     {"idAdmin", settings_.reseller_id},
                     {"idTech", settings_.reseller_id},
                     {"idBilling", settings_.reseller_id},
                     {"ns", settings_.default_nameservers},
                     {"authID", new_auth_code()}};
    for (std::string word; words >> word;) {
        if (word == "outside") {
            domain.in_account = false;
        } else {
            set_field(domain.fields, word);
        }
    }
    // A domain elsewhere: the code it was given is the one a transfer must bring.
    if (!domain.in_account) domain.fields["expectedAuthID"] = field_of(domain.fields, "authID");
    state_.set_domain(domain);
}

void ControlDesk::set_domain(std::istringstream& words) {
    const std::string name = lower(next_word(words, "domain"));
    auto domain = state_.domain(name);
    if (!domain) throw std::invalid_argument("unknown domain '" + name + "'");
    for (std::string word; words >> word;) set_field(domain->fields, word);
    state_.set_domain(*domain);
}

}  // namespace domspool::sandbox
