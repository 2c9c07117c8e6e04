#include "app/yaml_section.h"

#include "app/yaml_limits.h"
#include "util/failure.h"
#include "util/nearest_word.h"
#include "util/visible_text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace domspool {

namespace {

constexpr std::size_t kMostOfSettings = 100;

bool is_quoted(const YAML::Node& node) {
    return node.Tag() == "!";
}

YAML::Node nothing() {
    return YAML::Node(YAML::NodeType::Undefined);
}

}  // namespace

struct YamlFile::Inside {
    std::string file;
    YAML::Node document = nothing();
    std::vector<std::string> problems;
    std::size_t more_problems = 0;
    std::vector<std::string> known_keys;

    void add(const YAML::Mark& mark, const std::string& text) {
        add(mark.is_null() ? 0 : mark.line + 1, text);
    }
    // Line 0: the whole file.
    void add(int line, const std::string& text) {
        if (problems.size() >= kMostOfSettings) {
            ++more_problems;
            return;
        }
        const std::string place = line == 0 ? "" : ":" + std::to_string(line);
        problems.push_back(file + place + ": " + text);
    }

    void parse(const std::string& text) {
        if (const auto fault = fault_of_yaml(text)) return add(fault->line, fault->reason);
        try {
            const YAML::Node loaded = YAML::Load(text);
            if (loaded.IsNull()) return add(0, "is empty");
            document = loaded;
        } catch (const YAML::Exception& broken) {
            add(broken.mark, "no valid YAML: " + visible_text(broken.msg));
        }
    }
};

YamlFile::YamlFile(const std::string& text, std::string file)
    : inside_(std::make_unique<Inside>()) {
    inside_->file = std::move(file);
    inside_->parse(text);
}

YamlFile::~YamlFile() = default;

void YamlFile::require_faultless(const std::string& what) const {
    const std::vector<std::string>& problems = inside_->problems;
    if (problems.empty()) return;
    const std::string count = std::to_string(problems.size() + inside_->more_problems);
    std::string message = "cannot use " + what + " '" + inside_->file + "': " + count +
                          (problems.size() == 1 ? " problem" : " problems");
    for (const std::string& problem : problems) message += "\n  " + problem;
    if (inside_->more_problems > 0) {
        message += "\n  and " + std::to_string(inside_->more_problems) + " more";
    }
    throw RunFailure(ExitCode::settings_or_ledger, message);
}

std::vector<std::string> YamlFile::known_keys() const {
    return inside_->known_keys;
}

struct YamlSection::Inside {
    YamlFile::Inside& file;
    YAML::Node map;
    std::string name;
    std::vector<std::string> asked = {};
    struct Entry {
        YAML::Node value;
        YAML::Mark mark;
    };
    std::map<std::string, Entry> entries = {};  // those with a plain word for a key

    std::string prefix() const { return name.empty() ? "" : name + "."; }
    std::string full_name(const std::string& key) const { return prefix() + key; }

    void require_map() {
        if (!map.IsDefined()) return;
        if (!map.IsMap()) {
            file.add(map.Mark(), (name.empty() ? "the file" : "'" + name + "'") +
                                     " must be a list of 'key: value'");
            map = nothing();
            return;
        }
        for (const auto& entry : map) {
            if (entry.first.IsScalar()) take_entry(entry.first, entry.second);
        }
    }

    // The library takes the first and is silent about the second.
    void take_entry(const YAML::Node& key, const YAML::Node& value) {
        if (entries.try_emplace(key.Scalar(), Entry{value, key.Mark()}).second) return;
        file.add(key.Mark(), "'" + full_name(key.Scalar()) + "' is given twice");
    }

    YAML::Node find(const std::string& key) {
        if (std::ranges::find(asked, key) == asked.end()) asked.push_back(key);
        const auto entry = entries.find(key);
        return entry == entries.end() ? nothing() : entry->second.value;
    }

    YAML::Node find_value(const std::string& key) {
        const std::string full = full_name(key);
        auto& known = file.known_keys;
        if (std::ranges::find(known, full) == known.end()) known.push_back(full);
        return find(key);
    }

    // Where the key stands; the library places an empty value on the line after it.
    YAML::Mark mark_of(const std::string& key) const {
        if (!map.IsDefined()) return YAML::Mark::null_mark();
        const auto entry = entries.find(key);
        return entry == entries.end() ? map.Mark() : entry->second.mark;
    }

    void fault(const std::string& key, const std::string& reason) {
        file.add(mark_of(key), full_name(key) + " " + visible_text(reason));
    }

    bool is_scalar(const YAML::Node& node, const std::string& key) {
        if (!node.IsDefined()) return false;
        if (node.IsNull()) {
            fault(key, "has no value; give one, or take the line away for its default");
            return false;
        }
        const bool has_tag = node.Tag() != "?" && node.Tag() != "!" && !node.Tag().empty();
        if (node.IsScalar() && !has_tag) return true;
        fault(key, has_tag ? "carries a YAML tag; give the plain value" : "must be a single value");
        return false;
    }
};

YamlSection YamlFile::top() {
    auto inside =
        std::make_unique<YamlSection::Inside>(YamlSection::Inside{*inside_, inside_->document, ""});
    inside->require_map();
    return YamlSection(std::move(inside));
}

YamlSection::YamlSection(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
YamlSection::YamlSection(YamlSection&&) noexcept = default;
YamlSection::~YamlSection() = default;

YamlSection YamlSection::section(const std::string& key) {
    auto inside = std::make_unique<Inside>(
        Inside{inside_->file, inside_->find(key), inside_->full_name(key)});
    inside->require_map();
    return YamlSection(std::move(inside));
}

bool YamlSection::has(const std::string& key) {
    return inside_->find(key).IsDefined();
}

std::vector<std::string> YamlSection::keys() const {
    std::vector<std::string> keys;
    if (!inside_->map.IsDefined()) return keys;
    for (const auto& entry : inside_->map) {
        if (entry.first.IsScalar()) keys.push_back(entry.first.Scalar());
    }
    return keys;
}

std::string YamlSection::text(const std::string& key, const std::string& by_default) {
    const YAML::Node node = inside_->find_value(key);
    return inside_->is_scalar(node, key) ? node.Scalar() : by_default;
}

std::string YamlSection::path(const std::string& key, const std::string& by_default) {
    const std::string path = text(key, by_default);
    if (!path.empty() && path.front() != '/') {
        fault(key, "must be an absolute path, not '" + path + "'");
    }
    return path;
}

int YamlSection::number(const std::string& key, int by_default, int least, int most) {
    const YAML::Node node = inside_->find_value(key);
    if (!inside_->is_scalar(node, key)) return by_default;
    const std::string& word = node.Scalar();
    int number = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = read.ec == std::errc() && read.ptr == word.data() + word.size();
    if (!is_quoted(node) && is_number && number >= least && number <= most) return number;
    fault(key, "must be a whole number from " + std::to_string(least) + " to " +
                   std::to_string(most) + ", not '" + word + "'");
    return by_default;
}

bool YamlSection::flag(const std::string& key, bool by_default) {
    const YAML::Node node = inside_->find_value(key);
    if (!inside_->is_scalar(node, key)) return by_default;
    if (!is_quoted(node) && node.Scalar() == "true") return true;
    if (!is_quoted(node) && node.Scalar() == "false") return false;
    fault(key, "must be true or false, not '" + node.Scalar() + "'");
    return by_default;
}

std::optional<std::size_t> YamlSection::word_of(const std::string& key,
                                                const std::vector<std::string>& words) {
    const YAML::Node node = inside_->find_value(key);
    if (!inside_->is_scalar(node, key)) return std::nullopt;
    const auto found = std::ranges::find(words, node.Scalar());
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    std::string choices;
    for (const std::string& word : words) choices += (choices.empty() ? "" : ", ") + word;
    fault(key, "must be one of " + choices + ", not '" + node.Scalar() + "'");
    return std::nullopt;
}

std::optional<Money> YamlSection::money(const std::string& key) {
    const YAML::Node node = inside_->find_value(key);
    if (!inside_->is_scalar(node, key)) return std::nullopt;
    const std::optional<Money> money = parse_money(node.Scalar());
    if (!money) {
        fault(key,
              "must be an amount with its currency such as '50 EUR', not '" + node.Scalar() + "'");
    }
    return money;
}

std::vector<std::string> YamlSection::list(const std::string& key) {
    const YAML::Node node = inside_->find_value(key);
    if (!node.IsDefined()) return {};
    if (!node.IsSequence()) {
        fault(key, "must be a list such as [one, two]");
        return {};
    }
    std::vector<std::string> entries;
    for (const YAML::Node& entry : node) {
        if (entry.IsScalar()) {
            entries.push_back(entry.Scalar());
        } else {
            fault(key, "must be a list of plain words");
        }
    }
    return entries;
}

void YamlSection::fault(const std::string& key, const std::string& reason) {
    inside_->fault(key, reason);
}

void YamlSection::require(const std::string& key, const std::string& example) {
    if (has(key)) return;
    fault(key, "is missing; it has no default. Add: " + example);
}

void YamlSection::refuse_unknown() {
    if (!inside_->map.IsDefined()) return;
    for (const auto& entry : inside_->map) {
        if (!entry.first.IsScalar()) {
            inside_->file.add(entry.first.Mark(), "a key must be a plain word");
            continue;
        }
        const std::string& key = entry.first.Scalar();
        if (std::ranges::find(inside_->asked, key) != inside_->asked.end()) continue;
        inside_->file.add(entry.first.Mark(),
                          "unknown key '" + visible_text(inside_->full_name(key)) + "'" +
                              did_you_mean(key, inside_->asked, inside_->prefix()));
    }
}

}  // namespace domspool
