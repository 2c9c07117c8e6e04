#include "sandbox/functions/function.h"

#include "sandbox/model/letter_case.h"

#include <unordered_map>

namespace domspool::sandbox {

namespace {

std::vector<Function> gather() {
    std::vector<Function> all;
    for (const auto& group : {session_functions(), contact_functions(), ordering_functions(),
                              change_functions(), inquiry_functions(), operation_functions()}) {
        for (Function function : group) {
            if (function.needs_session) {
                function.parts.insert(function.parts.begin(), {kSessionPart, "string"});
            }
            all.push_back(std::move(function));
        }
    }
    return all;
}

}  // namespace

const std::vector<Function>& all_functions() {
    static const std::vector<Function> all = gather();
    return all;
}

const Function* function_named(std::string_view name) {
    static const auto by_name = [] {
        std::unordered_map<std::string, const Function*> index;
        for (const Function& function : all_functions()) index[lower(function.name)] = &function;
        return index;
    }();
    const auto found = by_name.find(lower(name));
    return found == by_name.end() ? nullptr : found->second;
}

}  // namespace domspool::sandbox
