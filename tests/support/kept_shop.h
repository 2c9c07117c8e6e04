// A shop as it was at one moment, to be had again as often as wanted.
#pragma once

#include "support/shop.h"

namespace domspool::test {

// Takes the files of the shop's folder, the registrar's state (the call log too) and how far the
// clocks are ahead. The sandbox is started anew by both: what it keeps for one run only (rules of
// misbehaviour, hold, delay) is then as in its options.
class KeptShop {
  public:
    explicit KeptShop(Shop& shop);
    void put_back() const;

  private:
    Shop& shop_;
    Scratch place_;
    std::chrono::seconds ahead_;
};

// Empties the folder and copies into it all that lies in the other, with its rights.
void make_same(const std::filesystem::path& folder, const std::filesystem::path& other);

}  // namespace domspool::test
