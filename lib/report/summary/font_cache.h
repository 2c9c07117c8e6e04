// Where the font library may note what it found, while something is drawn.
#pragma once

#include <optional>
#include <string>

namespace domspool {

// As long as the object lives, $XDG_CACHE_HOME is a folder of its own below the temporary one; it
// goes with the object. Without a folder it may write to, fontconfig complains on standard error,
// whoever the user and whatever $HOME. If none can be made, nothing is changed. One at a time,
// while no other thread reads the environment.
class FontCache {
  public:
    FontCache();
    ~FontCache();
    FontCache(const FontCache&) = delete;
    FontCache& operator=(const FontCache&) = delete;

  private:
    std::string folder_;
    std::optional<std::string> before_;
};

}  // namespace domspool
