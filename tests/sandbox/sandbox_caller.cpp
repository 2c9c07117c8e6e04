#include "sandbox/sandbox_caller.h"

#include <stdexcept>
#include <utility>

namespace domspool::test {

using soap::Value;

Value text(const std::string& text) {
    return Value::of(text);
}

Value contact_of(int is_owner, const std::string& last_name) {
    return Value::record("StructContact", {{"firstName", text("Ada")},
                                           {"lastName", text(last_name)},
                                           {"bodyForm", text("IND")},
                                           {"bodyName", text("")},
                                           {"address1", text("1 Sample Road")},
                                           {"zipCode", text("75001")},
                                           {"city", text("Paris")},
                                           {"country", text("FR")},
                                           {"phone", text("+33 303030303")},
                                           {"email", text("ada@example.net")},
                                           {"language", text("EN")},
                                           {"isOwner", Value::of(std::int64_t{is_owner})},
                                           {"additional", Value::map({})}});
}

SandboxCaller::SandboxCaller(sandbox::Settings given) : settings(std::move(given)) {
    answering.emplace(scratch / "state.db", settings, clock);
}

SandboxAccount::SandboxAccount(sandbox::Settings given) : SandboxCaller(std::move(given)) {
    if (!log_in()) throw std::runtime_error("no session");
    owner = new_contact(1);
}

Got SandboxCaller::send(const soap::Call& call) {
    const sandbox::Reply reply = answering->answer(soap::write_call(call));
    Got got{.status = reply.status};
    const soap::Message message = soap::read_reply(reply.body, call.function);
    if (const auto* fault = std::get_if<soap::Fault>(&message)) {
        got.fault = *fault;
    } else {
        got.value = std::get<soap::Answer>(message).value;
    }
    return got;
}

Got SandboxCaller::call_bare(const std::string& function, std::vector<Value> values) {
    soap::Call call{function, {}};
    for (Value& value : values) {
        call.parameters.push_back({"p" + std::to_string(call.parameters.size()), std::move(value)});
    }
    return send(call);
}

Got SandboxCaller::call_with(const std::string& function, std::vector<Value> values) {
    values.insert(values.begin(), text(session));
    return call_bare(function, std::move(values));
}

Got SandboxCaller::call(const std::string& function, const Texts& texts) {
    std::vector<Value> values;
    for (const std::string& each : texts) values.push_back(text(each));
    return call_with(function, std::move(values));
}

bool SandboxCaller::log_in() {
    const Got got =
        call_bare("sessionOpen", {text("AB123"), text(settings.password.reveal()), text("EN")});
    if (!got.fault) session = got.value.text;
    return !got.fault;
}

std::string SandboxCaller::new_contact(int is_owner) {
    const Got got = call_with("contactCreate", {contact_of(is_owner)});
    if (got.fault) throw std::runtime_error("no contact: " + got.fault->text);
    return got.value.text;
}

Got SandboxCaller::order(const std::string& domain, const std::string& owner) {
    return call("domainCreate",
                {domain, owner, "AB123", "AB123", "AB123", "", "", "", "", "", "1"});
}

std::string SandboxCaller::shown(const std::string& domain, const std::string& field) {
    const Got got = call("domainInfo", {domain});
    return got.fault ? got.code() : got.value.text_of(field);
}

std::string SandboxCaller::balance() {
    return call("queryResellerAccount").value.text_of("BALANCE_AMOUNT");
}

}  // namespace domspool::test
