#include "sandbox/model/state_tables.h"

#include "sandbox/model/flat_fields.h"
#include "sandbox/model/operation_life.h"

#include <vector>

namespace domspool::sandbox {

namespace {

void add_line(std::string& table, const std::vector<std::string>& cells) {
    std::string separator;
    for (const std::string& cell : cells) {
        table += separator + escape_cell(cell);
        separator = "\t";
    }
    table += "\n";
}

}  // namespace

std::string table_of_calls(State& state, std::int64_t after) {
    std::string table = "number\tat\tfunction\ttarget\tparameters\toutcome\tsending\n";
    state.each_call(after, [&](const CallEntry& entry) {
        add_line(table, {std::to_string(entry.number), wire_time(entry.at), entry.function,
                         entry.target, entry.parameters, entry.outcome, entry.sending});
    });
    return table;
}

std::string table_of_domains(State& state) {
    std::string table =
        "domain\taccount\tstatus\towner\tadmin\ttech\tbilling\tnameservers\tlock\tprivacy"
        "\tauto_renew\tsigned\texpires\n";
    state.each_domain("", [&](const Domain& domain) {
        std::vector<std::string> cells = {domain.name, domain.in_account ? "own" : "other"};
        for (const char* name :
             {"status", "idOwner", "idAdmin", "idTech", "idBilling", "ns", "domainIsLock",
              "whoisPrivacy", "autoRenew", "IsSigned", "dateExpiration"}) {
            cells.push_back(field_of(domain.fields, name));
        }
        add_line(table, cells);
    });
    return table;
}

std::string table_of_operations(State& state) {
    std::string table = "id\tcode\ttarget\tstatus\tmessage\tsubmitted\n";
    for (const Operation& operation : state.all_operations()) {
        add_line(table, {std::to_string(operation.id), operation.code, operation.target,
                         operation.status, operation.message, wire_time(operation.submitted_at)});
    }
    return table;
}

}  // namespace domspool::sandbox
