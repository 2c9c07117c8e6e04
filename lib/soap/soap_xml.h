// SOAP 1.1 RPC/encoded text to values and back. Pure: no network, no clock.
#pragma once

#include "soap/value.h"

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace domspool::soap {

// The text is no SOAP message we can trust: broken or cut XML, a DTD, too deep, too large.
class UnreadableMessage : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// So far it was a SOAP message, and its end is missing.
class CutMessage : public UnreadableMessage {
  public:
    using UnreadableMessage::UnreadableMessage;
};

struct Fault {
    std::string code;    // faultcode as it came
    std::string text;    // faultstring as it came
    std::string detail;  // text of <detail>, if any
};

// The single child of the response element, whatever its name; nil for an empty one.
struct Answer {
    Value value;
};

using Message = std::variant<Answer, Fault>;

// A call: function and parameters in order, each with the element name to send.
struct Call {
    std::string function;
    std::vector<Field> parameters;
};

struct Limits {
    std::size_t bytes = 64u << 20;
    int depth = 32;
    std::size_t elements = 500'000;  // in memory at once; rows that went to a sink are none
};

inline constexpr std::string_view kNamespace = "urn:DRS";

// The whole envelope, UTF-8, section-5 encoded with xsi:types. Throws std::invalid_argument naming
// the parameter when a text holds what XML cannot carry (control characters, invalid UTF-8).
std::string write_call(const Call& call);
std::string write_answer(const std::string& function, const std::string& result_name,
                         const Value& value);
std::string write_fault(const Fault& fault);

// Called once for each item of a list that is the reply's top value, instead of keeping it.
using RowSink = std::function<void(Value&& row)>;

// Reads a reply by SAX in one pass. The response element must be `<function>Response` in any
// namespace, letter case ignored; another one is UnreadableMessage. With a sink, list rows go
// there and the answer's list stays empty; rows taken before an exception are no part of any
// answer. Several children of the response element are read as one record. multiRef href/id replies
// (SOAP::Lite, Axis) are resolved.
Message read_reply(std::string_view xml, std::string_view function, const RowSink& sink = {},
                   const Limits& limits = {});

// The server's side: function and parameters as they came, names included.
Call read_call(std::string_view xml, const Limits& limits = {});

}  // namespace domspool::soap
