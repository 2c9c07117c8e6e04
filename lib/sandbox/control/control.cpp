#include "sandbox/control/control.h"

#include "sandbox/control/control_words.h"
#include "sandbox/functions/domain_words.h"
#include "sandbox/model/letter_case.h"
#include "sandbox/model/operation_life.h"

#include <cmath>
#include <stdexcept>

namespace domspool::sandbox {

namespace {

constexpr double kLongestDelay = 1e8;    // seconds
constexpr double kLongestAdvance = 1e9;  // seconds
constexpr Millis kFarthestAhead = 4'000'000'000'000;
constexpr std::int64_t kMostPanelSessions = 1000;

Millis millis(double seconds) {
    return static_cast<Millis>(std::llround(seconds * 1000));
}

}  // namespace

std::string Control::obey_all(const std::string& lines) {
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

std::string Control::obey(const std::string& line) {
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

bool Control::steer_operations(const std::string& verb, std::istringstream& words) {
    if (verb == "finish" || verb == "fail" || verb == "cancel" || verb == "revive") {
        end_operation(verb, words);
    } else if (verb == "finish-all") {
        for (const Operation& operation : state_.pending_operations()) end_done(state_, operation);
    } else if (verb == "hold") {
        const std::string value = next_word(words, "on or off");
        if (value != "on" && value != "off") throw std::invalid_argument("hold is on or off");
        settings_.hold_pending = value == "on";
    } else if (verb == "delay") {
        const double seconds = decimal(next_word(words, "seconds"), 0, kLongestDelay);
        settings_.delay = std::chrono::milliseconds(millis(seconds));
    } else if (verb == "open" || verb == "close") {
        const std::string extension = known_extension(words);
        const std::string operation = known_operation_code(words);
        settings_.open_by_hand[extension + " " + operation] = verb == "open";
    } else {
        return false;
    }
    return true;
}

void Control::end_operation(const std::string& verb, std::istringstream& words) {
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
std::string Control::start_operation(std::istringstream& words) {
    Operation operation{.code = next_word(words, "operation code"),
                        .target = next_word(words, "domain"),
                        .status = "Pending",
                        .submitted_at = now_};
    const bool is_contact = operation.code.starts_with("contact");
    if (!is_contact) operation.target = lower(operation.target);
    for (std::string word; words >> word;) {
        if (is_contact) {
            const FieldWord field = read_field(word);
            operation.effect[field.name] = field.value;
        } else {
            set_domain_field(operation.effect, word);
        }
    }
    return std::to_string(state_.add_operation(operation));
}

bool Control::steer_account(const std::string& verb, std::istringstream& words) {
    if (verb == "set-balance") {
        state_.set_balance_cents(cents(next_word(words, "amount")));
    } else if (verb == "raise-fee") {
        const std::string extension = known_extension(words);
        settings_.fee_changes_cents[extension] = cents(next_word(words, "amount"));
    } else if (verb == "advance") {
        advance(decimal(next_word(words, "seconds"), -kLongestAdvance, kLongestAdvance));
    } else if (verb == "expire-sessions") {
        state_.end_all_sessions();
    } else if (verb == "open-sessions") {
        open_sessions(words);
    } else {
        return false;
    }
    return true;
}

void Control::advance(double seconds) {
    const Millis ahead = state_.clock_ahead() + millis(seconds);
    if (ahead > kFarthestAhead || ahead < -kFarthestAhead) {
        throw std::invalid_argument("the clock would be too far off");
    }
    state_.set_clock_ahead(ahead);
    now_ += millis(seconds);
    end_due(state_, now_);
}

// Sessions of people in the web panel; they count, but nobody here knows their ids.
void Control::open_sessions(std::istringstream& words) {
    const std::int64_t count = whole(next_word(words, "number"));
    if (count < 0 || count > kMostPanelSessions) {
        throw std::invalid_argument("0 to " + std::to_string(kMostPanelSessions) + " sessions");
    }
    for (std::int64_t i = 0; i < count; ++i) {
        state_.add_session({.id = new_session_id(), .opened_at = now_, .active_at = now_});
    }
}

bool Control::steer_domains(const std::string& verb, std::istringstream& words) {
    if (verb == "add-domain") {
        add_domain(words);
    } else if (verb == "set-domain") {
        set_domain(words);
    } else if (verb == "drop-domain") {
        state_.delete_domain(known_domain(words).name);
    } else {
        return false;
    }
    return true;
}

void Control::add_domain(std::istringstream& words) {
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
            set_domain_field(domain.fields, word);
        }
    }
    // A domain elsewhere: the code it was given is the one a transfer must bring.
    if (!domain.in_account) domain.fields["expectedAuthID"] = field_of(domain.fields, "authID");
    state_.set_domain(domain);
}

Domain Control::known_domain(std::istringstream& words) {
    const std::string name = lower(next_word(words, "domain"));
    auto domain = state_.domain(name);
    if (!domain) throw std::invalid_argument("unknown domain '" + name + "'");
    return *domain;
}

void Control::set_domain(std::istringstream& words) {
    Domain domain = known_domain(words);
    for (std::string word; words >> word;) set_domain_field(domain.fields, word);
    state_.set_domain(domain);
}

}  // namespace domspool::sandbox
