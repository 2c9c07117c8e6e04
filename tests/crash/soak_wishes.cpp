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
    const std::string with_owner = all + "," + kOwnerColumns;
    if (kind == "nameservers") return all + ",nameservers\n";
    if (kind == "trade") return with_owner + ",tag\n";
    if (kind == "transfer") {
        return with_owner + ",auth_code,nameservers,lock,auto_renew,new_auth_code\n";
    }
    return with_owner + ",years,zone_template,lock,privacy,auto_renew,tag,note\n";
}

std::string on(bool wished) {
    return wished ? ",on" : ",";
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

// Mostly a new one; now and then one that was wished before and may be under way.
std::string WishBook::registered_domain() {
    if (!registered_.empty() && once_in(20)) {
        const int back = std::min<int>(static_cast<int>(registered_.size()), kMostOwned);
        return registered_[registered_.size() - static_cast<std::size_t>(number(1, back))];
    }
    registered_.push_back(new_domain());
    return registered_.back();
}

std::string WishBook::row_of_nameservers(Wish& wish) {
    wish.domain = owned_domain();
    const std::string zone = "n" + std::to_string(number(1, 1'000'000)) + ".example.org";
    wish.nameservers = "ns1." + zone + " ns2." + zone;
    return "," + wish.nameservers;
}

std::string WishBook::row_of_trade(Wish& wish) {
    wish.domain = owned_domain();
    return std::string(",") + kOwners[number(0, 2)] + (once_in(3) ? ",traded" : ",");
}

std::string WishBook::row_of_transfer(Wish& wish) {
    wish.domain = new_domain();
    const std::string code = "code-" + wish.reference;
    preparations_ += "add-domain " + wish.domain + " outside authID=" + code + "\n";
    wish.lock = once_in(2);
    wish.auto_renew = once_in(3);
    return std::string(",") + kOwners[number(0, 2)] + "," + code +
           ",ns1.example.net ns2.example.net" + on(wish.lock) + on(wish.auto_renew) +
           (once_in(2) ? ",no" : ",yes");
}

std::string WishBook::row_of_registration(Wish& wish) {
    wish.domain = registered_domain();
    wish.lock = !once_in(3);
    wish.privacy = once_in(2);
    wish.auto_renew = once_in(3);
    return std::string(",") + kOwners[number(0, 2)] + ",1" + (once_in(3) ? ",2" : ",") +
           on(wish.lock) + on(wish.privacy) + on(wish.auto_renew) + (once_in(4) ? ",spring" : ",") +
           (once_in(4) ? ",by phone" : ",");
}

void WishBook::add_row(WishedFile& file, const std::string& kind) {
    Wish wish;
    wish.kind = kind;
    wish.reference = "W-" + std::to_string(wishes_.size() + 1);
    const std::string rest = kind == "nameservers" ? row_of_nameservers(wish)
                             : kind == "trade"     ? row_of_trade(wish)
                             : kind == "transfer"  ? row_of_transfer(wish)
                                                   : row_of_registration(wish);
    file.text += wish.domain + "," + wish.reference + rest + "\n";
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
