#include "support/scratch.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <exception>
#include <sstream>
#include <stdexcept>

namespace domspool::test {

namespace {

int failures_so_far() {
    const auto* options = doctest::getContextOptions();
    if (options == nullptr || options->currentTest == nullptr) return 0;
    return doctest::is_running_in_test ? static_cast<int>(std::uncaught_exceptions()) : 0;
}

}  // namespace

Scratch::Scratch() : failures_before_(failures_so_far()) {
    const char* top = std::getenv("TMPDIR");
    std::string pattern = std::string(top != nullptr ? top : "/tmp") + "/domspool-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    path_ = pattern;
}

Scratch::~Scratch() {
    if (failures_so_far() > failures_before_) {
        std::cerr << "kept for a look: " << path_ << "\n";
        return;
    }
    std::error_code ignored;  // A leftover in the temporary folder harms nobody.
    std::filesystem::remove_all(path_, ignored);
}

std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void write_text(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace domspool::test
