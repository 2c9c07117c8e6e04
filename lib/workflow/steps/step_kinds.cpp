#include "workflow/steps/step_kinds.h"

#include "workflow/steps/step_arguments.h"
#include "workflow/steps/step_kind_tables.h"

#include <chrono>
#include <cstdlib>

namespace domspool {

namespace {

// Whoever ordered a domain wanted one that works, or is about to (API, "domainInfo"). No other main
// word says so, least of all one that nobody knows.
bool is_in_service(const DomainRecord& record) {
    const std::string status = record.main_status();
    return !record.has_flag("HOLD") &&
           (status.empty() || status == "ACTIVE" || status == "PENDING" || status == "RESERVED" ||
            status == "EXPIRED" || status.ends_with("DELEGATED"));
}

// The day it begins with; what stands behind may be a time.
std::optional<std::chrono::sys_days> day_in(const std::string& date) {
    const auto time = from_iso(date.substr(0, 10) + "T00:00:00.000Z");
    if (!time) return std::nullopt;
    return std::chrono::floor<std::chrono::days>(*time);
}

// Of a registration: an expiry that does not lie so many years behind its beginning, a month either
// way.
bool is_of_another_period(const FieldMap& arguments, const DomainRecord& record) {
    constexpr std::chrono::days kEitherWay{35};
    const auto begin = day_in(record.date_creation), end = day_in(record.date_expiration);
    const int years = std::atoi(field_of(arguments, "years").c_str());
    if (!begin || !end || years <= 0) return false;
    std::chrono::year_month_day day =
        std::chrono::year_month_day(*begin) + std::chrono::years(years);
    if (!day.ok()) day = day.year() / day.month() / std::chrono::last;
    const std::chrono::sys_days wished(day);
    return *end < wished - kEitherWay || *end > wished + kEitherWay;
}

}  // namespace

const StepKind* step_kind(std::string_view function) {
    for (const auto& kinds : {contact_step_kinds(), arrival_step_kinds(), value_step_kinds(),
                              code_and_zone_step_kinds(), cancelling_step_kinds()}) {
        for (const StepKind& kind : kinds) {
            if (kind.function == function) return &kind;
        }
    }
    return nullptr;
}

std::string operation_code_of(const StepKind& kind, const FieldMap& arguments) {
    std::string code(kind.operation_code);
    if (kind.function == "domainSetPreference") code += "." + field_of(arguments, "code");
    return code;
}

std::optional<DomainRecord> domain_before(const StepContext& context) {
    const DomainName& domain = context.order.domain;
    return context.step.phase == StepPhase::after ? context.cache.domain(domain, context.queries)
                                                  : context.queries.domain(domain);
}

bool operation_fits(const std::string& listed_code, const StepKind& kind,
                    const FieldMap& arguments) {
    const std::string listed = folded(listed_code);
    const std::string plain = folded(kind.operation_code);
    return !plain.empty() &&
           (listed == plain || listed == folded(operation_code_of(kind, arguments)));
}

bool tells_of(const OperationRecord& told, const StepKind& kind, const DomainName& domain,
              const FieldMap& arguments) {
    if (!told.type.empty()) return operation_fits(told.type, kind, arguments);
    return told.target.empty() ||
           is_same_target(told.target, operation_target(kind, domain, arguments));
}

std::string operation_target(const StepKind& kind, const DomainName& domain,
                             const FieldMap& arguments) {
    if (kind.function == "contactOwnerUpdate") return field_of(arguments, "idContact");
    return domain.ascii();
}

bool is_same_target(const std::string& listed, const std::string& target) {
    return folded(listed) == folded(target);
}

Differences differences(const StepRecord& main_step, const FieldMap& arguments,
                        const DomainRecord& record) {
    Differences seen;
    const auto add = [&](const std::string& field, const std::string& words) {
        seen.fields += (seen.fields.empty() || field.empty() ? "" : " ") + field;
        seen.words += (seen.words.empty() ? "" : "; ") + words;
    };
    const auto compare = [&](const std::string& field, const std::string& what,
                             const std::string& ordered, const std::string& is) {
        if (ordered.empty() || ordered == "#AUTO#" || is_same_id(ordered, is)) return;
        add(field, what + ": ordered '" + ordered + "', is '" + is + "'");
    };
    const auto compare_contact = [&](const std::string& role, const std::string& is) {
        compare(is.empty() ? "" : role, role, field_of(arguments, role), is);
    };
    compare("owner", "owner", field_of(arguments, "owner"), record.id_owner);
    if (main_step.function != "domainTransferOwner") {
        compare_contact("admin", record.id_admin);
        compare_contact("tech", record.id_tech);
        compare_contact("billing", record.id_billing);
        compare("nameservers", "name servers", joined_sorted(nameservers_in(arguments)),
                joined_sorted(record.nameservers));
    }
    if (main_step.function == "domainCreate" && is_of_another_period(arguments, record)) {
        add("period", "period: ordered years: " + field_of(arguments, "years") + ", is " +
                          record.date_creation + " to " + record.date_expiration);
    }
    if (!is_in_service(record)) add("status", "status: '" + record.status + "'");
    return seen;
}

}  // namespace domspool
