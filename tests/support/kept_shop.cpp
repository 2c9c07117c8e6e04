#include "support/kept_shop.h"

namespace domspool::test {

namespace fs = std::filesystem;

KeptShop::KeptShop(Shop& shop) : shop_(shop), ahead_(shop.ahead()) {
    make_same(place_ / "shop", shop_.folder());
    shop_.registrar().keep_state(place_ / "registrar");
}

void KeptShop::put_back() const {
    shop_.let_pass(ahead_ - shop_.ahead());
    make_same(shop_.folder(), place_ / "shop");
    shop_.registrar().take_state(place_ / "registrar");
}

void make_same(const fs::path& folder, const fs::path& other) {
    fs::create_directories(folder);
    for (const auto& entry : fs::directory_iterator(folder)) fs::remove_all(entry.path());
    // Two names of one file become two files; nothing in a shop minds.
    fs::copy(other, folder, fs::copy_options::recursive);
    for (const auto& entry : fs::recursive_directory_iterator(other)) {
        fs::permissions(folder / fs::relative(entry.path(), other), entry.status().permissions());
    }
}

}  // namespace domspool::test
