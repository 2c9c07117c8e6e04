// The description of a SOAP service: written for other people's clients, read to compare. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace domspool::soap {

// A part of a message or a member of a struct. Types: "string", "int", "Map", the name of a
// described struct, or one of these with "[]" behind it for a list.
struct WsdlPart {
    std::string name;
    std::string type;
    friend bool operator==(const WsdlPart&, const WsdlPart&) = default;
};

struct WsdlFunction {
    std::string name;
    std::vector<WsdlPart> parts;  // in order
    WsdlPart result;              // an empty name: the function returns nothing
    friend bool operator==(const WsdlFunction&, const WsdlFunction&) = default;
};

struct WsdlStruct {
    std::string name;
    std::vector<WsdlPart> members;
};

struct ServiceDescription {
    std::string endpoint;  // where calls are posted
    std::vector<WsdlStruct> structs;
    std::vector<WsdlFunction> functions;
};

// SOAP 1.1, RPC/encoded, namespace urn:DRS; understood by PHP's SoapClient and SOAP::Lite.
std::string write_wsdl(const ServiceDescription& description);

// The functions of the first port type with their parts in order, types as local names. Throws
// UnreadableMessage (soap_xml.h) for anything that is no whole WSDL.
std::vector<WsdlFunction> read_wsdl(std::string_view xml);

}  // namespace domspool::soap
