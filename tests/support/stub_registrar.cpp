#include "support/stub_registrar.h"

#include <algorithm>

namespace domspool::test {
namespace {

std::string function_of(const StubRequest& request) {
    const std::string action = request.header("SOAPAction");
    return action.size() > 2 ? action.substr(1, action.size() - 2) : action;
}

std::string element(const std::string& name, const std::string& type, const std::string& text) {
    return "<" + name + " xsi:type=\"xsd:" + type + "\">" + text + "</" + name + ">";
}

std::string envelope(const std::string& body) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" "
           "xmlns:ns1=\"urn:DRS\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
           "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
           "xmlns:SOAP-ENC=\"http://schemas.xmlsoap.org/soap/encoding/\" "
           "xmlns:ns2=\"http://xml.apache.org/xml-soap\"><SOAP-ENV:Body>" +
           body + "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n";
}

}  // namespace

std::string answer_xml(const std::string& function, const std::string& inner) {
    return envelope("<ns1:" + function + "Response>" + inner + "</ns1:" + function + "Response>");
}

std::string operation_xml(const std::string& function, const std::string& id,
                          const std::string& status, const std::string& message) {
    std::string fields;
    if (!id.empty()) fields += element("ID_OPE", "int", id);
    if (!status.empty()) fields += element("STATUS", "string", status);
    fields += element("MESSAGE", "string", message) + element("TYPE", "string", function) +
              element("DATE", "string", "2026-03-02 09:15:00");
    return answer_xml(function,
                      "<return xsi:type=\"ns1:StructOperationResponse\">" + fields + "</return>");
}

std::string fault_xml(const std::string& code, const std::string& text) {
    return envelope("<SOAP-ENV:Fault><faultcode>" + code + "</faultcode><faultstring>" + text +
                    "</faultstring></SOAP-ENV:Fault>");
}

StubRegistrar::StubRegistrar() {
    always_["sessionSetPreference"] = replies(200, answer_xml("sessionSetPreference", ""));
    always_["sessionClose"] = replies(200, answer_xml("sessionClose", ""));
    server_.otherwise(
        [this](const StubRequest& request) { return reaction_to(function_of(request)); });
}

void StubRegistrar::answer(const std::string& function, StubReaction reaction) {
    const std::lock_guard lock(mutex_);
    next_[function].push_back(std::move(reaction));
}

void StubRegistrar::answer(const std::string& function, const std::string& envelope, int status) {
    answer(function, replies(status, envelope));
}

void StubRegistrar::always(const std::string& function, const std::string& envelope, int status) {
    const std::lock_guard lock(mutex_);
    always_[function] = replies(status, envelope);
}

StubReaction StubRegistrar::reaction_to(const std::string& function) {
    const std::lock_guard lock(mutex_);
    if (auto& next = next_[function]; !next.empty()) {
        StubReaction reaction = std::move(next.front());
        next.pop_front();
        return reaction;
    }
    if (const auto found = always_.find(function); found != always_.end()) return found->second;
    if (function != "sessionOpen") return replies(500, "");
    const std::string id = "0123456789abcdef0123456789abcde" + std::to_string(++sessions_ % 10);
    return replies(
        200, answer_xml(function, "<IDSession xsi:type=\"xsd:string\">" + id + "</IDSession>"));
}

NetimSettings StubRegistrar::settings() const {
    NetimSettings settings;
    settings.endpoint = server_.url();
    settings.reseller_id = "AB123";
    settings.password = Secret(kPassword);
    settings.user_agent = "domspool/test";
    return settings;
}

std::vector<std::string> StubRegistrar::functions() const {
    std::vector<std::string> names;
    for (const StubRequest& request : server_.requests()) names.push_back(function_of(request));
    return names;
}

std::size_t StubRegistrar::count(const std::string& function) const {
    const auto names = functions();
    return static_cast<std::size_t>(std::count(names.begin(), names.end(), function));
}

std::string StubRegistrar::last_body(const std::string& function) const {
    std::string body;
    for (const StubRequest& request : server_.requests()) {
        if (function_of(request) == function) body = request.body;
    }
    return body;
}

void ListedLog::write(Severity severity, std::string_view event, const LogFields& fields) {
    const std::string line = log_line(UtcTime{}, "test", severity, event, fields);
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
}

std::vector<std::string> ListedLog::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

bool ListedLog::holds(const std::string& part) const {
    const auto all = lines();
    return std::any_of(all.begin(), all.end(), [&](const std::string& line) {
        return line.find(part) != std::string::npos;
    });
}

}  // namespace domspool::test
