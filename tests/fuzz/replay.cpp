// In place of a fuzzer's engine: each file of the folders named is fed once, whole, and cut at
// every 16th byte.
#include "fuzz/fuzzed.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

int feed(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::size_t size = 0; size < text.size(); size += 16) LLVMFuzzerTestOneInput(bytes, size);
    LLVMFuzzerTestOneInput(bytes, text.size());
    return 1;
}

}  // namespace

int main(int count, char** words) {
    int fed = 0;
    for (int i = 1; i < count; ++i) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(words[i])) {
            if (entry.is_regular_file()) fed += feed(entry.path());
        }
    }
    std::printf("%d files\n", fed);
    return fed > 0 ? 0 : 1;
}
