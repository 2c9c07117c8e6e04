// What a soak orders: files of all four kinds, several orders for one domain among them.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace domspool::test {

// One row of an order file.
struct Wish {
    std::string kind;  // as in the `order` column
    std::string domain;
    std::string reference;  // of this wish alone
    std::string nameservers;
    bool lock = false, privacy = false, auto_renew = false;  // "on" is wished
};

struct WishedFile {
    std::string name;  // "register-17.csv": the kind is in it
    std::string program;
    std::string text;
    std::vector<Wish> wishes;
};

// Draws order files. The same seed gives the same files.
class WishBook {
  public:
    explicit WishBook(unsigned seed) : random_(seed) {}

    WishedFile next();
    // Commands that put the domains of all files so far where their orders expect them: outside for
    // transfers, in the account for the others. To be given to the sandbox before the file is run.
    std::string take_preparations();
    const std::vector<Wish>& wishes() const { return wishes_; }
    // Domains of the account that trades and nameserver changes are for.
    const std::vector<std::string>& owned() const { return owned_; }

  private:
    int number(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random_);
    }
    bool once_in(int times) { return number(1, times) == 1; }
    std::string new_domain();
    std::string owned_domain();
    std::string registered_domain();
    std::string row_of_nameservers(Wish& wish);
    std::string row_of_trade(Wish& wish);
    std::string row_of_transfer(Wish& wish);
    std::string row_of_registration(Wish& wish);
    void add_row(WishedFile& file, const std::string& kind);

    std::mt19937 random_;
    int domains_ = 0, files_ = 0;
    std::vector<std::string> owned_, registered_;
    std::string preparations_;
    std::vector<Wish> wishes_;
};

}  // namespace domspool::test
