#include "soap/wsdl.h"

#include "soap/soap_xml.h"
#include "soap/xml_text.h"

#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/LexicalHandler.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <map>
#include <set>

namespace domspool::soap {
namespace {

using Poco::XML::XMLChar;
using Poco::XML::XMLString;

constexpr int kDepthLimit = 32;

bool is_list_type(std::string_view type) {
    return type.ends_with("[]");
}

std::string item_type(std::string_view type) {
    return std::string(is_list_type(type) ? type.substr(0, type.size() - 2) : type);
}

std::string in_wsdl(const std::string& type) {
    if (is_list_type(type)) return "tns:Array" + item_type(type);
    if (type == "string" || type == "int") return "xsd:" + type;
    if (type == "Map") return "apache:Map";
    return "tns:" + type;
}

std::string part_text(const WsdlPart& part) {
    return "<part name=\"" + escape(part.name) + "\" type=\"" + escape(in_wsdl(part.type)) + "\"/>";
}

std::string struct_text(const WsdlStruct& described) {
    std::string text = "<xsd:complexType name=\"" + escape(described.name) + "\"><xsd:all>\n";
    for (const WsdlPart& member : described.members) {
        text += "  <xsd:element name=\"" + escape(member.name) + "\" type=\"" +
                escape(in_wsdl(member.type)) + "\" minOccurs=\"0\" nillable=\"true\"/>\n";
    }
    return text + "</xsd:all></xsd:complexType>\n";
}

std::string list_text(const std::string& type) {
    return "<xsd:complexType name=\"Array" + escape(item_type(type)) +
           "\"><xsd:complexContent><xsd:restriction base=\"SOAP-ENC:Array\">"
           "<xsd:attribute ref=\"SOAP-ENC:arrayType\" wsdl:arrayType=\"" +
           escape(in_wsdl(item_type(type))) +
           "[]\"/></xsd:restriction></xsd:complexContent></xsd:complexType>\n";
}

std::set<std::string> list_types_of(const ServiceDescription& description) {
    std::set<std::string> types;
    const auto note = [&](const WsdlPart& part) {
        if (is_list_type(part.type)) types.insert(part.type);
    };
    for (const WsdlStruct& described : description.structs) {
        for (const WsdlPart& member : described.members) note(member);
    }
    for (const WsdlFunction& function : description.functions) {
        for (const WsdlPart& part : function.parts) note(part);
        note(function.result);
    }
    return types;
}

std::string types_text(const ServiceDescription& description) {
    std::string text =
        "<types><xsd:schema targetNamespace=\"urn:DRS\">\n"
        "<xsd:import namespace=\"http://schemas.xmlsoap.org/soap/encoding/\"/>\n";
    for (const WsdlStruct& described : description.structs) text += struct_text(described);
    for (const std::string& type : list_types_of(description)) text += list_text(type);
    return text + "</xsd:schema></types>\n";
}

std::string messages_text(const WsdlFunction& function) {
    std::string text = "<message name=\"" + escape(function.name) + "Request\">";
    for (const WsdlPart& part : function.parts) text += part_text(part);
    text += "</message>\n<message name=\"" + escape(function.name) + "Response\">";
    if (!function.result.name.empty()) text += part_text(function.result);
    return text + "</message>\n";
}

std::string port_operation_text(const WsdlFunction& function) {
    const std::string name = escape(function.name);
    return "<operation name=\"" + name + "\"><input message=\"tns:" + name +
           "Request\"/><output message=\"tns:" + name + "Response\"/></operation>\n";
}

std::string bound_operation_text(const WsdlFunction& function) {
    const std::string name = escape(function.name);
    const std::string body =
        "<soap:body use=\"encoded\" namespace=\"urn:DRS\" "
        "encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"/>";
    return "<operation name=\"" + name + "\"><soap:operation soapAction=\"urn:DRS#" + name +
           "\"/><input>" + body + "</input><output>" + body + "</output></operation>\n";
}

// Collects messages and the operations of port types; the rest of the file is passed over.
class WsdlHandler : public Poco::XML::DefaultHandler, public Poco::XML::LexicalHandler {
  public:
    struct Operation {
        std::string name, input, output;
    };
    std::string root;
    std::map<std::string, std::vector<WsdlPart>> messages;
    std::vector<Operation> operations;

    void startElement(const XMLString&, const XMLString& local_name, const XMLString&,
                      const Poco::XML::Attributes& attributes) override {
        if (open_.size() >= kDepthLimit) throw UnreadableMessage("nested too deeply");
        const std::string parent = open_.empty() ? "" : open_.back();
        const auto attribute = [&](const char* name) { return attributes.getValue("", name); };
        if (open_.empty()) root = local_name;
        open_.push_back(local_name);
        if (local_name == "message" && parent == "definitions") {
            message_ = attribute("name");
            messages[message_];
        } else if (local_name == "part" && parent == "message") {
            const XMLString type = attribute("type");
            messages[message_].push_back({attribute("name"), std::string(local_part(type))});
        } else if (local_name == "operation" && parent == "portType") {
            operations.push_back({attribute("name"), "", ""});
        } else if (parent == "operation" && open_.size() >= 3 &&
                   open_[open_.size() - 3] == "portType") {
            const XMLString message = attribute("message");
            if (local_name == "input") operations.back().input = local_part(message);
            if (local_name == "output") operations.back().output = local_part(message);
        }
    }
    void endElement(const XMLString&, const XMLString&, const XMLString&) override {
        open_.pop_back();
    }
    void startDTD(const XMLString&, const XMLString&, const XMLString&) override {
        throw UnreadableMessage("holds a document type");
    }
    void endDTD() override {}
    void startEntity(const XMLString&) override {}
    void endEntity(const XMLString&) override {}
    void startCDATA() override {}
    void endCDATA() override {}
    void comment(const XMLChar[], int, int) override {}

  private:
    std::vector<std::string> open_;
    std::string message_;
};

}  // namespace

std::string write_wsdl(const ServiceDescription& description) {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<definitions name=\"DRS\" targetNamespace=\"urn:DRS\""
        " xmlns=\"http://schemas.xmlsoap.org/wsdl/\""
        " xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\""
        " xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\""
        " xmlns:SOAP-ENC=\"http://schemas.xmlsoap.org/soap/encoding/\""
        " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
        " xmlns:apache=\"http://xml.apache.org/xml-soap\" xmlns:tns=\"urn:DRS\">\n";
    text += types_text(description);
    for (const WsdlFunction& function : description.functions) text += messages_text(function);
    text += "<portType name=\"DRSPort\">\n";
    for (const auto& function : description.functions) text += port_operation_text(function);
    text +=
        "</portType>\n<binding name=\"DRSBinding\" type=\"tns:DRSPort\">"
        "<soap:binding style=\"rpc\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n";
    for (const auto& function : description.functions) text += bound_operation_text(function);
    return text +
           "</binding>\n<service name=\"DRSService\"><port name=\"DRSPort\" "
           "binding=\"tns:DRSBinding\"><soap:address location=\"" +
           escape(description.endpoint) + "\"/></port></service>\n</definitions>\n";
}

std::vector<WsdlFunction> read_wsdl(std::string_view xml) {
    WsdlHandler handler;
    Poco::XML::SAXParser parser;
    parser.setContentHandler(&handler);
    parser.setProperty(Poco::XML::XMLReader::PROPERTY_LEXICAL_HANDLER,
                       static_cast<Poco::XML::LexicalHandler*>(&handler));
    try {
        parser.parseMemoryNP(xml.data(), xml.size());
    } catch (const Poco::Exception& error) {
        throw UnreadableMessage("is no XML: " + error.message());
    }
    if (handler.root != "definitions" || handler.operations.empty()) {
        throw UnreadableMessage("is no WSDL");
    }
    std::vector<WsdlFunction> functions;
    std::set<std::string> seen;
    for (const auto& operation : handler.operations) {
        if (!seen.insert(operation.name).second) continue;  // Another port type says it again.
        WsdlFunction function{operation.name, handler.messages[operation.input], {}};
        const auto& results = handler.messages[operation.output];
        if (!results.empty()) function.result = results.front();
        functions.push_back(std::move(function));
    }
    return functions;
}

}  // namespace domspool::soap
