#include "jobs/registrar_reads.h"

#include "registrar/query_exit_code.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace domspool {

namespace {

constexpr const char* kAnyExtension = "com";

class Reads {
  public:
    Reads(RegistrarQueries& queries, const std::function<void(const Finding&)>& tell)
        : queries_(queries), tell_(tell) {}

    void run() {
        PendingList pending;
        ask([&] {
            pending = queries_.pending();
            tell_read("queryOpePending (session)", fmt::format("{} pending", pending.rows.size()),
                      pending.whole);
        });
        check_extension_reads();
        check_domain_reads();
        check_contact_reads();
        check_operation_read(pending);
    }

  private:
    void tell(const Finding& finding) { tell_(finding); }

    template <typename Question>
    void ask(Question question) {
        try {
            question();
        } catch (const QueryFailure& failure) {
            tell(Finding::wrong(exit_code_of(failure.why()), "deep", failure.what(),
                                "order nothing before it is understood; report it"));
        }
    }

    void tell_read(const std::string& shape, const std::string& text, bool is_right) {
        tell(is_right
                 ? Finding::ok("deep", shape + ": " + text)
                 : Finding::warning("deep", shape + ": " + text + ", and not all of it readable",
                                    "order nothing before it is understood; report it"));
    }

    void check_extension_reads() {
        ask([&] {
            const ExtensionRecord record = queries_.extension(kAnyExtension);
            std::string shown = record.extension;
            std::ranges::transform(shown, shown.begin(),
                                   [](unsigned char c) { return std::tolower(c); });
            tell_read("domainTldInfo (session, text)", "." + shown, shown == kAnyExtension);
        });
        ask([&] {
            const auto open = queries_.open_operations(kAnyExtension);
            tell_read("queryOpeList (session, text)", fmt::format("{} operations", open.size()),
                      !open.empty());
        });
        ask([&] {
            const PriceRecord price =
                queries_.price(DomainName::from_stored("example.com"), Secret());
            tell_read("queryDomainPrice (session, text, text left out)",
                      fmt::format("{} fees in {}", price.fee_cents.size(), price.currency),
                      !price.fee_cents.empty());
        });
    }

    void check_domain_reads() {
        std::optional<DomainName> one;
        ask([&] {
            std::size_t count = 0;
            queries_.domains("", [&](const std::string& domain) {
                ++count;
                if (one) return;
                const auto name = DomainName::parse(domain);
                if (const auto* good = std::get_if<DomainName>(&name)) one = *good;
            });
            tell_read("queryDomainList (session, empty text)", fmt::format("{} domains", count),
                      count == 0 || one.has_value());
        });
        const DomainName name = one.value_or(DomainName::from_stored("example.com"));
        ask([&] {
            const bool is_there = queries_.domain(name).has_value();
            tell_read("domainInfo (session, text)",
                      name.shown() + (is_there ? " is in the account" : " is not in the account"),
                      is_there == one.has_value());
        });
        check_zone_read(one);
    }

    // Of a domain that has no zone here the registrar may say no, which is an answer too.
    void check_zone_read(const std::optional<DomainName>& one) {
        const std::string shape = "queryZoneList (session, text; a list)";
        if (!one) return tell(Finding::ok("deep", shape + ": not asked, there is no domain"));
        ask([&] {
            try {
                tell_read(shape, fmt::format("{} records", queries_.zone(*one).size()), true);
            } catch (const QueryFailure& failure) {
                if (failure.why() != QueryFailure::Why::refused) throw;
                tell_read(shape, std::string("refused: ") + failure.what(), true);
            }
        });
    }

    void check_contact_reads() {
        ask([&] {
            const auto contacts = queries_.contacts("", "");
            tell_read("queryContactList (session, two empty texts)",
                      fmt::format("{} contacts", contacts.size()), true);
            if (contacts.empty()) return;
            tell_read("contactInfo (session, text)", "the first of them",
                      queries_.contact(contacts.front().id).id == contacts.front().id);
        });
    }

    void check_operation_read(const PendingList& pending) {
        const std::string shape = "queryOpe (session, number)";
        if (pending.rows.empty()) {
            return tell(Finding::ok("deep", shape + ": not asked, nothing is pending"));
        }
        ask([&] {
            const OperationRecord operation = queries_.operation(pending.rows.front().id);
            tell_read(shape, fmt::format("{} is {}", operation.id, operation.status),
                      operation.id == pending.rows.front().id);
        });
    }

    RegistrarQueries& queries_;
    const std::function<void(const Finding&)>& tell_;
};

}  // namespace

void check_reads(RegistrarQueries& queries, const std::function<void(const Finding&)>& tell) {
    Reads(queries, tell).run();
}

}  // namespace domspool
