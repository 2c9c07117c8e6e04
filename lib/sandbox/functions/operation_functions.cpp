// Operations: shown, listed, cancelled.
#include "sandbox/functions/function.h"
#include "sandbox/model/operation_life.h"
#include "sandbox/model/refusal.h"

namespace domspool::sandbox {

namespace {

using soap::Field;
using soap::Value;

Operation known_operation(CallScene& scene, const Arguments& arguments) {
    const std::int64_t id = arguments.integer("IDOpe");
    auto operation = scene.state.operation(id);
    if (!operation) {
        throw Refusal(code::kOperationUnknown, "operation unknown: " + std::to_string(id));
    }
    return *operation;
}

Value show_operation(CallScene& scene, const Arguments& arguments) {
    return operation_value(known_operation(scene, arguments));
}

Value list_pending(CallScene& scene, const Arguments&) {
    std::vector<Value> rows;
    for (const Operation& operation : scene.state.pending_operations()) {
        rows.push_back(Value::record("StructQueryOpePending",
                                     {{"id_ope", Value::of(operation.id)},
                                      {"code_ope", Value::of(operation.code)},
                                      {"data_ope", Value::of(operation.target)},
                                      {"date_ope", Value::of(wire_time(operation.submitted_at))}}));
    }
    return Value::list("StructQueryOpePending", std::move(rows));
}

Value list_open_codes(CallScene& scene, const Arguments& arguments) {
    const Extension* extension = extension_named(arguments.needed("tld"));
    if (extension == nullptr) {
        throw Refusal(code::kDomainName, "extension not accepted: " + arguments.text("tld"));
    }
    std::vector<Field> members;
    for (const std::string& operation : operation_codes()) {
        members.push_back(
            {operation, Value::of(std::int64_t{is_open_now(scene, *extension, operation)})});
    }
    return Value::record("StructQueryOpeList", std::move(members));
}

Value cancel(CallScene& scene, const Arguments& arguments) {
    const Operation operation = known_operation(scene, arguments);
    if (operation.status != "Pending") {
        throw Refusal(code::kOperationEnded, "operation has ended: " + operation.status);
    }
    end_cancelled(scene.state, operation);
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
