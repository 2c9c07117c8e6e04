// A YAML file that a person wrote, read strictly: every key asked for is known, all others are
// problems, and all problems are told at once with file and line.
#pragma once

#include "orders/money.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace domspool {

class YamlSection;

// One document. Doubled keys, tags, null values and a second document are problems too.
class YamlFile {
  public:
    // `file` is only shown.
    YamlFile(const std::string& text, std::string file);
    ~YamlFile();
    YamlFile(const YamlFile&) = delete;
    YamlFile& operator=(const YamlFile&) = delete;

    YamlSection top();
    // RunFailure settings_or_ledger with all problems, if there are any; `what` is "the settings".
    void require_faultless(const std::string& what) const;
    // The full names of all keys asked for so far, sections not among them: "registrar.lanes".
    std::vector<std::string> known_keys() const;

  private:
    friend class YamlSection;
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

// One mapping of the file. An absent section gives every default. The file outlives it.
class YamlSection {
  public:
    YamlSection(YamlSection&&) noexcept;
    ~YamlSection();

    YamlSection section(const std::string& key);
    bool has(const std::string& key);
    // The keys that are there; asking for them makes none known.
    std::vector<std::string> keys() const;

    std::string text(const std::string& key, const std::string& by_default);
    // Absolute: cron starts programs in a folder of its own.
    std::string path(const std::string& key, const std::string& by_default);
    int number(const std::string& key, int by_default, int least, int most);
    bool flag(const std::string& key, bool by_default);
    std::optional<Money> money(const std::string& key);
    std::vector<std::string> list(const std::string& key);

    template <typename Choice>
    Choice choice(const std::string& key, Choice by_default,
                  std::initializer_list<std::pair<const char*, Choice>> choices) {
        std::vector<std::string> words;
        for (const auto& each : choices) words.emplace_back(each.first);
        const std::optional<std::size_t> place = word_of(key, words);
        return place ? (choices.begin() + *place)->second : by_default;
    }

    void fault(const std::string& key, const std::string& reason);
    void require(const std::string& key, const std::string& example);
    // To be called when all known keys have been asked for.
    void refuse_unknown();

  private:
    friend class YamlFile;
    struct Inside;
    explicit YamlSection(std::unique_ptr<Inside> inside);
    std::optional<std::size_t> word_of(const std::string& key,
                                       const std::vector<std::string>& words);
    std::unique_ptr<Inside> inside_;
};

}  // namespace domspool
