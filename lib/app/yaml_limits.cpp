#include "app/yaml_limits.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

namespace domspool {

namespace {

constexpr int kMostLevels = 16;
constexpr int kMostValues = 100'000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Measuring : public YAML::EventHandler {
  public:
    explicit Measuring(const std::string& text)
        : text_(text), mark_bytes_(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        const std::size_t at = mark_bytes_ + static_cast<std::size_t>(mark.pos);
        if (at < text_.size() && text_[at] == ',') {
            fail(mark, "a comma stands here outside of any list; take it away");
        }
        if (++documents_ > 1) fail(mark, "holds more than one document: the second begins here");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { count(mark); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { count(mark); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  const std::string&) override {
        count(mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        begin(mark);
    }
    void OnSequenceEnd() override { --levels_; }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        begin(mark);
    }
    void OnMapEnd() override { --levels_; }

  private:
    [[noreturn]] static void fail(const YAML::Mark& mark, const std::string& reason) {
        throw YamlFault{mark.line + 1, reason};
    }
    void begin(const YAML::Mark& mark) {
        count(mark);
        if (++levels_ <= kMostLevels) return;
        fail(mark, "is nested deeper than " + std::to_string(kMostLevels) + " levels");
    }
    void count(const YAML::Mark& mark) {
        if (++values_ <= kMostValues) return;
        fail(mark, "holds more than " + std::to_string(kMostValues) + " values");
    }

    const std::string& text_;
    const std::size_t mark_bytes_;
    int documents_ = 0, levels_ = 0, values_ = 0;
};

}  // namespace

std::optional<YamlFault> fault_of_yaml(const std::string& text) {
    std::istringstream in(text);
    Measuring measuring(text);
    try {
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(measuring)) continue;
    } catch (const YamlFault& fault) {
        return fault;
    } catch (const YAML::Exception&) {
        return std::nullopt;  // Told with its place by who reads it.
    }
    return std::nullopt;
}

}  // namespace domspool
