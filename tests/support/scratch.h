// A folder of a test's own.
#pragma once

#include <filesystem>
#include <string>

namespace domspool::test {

// Made under $TMPDIR (or /tmp) with mode 0700; removed at the end unless the test failed.
class Scratch {
  public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
    int exceptions_before_;
};

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);

}  // namespace domspool::test
