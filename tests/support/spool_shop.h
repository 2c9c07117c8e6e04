// A shop with a spool, and the eyes to look into it.
#pragma once

#include "support/shop.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace domspool::test {

class SpoolShop : public Shop {
  public:
    explicit SpoolShop(SettingChanges changes = {},
                       std::vector<std::string> sandbox_options = {"--delay", "0"})
        : Shop(with_no_waiting(std::move(changes)), std::move(sandbox_options)) {}

    std::string spool() const { return *this / "spool"; }

    void drop(const std::string& name, const std::string& text) const {
        write_text(spool() + "/incoming/" + name, text);
    }
    std::string text(const std::string& name) const { return read_text(spool() + "/" + name); }

    // Names, sorted.
    std::vector<std::string> files_in(const std::string& folder) const {
        return names_in(spool() + "/" + folder);
    }
    std::vector<std::string> archived() const { return names_in(archive()); }
    std::string archived_text(const std::string& name) const {
        return read_text(archive() + "/" + name);
    }

    static std::string all_text_below(const std::string& folder) {
        std::string all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file()) all += read_text(entry.path().string());
        }
        return all;
    }

  private:
    static SettingChanges with_no_waiting(SettingChanges changes) {
        changes["spool.settle_seconds"] = "0";
        return changes;
    }

    static std::vector<std::string> names_in(const std::string& folder) {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }

    // The one month there is (at the turn of a month a test may see two: then it fails once).
    std::string archive() const {
        for (const auto& entry : std::filesystem::directory_iterator(spool() + "/done")) {
            return entry.path().string();
        }
        return spool() + "/done";
    }
};

}  // namespace domspool::test
