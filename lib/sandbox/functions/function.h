// A function of the registrar's API as the sandbox offers it.
#pragma once

#include "sandbox/functions/binding.h"
#include "sandbox/model/call_scene.h"
#include "soap/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace domspool::sandbox {

// Answers by a value or throws Refusal; writes only through the scene's state.
using Handler = soap::Value (*)(CallScene& scene, const Arguments& arguments);

struct Function {
    std::string name;
    std::vector<Part> parts;  // without the session, which is put first where one is needed
    std::string result_name;  // the child of the response element; "": an empty response
    std::string result_type;  // as Part::type
    Handler handler = nullptr;
    bool needs_session = true;
};

inline constexpr const char* kSessionPart = "IDSession";

// 32 hexadecimal digits that nobody can guess.
std::string new_session_id();

// Each group is declared and written in its own file.
std::vector<Function> session_functions();
std::vector<Function> contact_functions();
std::vector<Function> ordering_functions();  // create, transfer, trade, renew, delete
std::vector<Function> change_functions();    // name servers, contacts, preferences, DNSSEC, zone
std::vector<Function> inquiry_functions();   // domains, prices, extensions, account
std::vector<Function> operation_functions();

const std::vector<Function>& all_functions();
// Letter case ignored; nullptr if there is none.
const Function* function_named(std::string_view name);

}  // namespace domspool::sandbox
