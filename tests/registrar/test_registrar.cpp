// What any registrar keeps: the same cases on the one in memory that other tests use, and on the
// client against the sandbox, by position and by name.
#include "registrar/netim_registrar.h"
#include "registrar/registrar.h"
#include "support/fake_registrar.h"
#include "support/ready.h"
#include "support/sandbox_process.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

using namespace domspool;
using domspool::test::FakeRegistrar;
using domspool::test::ready;
using domspool::test::SandboxProcess;

namespace {

// A registrar with an open .com, and a hand that ends what is pending.
class World {
  public:
    virtual ~World() = default;
    virtual RegistrarQueries& queries() = 0;
    // Ready for one call.
    virtual RegistrarCommands& commands() = 0;
    virtual void finish(OperationId id) = 0;
};

class FakeWorld : public World {
  public:
    FakeWorld() {
        fake_.clock = &clock_;
        fake_.extension_records["com"] = {
            "com", "1-10", {{"haseppcode", true}}, "EUR", {{"registration", 950}}};
        fake_.open_flags["com"] = {{"domaincreate", true}, {"domaintransferin", true}};
        fake_.account_record.balance_cents = 10'000'00;
    }
    RegistrarQueries& queries() override { return fake_; }
    RegistrarCommands& commands() override { return ready(fake_); }
    void finish(OperationId id) override { fake_.finish(id); }

  private:
    FakeRegistrar fake_;
    SystemClock clock_;
};

class SandboxWorld : public World {
  public:
    explicit SandboxWorld(NetimSettings::Parameters parameters) {
        NetimSettings settings;
        settings.endpoint = sandbox_.endpoint();
        settings.reseller_id = SandboxProcess::reseller();
        settings.password = Secret(SandboxProcess::password());
        settings.parameters = parameters;
        account_ = std::make_shared<NetimAccount>(settings, clock_, log_);
        registrar_ = std::make_unique<NetimRegistrar>(account_);
    }
    RegistrarQueries& queries() override { return *registrar_; }
    RegistrarCommands& commands() override { return ready(*registrar_); }
    void finish(OperationId id) override {
        sandbox_.control("finish " + std::to_string(id) + "\n");
    }

  private:
    SandboxProcess sandbox_{{"--hold-pending"}};
    SystemClock clock_;
    NoLog log_;
    std::shared_ptr<NetimAccount> account_;
    std::unique_ptr<NetimRegistrar> registrar_;
};

void in_each_world(const std::function<void(World&)>& act) {
    {
        INFO("in memory");
        FakeWorld world;
        act(world);
    }
    {
        INFO("sandbox, by position");
        SandboxWorld world(NetimSettings::Parameters::position);
        act(world);
    }
    {
        INFO("sandbox, by name");
        SandboxWorld world(NetimSettings::Parameters::names);
        act(world);
    }
}

ContactData person(const std::string& first_name = "Grace") {
    ContactData data;
    data.fields = {
        {"firstName", first_name},   {"lastName", "Keller"},     {"bodyForm", "IND"},
        {"address1", "1 Test Road"}, {"zipCode", "75001"},       {"city", "Paris"},
        {"country", "FR"},           {"phone", "+33 102030405"}, {"email", "grace@example.com"},
        {"language", "EN"}};
    data.additional = {{"NOTE_KEY", "kept"}};
    data.bound["BOUND_KEY"] = {{"shop.com", "P3"}};
    return data;
}

const DomainName kShop = DomainName::from_stored("shop.com");

std::string new_contact(World& world, bool is_owner = true) {
    return std::get<Done>(world.commands().create_contact(person(), is_owner)).value;
}

// Ends what is pending, so that the effect can be looked at.
std::optional<OperationId> see_through(World& world, const Outcome& outcome) {
    if (const auto* pending = std::get_if<Pending>(&outcome)) {
        world.finish(pending->operation);
        return pending->operation;
    }
    REQUIRE(std::holds_alternative<Done>(outcome));
    return std::get<Done>(outcome).operation;
}

std::string new_domain(World& world) {
    const std::string owner = new_contact(world), other = new_contact(world, false);
    see_through(world, world.commands().create_domain({kShop,
                                                       {owner, other, other, other},
                                                       {"ns1.example.net", "ns2.example.net"},
                                                       1,
                                                       std::nullopt}));
    return owner;
}

DomainRecord shown(World& world) {
    const auto record = world.queries().domain(kShop);
    REQUIRE(record.has_value());
    return *record;
}

}  // namespace

TEST_CASE("a contact that was made can be read and is listed") {
    in_each_world([](World& world) {
        const std::string owner = new_contact(world), simple = new_contact(world, false);
        CHECK(owner != simple);
        const ContactRecord record = world.queries().contact(owner);
        CHECK(record.is_owner == true);
        CHECK(record.data == person());
        CHECK(world.queries().contact(simple).is_owner == false);
        const auto rows = world.queries().contacts("", "");
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&](const auto& each) { return each.id == owner; });
        REQUIRE(row != rows.end());
        CHECK(row->first_name == "Grace");
        CHECK(row->last_name == "Keller");
        CHECK(row->is_owner == true);
    });
}

TEST_CASE("a contact or an operation nobody knows is refused with a code") {
    in_each_world([](World& world) {
        try {
            world.queries().contact("ZZ99999");
            FAIL("there was one");
        } catch (const QueryFailure& failure) {
            CHECK(failure.why() == QueryFailure::Why::refused);
            CHECK(failure.code().starts_with("E"));
        }
        CHECK_THROWS_AS(world.queries().operation(99), QueryFailure);
    });
}

TEST_CASE("a domain that was ordered is there as ordered, and was not before") {
    in_each_world([](World& world) {
        CHECK_FALSE(world.queries().domain(kShop).has_value());
        const std::string owner = new_domain(world);
        const DomainRecord record = shown(world);
        CHECK(record.domain == "shop.com");
        CHECK(record.main_status() == "ACTIVE");
        CHECK(record.id_owner == owner);
        CHECK(record.nameservers == std::vector<std::string>{"ns1.example.net", "ns2.example.net"});
        std::vector<std::string> all;
        world.queries().domains("*", [&](const std::string& name) { all.push_back(name); });
        CHECK(all == std::vector<std::string>{"shop.com"});
    });
}

TEST_CASE("a transfer is pending, named in the list, and done in the end") {
    in_each_world([](World& world) {
        const std::string owner = new_contact(world), other = new_contact(world, false);
        CHECK(world.queries().pending().rows.empty());
        const auto pending = std::get<Pending>(world.commands().transfer_in(
            {kShop, Secret("epp-code"), {owner, other, other, other}, {}}));
        const PendingList list = world.queries().pending();
        CHECK(list.whole);
        REQUIRE(list.rows.size() == 1);
        CHECK(list.rows[0].id == pending.operation);
        CHECK(list.rows[0].code == "domainTransferIn");
        CHECK(list.rows[0].target == "shop.com");
        CHECK(final_status_of(world.queries().operation(pending.operation).status) ==
              FinalStatus::not_final);
        world.finish(pending.operation);
        CHECK(world.queries().pending().rows.empty());
        const OperationRecord operation = world.queries().operation(pending.operation);
        CHECK(final_status_of(operation.status) == FinalStatus::done);
        CHECK(operation.type == "domainTransferIn");
        CHECK(shown(world).id_owner == owner);
    });
}

TEST_CASE("a pending operation can be cancelled") {
    in_each_world([](World& world) {
        const std::string owner = new_contact(world), other = new_contact(world, false);
        const auto pending = std::get<Pending>(world.commands().transfer_in(
            {kShop, Secret("epp-code"), {owner, other, other, other}, {}}));
        CHECK(std::holds_alternative<Done>(world.commands().cancel_operation(pending.operation)));
        CHECK(final_status_of(world.queries().operation(pending.operation).status) ==
              FinalStatus::cancelled);
        CHECK(world.queries().pending().rows.empty());
    });
}

TEST_CASE("owner, name servers and settings of a domain are changed as said") {
    in_each_world([](World& world) {
        new_domain(world);
        const std::string owner = new_contact(world);
        see_through(world, world.commands().transfer_owner(kShop, owner));
        CHECK(shown(world).id_owner == owner);
        see_through(world, world.commands().change_nameservers(
                               kShop, {"ns3.example.net", "ns4.example.net"}));
        CHECK(shown(world).nameservers ==
              std::vector<std::string>{"ns3.example.net", "ns4.example.net"});
        for (const char* code : {"whois_privacy", "registrar_lock", "auto_renew"}) {
            see_through(world, world.commands().set_preference(kShop, code, "1"));
        }
        const DomainRecord record = shown(world);
        CHECK(record.privacy == true);
        CHECK(record.locked == true);
        CHECK(record.auto_renew == true);
        see_through(world, world.commands().set_preference(kShop, "tag", "spring"));
    });
}

TEST_CASE("a domain is signed with keys of its own") {
    in_each_world([](World& world) {
        new_domain(world);
        see_through(world, world.commands().set_dnssec_ext(kShop, {{20326, 2, "E06D44B8"}},
                                                           {257, 3, 13, "c2FtcGxlIGtleQ=="}));
        CHECK(shown(world).is_signed == true);
    });
}

TEST_CASE("a domain on the registrar's servers is signed and its zone made anew") {
    in_each_world([](World& world) {
        const std::string owner = new_contact(world), other = new_contact(world, false);
        see_through(world,
                    world.commands().create_domain({kShop,
                                                    {owner, other, other, other},
                                                    {"ns1.sandbox.example", "ns2.sandbox.example"},
                                                    1,
                                                    1}));
        see_through(world, world.commands().set_dnssec(kShop, true));
        CHECK(shown(world).is_signed == true);
        const auto before = world.queries().zone(kShop);
        see_through(world, world.commands().init_zone(kShop, 2));
        CHECK(world.queries().zone(kShop) != before);
    });
}

TEST_CASE("a new EPP code is another one") {
    in_each_world([](World& world) {
        new_domain(world);
        const Secret before = shown(world).auth_code;
        see_through(world, world.commands().new_auth_code(kShop, false));
        CHECK_FALSE(shown(world).auth_code.empty());
        CHECK_FALSE(shown(world).auth_code == before);
    });
}

TEST_CASE("an owner's data is brought up to date") {
    in_each_world([](World& world) {
        const std::string owner = new_contact(world);
        ContactData data = person();
        data.fields["city"] = "Lyon";
        data.fields["companyNumber"] = "123456789";
        see_through(world, world.commands().update_owner_contact(owner, data));
        const ContactRecord record = world.queries().contact(owner);
        CHECK(record.data.fields.at("city") == "Lyon");
        CHECK(record.data.fields.at("companyNumber") == "123456789");
        CHECK(record.data.fields.at("firstName") == "Grace");
    });
}

TEST_CASE("account, extension, price and open operations are told") {
    in_each_world([](World& world) {
        CHECK(world.queries().account().balance_cents.value_or(0) > 0);
        const ExtensionRecord extension = world.queries().extension("com");
        CHECK(extension.period_create == "1-10");
        CHECK(extension.flags.at("haseppcode"));
        CHECK(extension.fee_cents.contains("registration"));
        CHECK(world.queries().open_operations("com").at("domaincreate"));
        const PriceRecord price = world.queries().price(kShop, Secret());
        CHECK(price.currency == "EUR");
        CHECK(price.fee_cents.at("registration") > 0);
        CHECK(price.fee_cents.contains("trade"));
        CHECK_FALSE(price.is_premium);
    });
}

TEST_CASE("what comes before questions comes before each, and what it throws, the asker gets") {
    in_each_world([](World& world) {
        int times = 0;
        world.queries().before_questions([&] { ++times; });
        world.queries().account();
        world.queries().pending();
        CHECK_FALSE(world.queries().domain(kShop).has_value());
        CHECK(times == 3);
        new_contact(world);
        CHECK(times == 3);
        world.queries().before_questions([] { throw std::runtime_error("the disk is full"); });
        CHECK_THROWS_AS(world.queries().account(), std::runtime_error);
        world.queries().before_questions(nullptr);
        world.queries().account();
        CHECK(times == 3);
    });
}
