// Opening, closing and setting sessions.
#include "sandbox/functions/function.h"
#include "sandbox/model/letter_case.h"
#include "sandbox/model/refusal.h"

#include <array>
#include <random>

namespace domspool::sandbox {

namespace {

using soap::Value;

std::string language_of(const std::string& wanted) {
    if (wanted.empty()) return "EN";
    const std::string language = upper(wanted);
    if (language != "EN" && language != "FR") {
        throw Refusal(code::kParameter, "language is EN or FR");
    }
    return language;
}

Value open_session(CallScene& scene, const Arguments& arguments) {
    const bool fits = upper(arguments.text("idReseller")) == upper(scene.settings.reseller_id) &&
                      arguments.value("password").text == scene.settings.password.reveal();
    if (!fits) throw Refusal(code::kWrongLogin, "wrong login or password");
    if (static_cast<int>(scene.state.sessions().size()) >= scene.settings.most_sessions) {
        throw Refusal(code::kTooManySessions, "too many open sessions");
    }
    const Session session{.id = new_session_id(),
                          .opened_at = scene.now,
                          .active_at = scene.now,
                          .language = language_of(arguments.text("language"))};
    scene.state.add_session(session);
    return Value::of(session.id);
}

Value close_session(CallScene& scene, const Arguments&) {
    scene.state.end_session(scene.session.id);
    return Value::nil();
}

Value session_value(const Session& session) {
    return Value::record("StructSessionInfo",
                         {{"IDSession", Value::of(session.id)},
                          {"timeLogin", Value::of(session.opened_at / 1000)},
                          {"timeLastActivity", Value::of(session.active_at / 1000)},
                          {"lang", Value::of(session.language)},
                          {"sync", Value::of(std::int64_t{session.is_synchronous})}});
}

Value session_info(CallScene& scene, const Arguments&) {
    return session_value(scene.session);
}

Value all_sessions(CallScene& scene, const Arguments&) {
    std::vector<Value> rows;
    for (const Session& session : scene.state.sessions()) rows.push_back(session_value(session));
    return Value::list("StructSessionInfo", std::move(rows));
}

Value set_session_preference(CallScene& scene, const Arguments& arguments) {
    const std::string type = arguments.needed("type");
    if (type == "lang") {
        scene.session.language = language_of(arguments.needed("value"));
    } else if (type == "sync") {
        const auto value = arguments.integer("value");
        if (value != 0 && value != 1) throw Refusal(code::kParameter, "sync is 0 or 1");
        scene.session.is_synchronous = value == 1;
    } else if (type == "syncDelay") {
        const auto value = arguments.integer("value");
        if (value < -1 || value > 127) throw Refusal(code::kParameter, "syncDelay is -1 to 127");
        scene.session.sync_delay = value;
    } else {
        throw Refusal(code::kParameter, "unknown preference: " + type);
    }
    scene.state.set_session(scene.session);
    return Value::nil();
}

Value hello(CallScene& scene, const Arguments&) {
    return Value::of("Hello " + scene.settings.reseller_id + ", this is a sandbox");
}

}  // namespace

std::string new_session_id() {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::random_device random;
    std::string id;
    while (id.size() < 32) {
        for (std::uint32_t bits = random(), i = 0; i < 8; ++i, bits >>= 4)
            id += kDigits[bits & 15u];
    }
    return id;
}

std::vector<Function> session_functions() {
    return {
        {"sessionOpen",
         {{"idReseller", "string"}, {"password", "string"}, {"language", "string"}},
         "IDSession",
         "string",
         open_session,
         false},
        {"login",
         {{"idReseller", "string"},
          {"password", "string"},
          {"language", "string"},
          {"version", "string"}},
         "IDSession",
         "string",
         open_session,
         false},
        {"sessionClose", {}, "", "", close_session},
        {"sessionInfo", {}, "return", "StructSessionInfo", session_info},
        {"queryAllSessions", {}, "return", "StructSessionInfo[]", all_sessions},
        {"sessionSetPreference",
         {{"type", "string"}, {"value", "string"}},
         "",
         "",
         set_session_preference},
        {"hello", {}, "return", "string", hello},
    };
}

}  // namespace domspool::sandbox
