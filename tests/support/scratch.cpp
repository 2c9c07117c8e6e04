#include "support/scratch.h"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace domspool::test {

Scratch::Scratch() : exceptions_before_(std::uncaught_exceptions()) {
    const char* top = std::getenv("TMPDIR");
    std::string pattern = std::string(top != nullptr ? top : "/tmp") + "/domspool-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    path_ = pattern;
}

Scratch::~Scratch() {
    // A failed REQUIRE leaves by an exception.
    if (std::uncaught_exceptions() > exceptions_before_) {
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
