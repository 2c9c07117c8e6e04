// Operations: shown, listed, cancelled.
#include "sandbox/function.h"
#include "sandbox/operation_life.h"
#include "sandbox/refusal.h"

namespace domspool::sandbox {

namespace {

using soap::Field;
using soap::Value;

Operation known_operation(Desk& desk, const Arguments& arguments) {
    const std::int64_t id = arguments.integer("IDOpe");
    auto operation = desk.state.operation(id);
    if (!operation) {
        throw Refusal(code::kOperationUnknown, "operation unknown: " + std::to_string(id));
    }
    return *operation;
}

Value show_operation(Desk& desk, const Arguments& arguments) {
    return operation_value(known_operation(desk, arguments));
}

Value list_pending(Desk& desk, const Arguments&) {
    std::vector<Value> rows;
    for (const Operation& operation : desk.state.pending_operations()) {
        rows.push_back(Value::record("StructQueryOpePending",
                                     {{"id_ope", Value::of(operation.id)},
                                      {"code_ope", Value::of(operation.code)},
                                      {"data_ope", Value::of(operation.target)},
                                      {"date_ope", Value::of(wire_time(operation.submitted_at))}}));
    }
    return Value::list("StructQueryOpePending", std::move(rows));
}

Value list_open_codes(Desk& desk, const Arguments& arguments) {
    const Extension* extension = extension_named(arguments.needed("tld"));
    if (extension == nullptr) {
        throw Refusal(code::kDomainName, "extension not accepted: " + arguments.text("tld"));
    }
    std::vector<Field> members;
    for (const std::string& operation : operation_codes()) {
        members.push_back(
            {operation, Value::of(std::int64_t{is_open_now(desk, *extension, operation)})});
    }
    return Value::record("StructQueryOpeList", std::move(members));
}

Value cancel(Desk& desk, const Arguments& arguments) {
    const Operation operation = known_operation(desk, arguments);
    if (operation.status != "Pending") {
        throw Refusal(code::kOperationEnded, "operation has ended: " + operation.status);
    }
    end_cancelled(desk.state, operation);
    return Value::nil();
}

}  // namespace

std::vector<Function> operation_functions() {
    const Part id{"IDOpe", "int"};
    return {
        {"queryOpe", {id}, "return", "StructOperationResponse", show_operation},
        {"queryOpePending", {}, "return", "StructQueryOpePending[]", list_pending},
        {"queryOpeList", {{"tld", "string"}}, "return", "StructQueryOpeList", list_open_codes},
        {"cancelOpe", {id}, "", "", cancel},
    };
}

}  // namespace domspool::sandbox
