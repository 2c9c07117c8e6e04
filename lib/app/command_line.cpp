#include "app/command_line.h"

#include "util/exit_codes.h"
#include "util/failure.h"
#include "util/nearest_word.h"

#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/Option.h>
#include <Poco/Util/OptionException.h>
#include <Poco/Util/OptionProcessor.h>
#include <Poco/Util/OptionSet.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace domspool {

using namespace Poco::Util;

namespace {

template <typename Entry>
const Entry* find(const std::vector<Entry>& entries, std::string_view name) {
    const auto found = std::ranges::find(entries, name, &Entry::name);
    return found == entries.end() ? nullptr : &*found;
}

template <typename Entry>
std::vector<std::string> names_of(const std::vector<Entry>& entries) {
    std::vector<std::string> names;
    for (const Entry& entry : entries) names.push_back(entry.name);
    return names;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

OptionSet options_in(const std::vector<OptionSpec>& specs) {
    OptionSet options;
    for (const OptionSpec& spec : specs) {
        const std::string only = spec.verbs.empty() ? "" : " (" + joined(spec.verbs) + ")";
        Option option(spec.name, "", spec.help + only);
        if (!spec.value.empty()) option.argument(spec.value);
        options.addOption(option);
    }
    return options;
}

// As Poco lays them out, less its heading; of each line that much is left out at the beginning.
// Values are shown behind a blank, as people write them.
std::string lines_of(const OptionSet& options, std::size_t cut = 0) {
    constexpr int kTextWidth = 77;
    HelpFormatter formatter(options);
    formatter.setUnixStyle(true);
    formatter.setAutoIndent();
    formatter.setWidth(kTextWidth);
    std::stringstream made;
    formatter.format(made);
    std::string text, line;
    std::getline(made, line);
    while (std::getline(made, line)) {
        const std::size_t end = line.find_first_of("= ");
        if (end != std::string::npos && line[end] == '=') line[end] = ' ';
        line.erase(line.find_last_not_of(' ') + 1);
        text += "  " + line.substr(cut) + "\n";
    }
    return text;
}

bool has_heading(const std::string& text, const std::string& heading) {
    return text.starts_with(heading + " ") || text.find("\n" + heading + " ") != std::string::npos;
}

// Its own, then the common ones it does not leave out.
std::vector<OptionSpec> options_of(const ProgramManual& manual) {
    std::vector<OptionSpec> options = manual.options;
    for (const OptionSpec& option : std::initializer_list<OptionSpec>{
             {"config", "FILE", "the settings; default /etc/domspool/config.yaml"},
             {"check", "", "read and validate only: no network, no credentials, no ledger"},
             {"dry-run", "", "ask, price and plan, but change nothing"},
             {"json", "", "print one JSON object per order and line"},
             {"quiet", "", "print only what needs a person"},
             {"verbose", "", "print more on the way"},
             {"version", "", "print the version"},
             {"help", "", "print this"}}) {
        const auto& without = manual.without;
        if (std::ranges::find(without, option.name) == without.end()) options.push_back(option);
    }
    return options;
}

}  // namespace

std::string ProgramManual::name() const {
    constexpr std::string_view kHeading = "NAME";
    const std::size_t begin = text.find_first_not_of(' ', text.find(kHeading) + kHeading.size());
    const std::size_t end = text.find(':', begin);
    DOMSPOOL_ASSERT(begin != std::string::npos && end != std::string::npos);
    return text.substr(begin, end - begin);
}

CommandLine::CommandLine(const ProgramManual& manual, const std::vector<std::string>& words)
    : manual_(manual) {
    manual_.options = options_of(manual);
    const OptionSet known = options_in(manual_.options);
    OptionProcessor processor(known);
    processor.setUnixStyle(true);
    bool only_arguments = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        only_arguments = only_arguments || words[i] == "--";
        const bool is_option = !only_arguments && words[i] != "-" && words[i].starts_with('-');
        take(is_option ? whole_option(words, i) : words[i], processor);
    }
    if (has("help") || has("version")) return;
    take_verb();
    require_fitting_options();
    require_fitting_arguments();
}

void CommandLine::take(const std::string& word, OptionProcessor& processor) {
    std::string name, value;
    try {
        if (!processor.process(word, name, value)) {
            arguments_.push_back(word);
        } else if (!name.empty()) {
            given_[name] = value;
        }
    } catch (const DuplicateOptionException&) {
        refuse("'" + word.substr(0, word.find('=')) + "' is given twice");
    } catch (const UnexpectedArgumentException&) {
        refuse("'" + word.substr(0, word.find('=')) + "' takes no value");
    }
}

// The option with its value in one word, `at` moved on to the last word taken. Poco alone would
// take abbreviations, any letter case and a colon, and the next option for a forgotten value.
std::string CommandLine::whole_option(const std::vector<std::string>& words,
                                      std::size_t& at) const {
    const std::string& word = words[at];
    if (!word.starts_with("--")) refuse("short options are not known: '" + word + "'");
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const OptionSpec* option = find(manual_.options, name);
    if (option == nullptr) {
        refuse("unknown option '--" + name + "'" +
               did_you_mean(name, names_of(manual_.options), "--"));
    }
    if (option->value.empty() || equals != std::string::npos) return word;
    const bool has_value =
        at + 1 < words.size() && (words[at + 1] == "-" || !words[at + 1].starts_with('-'));
    if (!has_value) refuse("'--" + name + "' needs a value: --" + name + " " + option->value);
    return word + "=" + words[++at];
}

void CommandLine::take_verb() {
    if (manual_.verbs.empty()) return;
    const std::vector<std::string> known = names_of(manual_.verbs);
    if (arguments_.empty()) refuse("says not what to do; one of: " + joined(known));
    verb_ = arguments_.front();
    arguments_.erase(arguments_.begin());
    const VerbSpec* verb = find(manual_.verbs, verb_);
    if (verb == nullptr) refuse("unknown word '" + verb_ + "'" + did_you_mean(verb_, known));
    manual_.least_arguments = verb->least;
    manual_.most_arguments = verb->most;
}

void CommandLine::require_fitting_options() const {
    for (const auto& [name, value] : given_) {
        const std::vector<std::string>& verbs = find(manual_.options, name)->verbs;
        if (!verbs.empty() && std::ranges::find(verbs, verb_) == verbs.end()) {
            refuse("'--" + name + "' does not go with '" + verb_ +
                   "', only with: " + joined(verbs));
        }
    }
}

void CommandLine::require_fitting_arguments() const {
    if (arguments_.size() < manual_.least_arguments) {
        refuse("too little is named: it needs " + std::to_string(manual_.least_arguments) +
               (manual_.least_arguments == 1 ? " argument" : " arguments") + " at least");
    }
    if (arguments_.size() > manual_.most_arguments) {
        refuse("does not know what to do with '" + arguments_[manual_.most_arguments] + "'");
    }
}

void CommandLine::refuse(const std::string& reason) const {
    throw RunFailure(ExitCode::usage, reason + "\nTry: " + manual_.name() + " --help");
}

bool CommandLine::has(std::string_view option) const {
    return given_.find(option) != given_.end();
}

std::optional<std::string> CommandLine::value(std::string_view option) const {
    DOMSPOOL_ASSERT(find(manual_.options, option) != nullptr);
    const auto found = given_.find(option);
    return found == given_.end() ? std::nullopt : std::optional(found->second);
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

std::optional<UtcTime> CommandLine::day(std::string_view option) const {
    const std::optional<std::string> text = value(option);
    if (!text) return std::nullopt;
    const auto day = from_iso(*text + "T00:00:00.000Z");
    if (!day) {
        refuse("'--" + std::string(option) + "' must be a day, written 2026-12-24, not '" + *text +
               "'");
    }
    return day;
}

std::string help_text(const ProgramManual& manual) {
    std::string text = manual.text.substr(manual.text.starts_with('\n') ? 1 : 0);
    for (const char* heading : {"NAME", "READS", "WRITES", "EXIT", "AFTER CRASH"}) {
        DOMSPOOL_ASSERT(has_heading(text, heading));
    }
    OptionSet verbs;
    for (const VerbSpec& verb : manual.verbs) {
        const std::string arguments = verb.arguments.empty() ? "" : " " + verb.arguments;
        verbs.addOption(Option(verb.name + arguments, "", verb.help));
    }
    if (!manual.verbs.empty()) text += "\nWHAT TO DO\n" + lines_of(verbs, 2);
    return text + "\nOPTIONS\n" + lines_of(options_in(options_of(manual))) + "\nEXIT CODES\n" +
           exit_code_lines();
}

}  // namespace domspool
