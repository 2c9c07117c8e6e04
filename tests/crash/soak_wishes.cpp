#include "crash/soak_wishes.h"

#include <algorithm>

namespace domspool::test {

namespace {

const char* const kOwners[] = {
    "Nora,Field,1 Mill Lane,75001,Paris,FR,+33 123456789,nora@example.net,EN",
    "Otto,Brook,2 Mill Lane,75002,Paris,FR,+33 123456780,otto@example.net,EN",
    "Pia,Hill,3 Mill Lane,75003,Paris,FR,+33 123456781,pia@example.net,EN"};

constexpr const char* kOwnerColumns =
    "owner.firstName,owner.lastName,owner.address1,owner.zipCode,owner.city,owner.country,"
    "owner.phone,owner.email,owner.language";

constexpr int kMostOwned = 12;

std::string header_of(const std::string& kind) {
    const std::string all = "domain,reference";
    if (kind == "nameservers") return all + ",nameservers\n";
    if (kind == "trade") return all + "," + kOwnerColumns + ",lock\n";
    if (kind == "transfer") return all + "," + kOwnerColumns + ",auth_code,nameservers,lock\n";
    return all + "," + kOwnerColumns + ",years,privacy,lock\n";
}

}  // namespace

// Some become Pending first; .com and .net are Done at once.
std::string WishBook::new_domain() {
    const std::string name = "shop-" + std::to_string(++domains_);
    return (number(1, 3) == 1 ? "slow-" : "") + name + (number(1, 2) == 1 ? ".com" : ".net");
}

// One that other orders may be under way for.
std::string WishBook::owned_domain() {
    if (owned_.size() >= kMostOwned && number(1, 4) != 1) {
        return owned_[owned_.size() - 1 - static_cast<std::size_t>(number(0, kMostOwned - 1))];
    }
    owned_.push_back(new_domain());
    preparations_ += "add-domain " + owned_.back() + " ns=ns1.example.net,ns2.example.net\n";
    return owned_.back();
}

void WishBook::add_row(WishedFile& file, const std::string& kind) {
    Wish wish{kind, "", "W-" + std::to_string(wishes_.size() + 1), ""};
    const std::string owner = kOwners[number(0, 2)];
    if (kind == "nameservers") {
        wish.domain = owned_domain();
        const std::string number_of = std::to_string(number(1, 1'000'000));
        wish.nameservers = "ns1.n" + number_of + ".example.org ns2.n" + number_of + ".example.org";
        file.text += wish.domain + "," + wish.reference + "," + wish.nameservers + "\n";
    } else if (kind == "trade") {
        wish.domain = owned_domain();
        file.text += wish.domain + "," + wish.reference + "," + owner + ",\n";
    } else if (kind == "transfer") {
        wish.domain = new_domain();
        preparations_ +=
            "add-domain " + wish.domain + " outside authID=code-" + wish.reference + "\n";
        file.text += wish.domain + "," + wish.reference + "," + owner + ",code-" + wish.reference +
                     ",ns1.example.net ns2.example.net,on\n";
    } else {
        wish.domain = new_domain();
        file.text += wish.domain + "," + wish.reference + "," + owner + ",1," +
                     (number(1, 2) == 1 ? "on" : "") + ",on\n";
    }
    file.wishes.push_back(wish);
    wishes_.push_back(wish);
}

WishedFile WishBook::next() {
    static const std::vector<std::pair<std::string, std::string>> kinds = {
        {"register", "domain-register"},
        {"transfer", "domain-transfer"},
        {"trade", "domain-trade"},
        {"nameservers", "domain-nameservers"}};
    const auto& [kind, program] = kinds[static_cast<std::size_t>(number(0, 3))];
    WishedFile file{kind + "-" + std::to_string(++files_) + ".csv", program, header_of(kind), {}};
    for (int rows = number(1, 4); rows > 0; --rows) {
        add_row(file, kind);
        // Twice for one domain and kind in one file is refused by design.
        const auto& last = file.wishes.back();
        const bool is_doubled =
            std::count_if(file.wishes.begin(), file.wishes.end(),
                          [&](const Wish& each) { return each.domain == last.domain; }) > 1;
        if (!is_doubled) continue;
        file.text.erase(file.text.rfind('\n', file.text.size() - 2) + 1);
        file.wishes.pop_back();
        wishes_.pop_back();
    }
    return file;
}

std::string WishBook::take_preparations() {
    std::string commands;
    commands.swap(preparations_);
    return commands;
}

}  // namespace domspool::test
