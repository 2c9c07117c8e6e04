#include "app/command_line.h"

#include "util/exit_codes.h"
#include "util/failure.h"
#include "util/nearest_word.h"

#include <algorithm>
#include <charconv>

namespace domspool {

namespace {

const OptionSpec* find_option(const std::vector<OptionSpec>& options, std::string_view name) {
    const auto found = std::ranges::find(options, name, &OptionSpec::name);
    return found == options.end() ? nullptr : &*found;
}

const VerbSpec* find_verb(const std::vector<VerbSpec>& verbs, std::string_view word) {
    const auto found = std::ranges::find(verbs, word, &VerbSpec::word);
    return found == verbs.end() ? nullptr : &*found;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

constexpr std::size_t kTextWidth = 79;

// Words in lines of at most kTextWidth, each line behind `indent` blanks; the first goes on a line
// that is `begun` characters long already.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t begun) {
    std::string lines(indent > begun ? indent - begun : 0, ' ');
    std::size_t column = std::max(indent, begun);
    bool fresh = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!fresh && column + 1 + word.size() > kTextWidth) {
            lines.append("\n").append(indent, ' ');
            column = indent;
            fresh = true;
        }
        if (!fresh) lines += ' ';
        lines.append(word);
        column += word.size() + (fresh ? 0 : 1);
        fresh = false;
    }
    return lines + "\n";
}

std::string entry(const std::string& left, const std::string& right) {
    constexpr std::size_t kColumn = 27;
    const std::string begun = "  " + left;
    if (begun.size() + 2 <= kColumn) return begun + wrapped(right, kColumn, begun.size());
    return begun + "\n" + wrapped(right, kColumn, 0);
}

bool has_heading(const std::string& text, const std::string& heading) {
    return text.starts_with(heading + " ") || text.find("\n" + heading + " ") != std::string::npos;
}

std::string without_first_line_end(const std::string& text) {
    return text.starts_with('\n') ? text.substr(1) : text;
}

}  // namespace

const std::vector<OptionSpec>& common_options() {
    static const std::vector<OptionSpec> options{
        {"config", "FILE", "the settings; default /etc/domspool/config.yaml"},
        {"check", "", "read and validate only: no network, no credentials, no ledger"},
        {"dry-run", "", "ask, price and plan, but change nothing"},
        {"json", "", "print one JSON object per order and line"},
        {"quiet", "", "print only what needs a person"},
        {"verbose", "", "print more on the way"},
        {"version", "", "print the version"},
        {"help", "", "print this"},
    };
    return options;
}

std::vector<OptionSpec> options_of(const ProgramManual& manual) {
    std::vector<OptionSpec> options = manual.options;
    for (const OptionSpec& option : common_options()) {
        const bool left_out =
            std::ranges::find(manual.without, option.name) != manual.without.end();
        if (!left_out && find_option(options, option.name) == nullptr) options.push_back(option);
    }
    return options;
}

std::string ProgramManual::name() const {
    constexpr std::string_view kHeading = "NAME";
    const std::size_t begin = text.find_first_not_of(' ', text.find(kHeading) + kHeading.size());
    const std::size_t end = text.find(':', begin);
    DOMSPOOL_ASSERT(begin != std::string::npos && end != std::string::npos);
    return text.substr(begin, end - begin);
}

CommandLine::CommandLine(const ProgramManual& manual, const std::vector<std::string>& words)
    : program_(manual.name()),
      options_(options_of(manual)),
      verbs_(manual.verbs),
      least_arguments_(manual.least_arguments),
      most_arguments_(manual.most_arguments) {
    bool only_arguments = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (only_arguments || word == "-" || !word.starts_with('-')) {
            arguments_.push_back(word);
        } else if (word == "--") {
            only_arguments = true;
        } else {
            i = take_option(words, i);
        }
    }
    if (has("help") || has("version")) return;
    take_verb();
    require_fitting_options();
    require_fitting_arguments();
}

// Returns the place of the last word taken.
std::size_t CommandLine::take_option(const std::vector<std::string>& words, std::size_t at) {
    const std::string& word = words[at];
    if (!word.starts_with("--")) refuse("short options are not known: '" + word + "'");
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const OptionSpec* option = find_option(options_, name);
    if (option == nullptr) {
        std::vector<std::string> known;
        for (const OptionSpec& each : options_) known.push_back(each.name);
        refuse("unknown option '--" + name + "'" + did_you_mean(name, known, "--"));
    }
    if (has(name) && !option->repeatable) refuse("'--" + name + "' is given twice");
    if (option->value.empty()) {
        if (equals != std::string::npos) refuse("'--" + name + "' takes no value");
        given_[name];
        return at;
    }
    if (equals != std::string::npos) {
        given_[name].push_back(word.substr(equals + 1));
        return at;
    }
    // A value may begin with a dash only behind '=': "--config --json" is a forgotten value.
    const bool has_value =
        at + 1 < words.size() && (words[at + 1] == "-" || !words[at + 1].starts_with('-'));
    if (!has_value) refuse("'--" + name + "' needs a value: --" + name + " " + option->value);
    given_[name].push_back(words[at + 1]);
    return at + 1;
}

void CommandLine::take_verb() {
    if (verbs_.empty()) return;
    std::vector<std::string> known;
    for (const VerbSpec& verb : verbs_) known.push_back(verb.word);
    if (arguments_.empty()) refuse("says not what to do; one of: " + joined(known));
    verb_ = arguments_.front();
    arguments_.erase(arguments_.begin());
    const VerbSpec* verb = find_verb(verbs_, verb_);
    if (verb == nullptr) refuse("unknown word '" + verb_ + "'" + did_you_mean(verb_, known));
    least_arguments_ = verb->least;
    most_arguments_ = verb->most;
}

void CommandLine::require_fitting_options() const {
    for (const auto& [name, values] : given_) {
        const OptionSpec* option = find_option(options_, name);
        const std::vector<std::string>& verbs = option->verbs;
        if (!verbs.empty() && std::ranges::find(verbs, verb_) == verbs.end()) {
            refuse("'--" + name + "' does not go with '" + verb_ +
                   "', only with: " + joined(verbs));
        }
    }
}

void CommandLine::require_fitting_arguments() const {
    if (arguments_.size() < least_arguments_) {
        refuse("too little is named: it needs " + std::to_string(least_arguments_) +
               (least_arguments_ == 1 ? " argument" : " arguments") + " at least");
    }
    if (arguments_.size() > most_arguments_) {
        refuse("does not know what to do with '" + arguments_[most_arguments_] + "'");
    }
}

void CommandLine::refuse(const std::string& reason) const {
    throw RunFailure(ExitCode::usage, reason + "\nTry: " + program_ + " --help");
}

bool CommandLine::has(std::string_view option) const {
    return given_.find(option) != given_.end();
}

std::vector<std::string> CommandLine::values(std::string_view option) const {
    DOMSPOOL_ASSERT(find_option(options_, option) != nullptr);
    const auto found = given_.find(option);
    return found == given_.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::string> CommandLine::value(std::string_view option) const {
    const std::vector<std::string> all = values(option);
    if (all.empty()) return std::nullopt;
    return all.back();
}

std::optional<std::int64_t> CommandLine::number(std::string_view option, std::int64_t least,
                                                std::int64_t most) const {
    const std::optional<std::string> text = value(option);
    if (!text) return std::nullopt;
    std::int64_t number = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
    const bool is_number = read.ec == std::errc() && read.ptr == text->data() + text->size();
    if (!is_number || number < least || number > most) {
        refuse("'--" + std::string(option) + "' must be a whole number from " +
               std::to_string(least) + " to " + std::to_string(most) + ", not '" + *text + "'");
    }
    return number;
}

std::string help_text(const ProgramManual& manual) {
    std::string text = without_first_line_end(manual.text);
    for (const char* heading : {"NAME", "READS", "WRITES", "EXIT", "AFTER CRASH"}) {
        DOMSPOOL_ASSERT(has_heading(text, heading));
    }
    if (!manual.verbs.empty()) text += "\nWHAT TO DO\n";
    for (const VerbSpec& verb : manual.verbs) {
        text += entry(verb.word + (verb.arguments.empty() ? "" : " " + verb.arguments), verb.help);
    }
    text += "\nOPTIONS\n";
    for (const OptionSpec& option : options_of(manual)) {
        const std::string only = option.verbs.empty() ? "" : " (" + joined(option.verbs) + ")";
        text += entry("--" + option.name + (option.value.empty() ? "" : " " + option.value),
                      option.help + only);
    }
    return text + "\nEXIT CODES\n" + exit_code_lines();
}

}  // namespace domspool
