#include "report/summary/font_cache.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace domspool {

namespace {

constexpr const char* kVariable = "XDG_CACHE_HOME";

}  // namespace

FontCache::FontCache() {
    std::error_code error;
    std::string folder = std::filesystem::temp_directory_path(error) / "domspool-fonts-XXXXXX";
    if (error || ::mkdtemp(folder.data()) == nullptr) return;
    folder_ = folder;
    if (const char* before = std::getenv(kVariable)) before_ = before;
    ::setenv(kVariable, folder_.c_str(), 1);
}

FontCache::~FontCache() {
    if (folder_.empty()) return;
    if (before_) {
        ::setenv(kVariable, before_->c_str(), 1);
    } else {
        ::unsetenv(kVariable);
    }
    std::error_code error;  // What is left over does no harm there.
    std::filesystem::remove_all(folder_, error);
}

}  // namespace domspool
