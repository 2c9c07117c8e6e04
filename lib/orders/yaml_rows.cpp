#include "orders/yaml_rows.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <streambuf>
#include <utility>

namespace domspool {

namespace {

// Reading cannot go on.
struct Stopped {
    YamlTrouble trouble;
};

int line_of(const YAML::Mark& mark) {
    return mark.line + 1;
}

bool is_auth_code(std::string_view key) {
    constexpr std::string_view kCode = "auth_code";
    return std::equal(key.begin(), key.end(), kCode.begin(), kCode.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

// yaml-cpp reads as far ahead as it needs to give the next event: a scalar of 50 MB would take four
// times as much memory. So the text ends in an exception when too much of it gave no event.
class WatchedText : public std::streambuf {
  public:
    WatchedText(const std::function<std::string_view()>& next, std::size_t most_without_event)
        : next_(next), most_(most_without_event) {}

    void event_came(int line) {
        since_event_ = 0;
        line_ = line;
        lines_.erase(lines_.begin(), lines_.lower_bound(line));
    }

    // What stands behind a plain value that begins there: "#4", or "" if nothing does.
    std::string comment_behind(std::string_view value, int line, std::size_t column) const {
        for (auto at = lines_.find(line); at != lines_.end(); ++at) {
            std::string_view text = at->second;
            text.remove_prefix(std::min(std::exchange(column, 0), text.size()));
            text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
            text = text.substr(0, text.find_last_not_of(" \t\r") + 1);
            if (text.size() > value.size() && text.starts_with(value)) {
                text.remove_prefix(value.size());
                const auto mark = text.find_first_not_of(" \t");
                const bool is_comment = mark > 0 && mark != text.npos && text[mark] == '#';
                return is_comment ? std::string(text.substr(mark)) : "";
            }
            if (!value.starts_with(text)) return "";
            value.remove_prefix(text.size());
            if (value.empty()) return "";
            value.remove_prefix(std::min(value.find_first_not_of(" \n"), value.size()));
        }
        return "";
    }

  protected:
    int_type underflow() override {
        if (gptr() == egptr()) {
            piece_ = next_();
            keep_lines();
            setg(piece_.data(), piece_.data(), piece_.data() + piece_.size());
        }
        return gptr() == egptr() ? traits_type::eof() : traits_type::to_int_type(*gptr());
    }

    std::streamsize xsgetn(char* to, std::streamsize count) override {
        const std::streamsize got = std::streambuf::xsgetn(to, count);
        since_event_ += static_cast<std::size_t>(got);
        if (since_event_ > most_) {
            throw Stopped{{line_, "",
                           "after this line stand more than " + std::to_string(most_) +
                               " bytes without an end of the value there"}};
        }
        return got;
    }

  private:
    // Those that no event has come behind, as far as they may hold a value.
    void keep_lines() {
        std::string_view rest = piece_;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            std::string& kept = lines_[lines_read_];
            kept += rest.substr(0, std::min(end, most_ - std::min(most_, kept.size())));
            if (end < rest.size()) ++lines_read_;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

    const std::function<std::string_view()>& next_;
    const std::size_t most_;
    std::map<int, std::string> lines_;
    int lines_read_ = 1;
    std::size_t since_event_ = 0;
    int line_ = 1;
    std::string piece_;
};

// Builds the parts from the parser's events.
class PartBuilder : public YAML::EventHandler {
  public:
    PartBuilder(const YamlLimits& limits, WatchedText& text,
                const std::function<void(YamlPart&&)>& take,
                const std::function<void(YamlTrouble&&)>& tell)
        : limits_(limits), text_(text), take_(take), tell_(tell) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ == 1) return;
        // What a comma outside of any list is for the library, again and again.
        throw Stopped{
            {line_of(mark), "",
             "begins a second document, or holds a comma outside of any list; a file holds "
             "one document"}};
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        text_.event_came(line_of(mark));
        refuse_anchor(mark, anchor);
        if (open_.empty()) return;  // An empty file.
        if (is_key_next()) return scalar(mark, "");
        // The parser notices it only at what comes next.
        const int line = open_.back().key ? open_.back().key_line : line_of(mark);
        tell(line, key_here(),
             "has no value: null, ~ and nothing at all are not accepted; write \"\" for nothing, "
             "or the word in quotes");
        add({YamlNode::Form::scalar, line_of(mark), "", {}});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        text_.event_came(line_of(mark));
        tell(line_of(mark), key_here(), "is an alias (*); write the value itself");
        if (is_key_next()) throw Stopped{{line_of(mark), "", "a key is a plain word"}};
        add({YamlNode::Form::scalar, line_of(mark), "", {}});
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        text_.event_came(line_of(mark));
        refuse_tag(mark, tag);
        refuse_anchor(mark, anchor);
        if (value.size() > limits_.scalar_bytes) {
            throw Stopped{{line_of(mark), key_here(),
                           "is larger than " + std::to_string(limits_.scalar_bytes) + " bytes"}};
        }
        const bool is_plain_value = tag == "?" && !open_.empty() && !is_key_next();
        scalar(mark, value,
               is_plain_value ? text_.comment_behind(value, line_of(mark),
                                                     static_cast<std::size_t>(mark.column))
                              : "");
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        begin(mark, tag, anchor, YamlNode::Form::list);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        begin(mark, tag, anchor, YamlNode::Form::map);
    }
    void OnMapEnd() override { end(); }

  private:
    // A mapping or list that is not closed yet.
    struct Open {
        YamlNode node;
        std::set<std::string> keys;
        std::optional<std::string> key;  // whose value comes next
        int key_line = 0;
        bool is_key_doubled = false;
    };

    void tell(int line, const std::string& field, const std::string& reason) {
        tell_({line, field, reason, false});
    }

    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0) tell(line_of(mark), key_here(), "carries an anchor (&); leave it out");
    }
    // "?" and "!" are what plain and quoted values carry without a tag.
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        tell(line_of(mark), key_here(), "carries a tag (!); leave it out");
    }

    bool is_key_next() const {
        return !open_.empty() && open_.back().node.form == YamlNode::Form::map && !open_.back().key;
    }
    // The innermost key; but nothing that stands below an EPP code, where it may be the code.
    std::string key_here() const {
        for (const Open& open : open_) {
            if (open.key && is_auth_code(*open.key)) return *open.key;
        }
        for (auto open = open_.rbegin(); open != open_.rend(); ++open) {
            if (open->key) return *open->key;
        }
        return "";
    }

    void scalar(const YAML::Mark& mark, const std::string& value, const std::string& comment = "") {
        if (open_.empty()) throw Stopped{{line_of(mark), "", no_mapping()}};
        if (!is_key_next()) return add({YamlNode::Form::scalar, line_of(mark), value, {}, comment});
        Open& map = open_.back();
        if (map.keys.size() >= limits_.keys) {
            throw Stopped{{line_of(mark), "",
                           "is one key more than the " + std::to_string(limits_.keys) +
                               " that a mapping may have"}};
        }
        map.is_key_doubled = !map.keys.insert(value).second;
        if (map.is_key_doubled) {
            const bool may_be_shown = !is_auth_code(key_here());
            tell(line_of(mark), may_be_shown ? value : key_here(),
                 "stands there twice; one of them is right");
        }
        map.key = value;
        map.key_line = line_of(mark);
    }

    static std::string no_mapping() {
        return "is no order file: a mapping with `orders:` is wanted at its top";
    }

    void begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
               YamlNode::Form form) {
        text_.event_came(line_of(mark));
        refuse_tag(mark, tag);
        refuse_anchor(mark, anchor);
        if (open_.empty() && form != YamlNode::Form::map) {
            throw Stopped{{line_of(mark), "", no_mapping()}};
        }
        if (is_key_next()) throw Stopped{{line_of(mark), "", "a key is a plain word"}};
        // The library keeps forty bytes of each to the end.
        if (++mappings_ > limits_.mappings) {
            throw Stopped{{line_of(mark), "",
                           "is one entry more than the " + std::to_string(limits_.mappings) +
                               " that a file may have; put some orders into another file"}};
        }
        if (open_.size() >= static_cast<std::size_t>(limits_.depth)) {
            throw Stopped{{line_of(mark), key_here(),
                           "is nested deeper than " + std::to_string(limits_.depth) + " levels"}};
        }
        open_.push_back({{form, line_of(mark), "", {}}, {}, std::nullopt, 0, false});
    }

    void end() {
        YamlNode node = std::move(open_.back().node);
        open_.pop_back();
        // The members of a section were handed out one by one.
        if (open_.size() > 1) return add(std::move(node));
        if (open_.size() == 1) open_.front().key.reset();
    }

    void add(YamlNode&& node) {
        if (++nodes_ > limits_.nodes) {
            throw Stopped{
                {node.line, key_here(),
                 "is part of an entry of more than " + std::to_string(limits_.nodes) + " values"}};
        }
        if (open_.back().is_key_doubled) {
            open_.back().is_key_doubled = false;
            open_.back().key.reset();
            return;
        }
        const bool is_part = open_.size() <= 2;
        if (is_part) return hand_out(std::move(node));
        Open& parent = open_.back();
        parent.node.members.push_back({parent.key.value_or(""), std::move(node)});
        parent.key.reset();
    }

    void hand_out(YamlNode&& node) {
        nodes_ = 0;
        YamlPart part;
        part.section = open_.front().key.value_or("");
        part.line = node.line;
        if (open_.size() == 1) {
            part.line = open_.front().key_line;
            open_.front().key.reset();
        } else if (open_.back().node.form == YamlNode::Form::map) {
            part.place = YamlPart::Place::map_member;
            part.name = open_.back().key.value_or("");
            part.line = open_.back().key_line;
            open_.back().key.reset();
        } else {
            part.place = YamlPart::Place::list_item;
        }
        part.node = std::move(node);
        take_(std::move(part));
    }

    const YamlLimits& limits_;
    WatchedText& text_;
    const std::function<void(YamlPart&&)>& take_;
    const std::function<void(YamlTrouble&&)>& tell_;
    std::vector<Open> open_;
    std::size_t nodes_ = 0;
    std::size_t mappings_ = 0;
    int documents_ = 0;
};

}  // namespace

void read_yaml_parts(const std::function<std::string_view()>& next, const YamlLimits& limits,
                     const std::function<void(YamlPart&&)>& take,
                     const std::function<void(YamlTrouble&&)>& tell) {
    WatchedText text(next, 4 * limits.scalar_bytes);
    std::istream in(&text);
    PartBuilder builder(limits, text, take, tell);
    try {
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) continue;
    } catch (const Stopped& stopped) {
        YamlTrouble trouble = stopped.trouble;
        trouble.ends_reading = true;
        tell(std::move(trouble));
    } catch (const YAML::Exception& broken) {
        tell({line_of(broken.mark), "", "is broken YAML here: " + broken.msg, true});
    }
}

}  // namespace domspool
