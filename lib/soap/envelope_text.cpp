// The writing half of soap_xml.h: needs no XML library, only text that is known to be good.
#include "soap/soap_xml.h"
#include "soap/xml_text.h"

#include <stdexcept>

namespace domspool::soap {
namespace {

constexpr std::string_view kOpening =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\""
    " xmlns:SOAP-ENC=\"http://schemas.xmlsoap.org/soap/encoding/\""
    " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
    " xmlns:ns1=\"urn:DRS\" xmlns:ns2=\"http://xml.apache.org/xml-soap\""
    " SOAP-ENV:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">"
    "<SOAP-ENV:Body>";
constexpr std::string_view kClosing = "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n";

// A call declares lists as plain SOAP arrays, which every server knows; an answer names them as
// the registrar does, after their items: ns1:ArrayStructContactList.
enum class ListType { plain, named };

std::string qualified(const std::string& type_name) {
    if (type_name.empty()) return "xsd:anyType";
    if (type_name == "string" || type_name == "int") return "xsd:" + type_name;
    if (type_name == "Map") return "ns2:Map";
    return "ns1:" + type_name;
}

// Writes values; knows which parameter it is in, so that a complaint can name it without ever
// showing what stood there.
class ValueWriter {
  public:
    explicit ValueWriter(ListType list_type) : list_type_(list_type) {}

    void write(const std::string& name, const Value& value) {
        require_name(name);
        path_.push_back(name);
        switch (value.kind) {
            case Value::Kind::nil:
                out_ += "<" + name + " xsi:nil=\"true\"/>";
                break;
            case Value::Kind::text:
                write_leaf(name, "xsd:string", value.text);
                break;
            case Value::Kind::integer:
                write_leaf(name, "xsd:int", value.text);
                break;
            case Value::Kind::record:
                write_record(name, value);
                break;
            case Value::Kind::map:
                write_map(name, value);
                break;
            case Value::Kind::list:
                write_list(name, value);
                break;
        }
        path_.pop_back();
    }

    std::string take() { return std::move(out_); }

  private:
    void write_leaf(const std::string& name, const char* type, const std::string& text) {
        require_text(text);
        out_ += "<" + name + " xsi:type=\"" + type + "\"";
        out_ += text.empty() ? "/>" : ">" + escape(text) + "</" + name + ">";
    }

    void write_record(const std::string& name, const Value& value) {
        out_ += "<" + name;
        if (!value.type_name.empty()) {
            require_name(value.type_name);
            out_ += " xsi:type=\"" + qualified(value.type_name) + "\"";
        }
        out_ += ">";
        for (const Field& member : value.members) write(member.name, member.value);
        out_ += "</" + name + ">";
    }

    void write_map(const std::string& name, const Value& value) {
        out_ += "<" + name + " xsi:type=\"ns2:Map\">";
        for (const Field& member : value.members) {
            out_ += "<item>";
            path_.push_back("key");
            write_leaf("key", "xsd:string", member.name);
            path_.pop_back();
            write("value", member.value);
            out_ += "</item>";
        }
        out_ += "</" + name + ">";
    }

    void write_list(const std::string& name, const Value& value) {
        if (!value.type_name.empty()) require_name(value.type_name);
        const std::string items = qualified(value.type_name);
        const bool is_named = list_type_ == ListType::named && items.starts_with("ns1:");
        out_ += "<" + name + " SOAP-ENC:arrayType=\"" + items + "[" +
                std::to_string(value.members.size()) + "]\" xsi:type=\"" +
                (is_named ? "ns1:Array" + value.type_name : "SOAP-ENC:Array") + "\">";
        for (const Field& member : value.members) write("item", member.value);
        out_ += "</" + name + ">";
    }

    void require_name(const std::string& name) const {
        if (is_element_name(name)) return;
        throw std::invalid_argument("no element name in parameter '" + place() + "'");
    }

    void require_text(const std::string& text) const {
        if (is_xml_text(text)) return;
        throw std::invalid_argument("parameter '" + place() +
                                    "' holds control characters or invalid UTF-8");
    }

    std::string place() const {
        std::string place;
        for (const std::string& name : path_) place += (place.empty() ? "" : ".") + name;
        return place;
    }

    ListType list_type_;
    std::string out_;
    std::vector<std::string> path_;
};

std::string enclose(std::string_view content) {
    std::string envelope;
    envelope.reserve(kOpening.size() + content.size() + kClosing.size());
    return envelope.append(kOpening).append(content).append(kClosing);
}

void require_function_name(const std::string& function) {
    if (!is_element_name(function)) throw std::invalid_argument("no function name");
}

}  // namespace

std::string write_call(const Call& call) {
    require_function_name(call.function);
    ValueWriter writer(ListType::plain);
    for (const Field& parameter : call.parameters) writer.write(parameter.name, parameter.value);
    return enclose("<ns1:" + call.function + ">" + writer.take() + "</ns1:" + call.function + ">");
}

std::string write_answer(const std::string& function, const std::string& result_name,
                         const Value& value) {
    require_function_name(function);
    ValueWriter writer(ListType::named);
    // A function without a result answers with an empty element.
    if (!result_name.empty()) writer.write(result_name, value);
    const std::string name = "ns1:" + function + "Response";
    return enclose("<" + name + ">" + writer.take() + "</" + name + ">");
}

std::string write_fault(const Fault& fault) {
    for (const std::string* text : {&fault.code, &fault.text, &fault.detail}) {
        if (!is_xml_text(*text)) throw std::invalid_argument("a fault holds control characters");
    }
    std::string content = "<SOAP-ENV:Fault><faultcode>" + escape(fault.code) +
                          "</faultcode><faultstring>" + escape(fault.text) + "</faultstring>";
    if (!fault.detail.empty()) content += "<detail>" + escape(fault.detail) + "</detail>";
    return enclose(content + "</SOAP-ENV:Fault>");
}

}  // namespace domspool::soap
