#include "soap/soap_xml.h"

#include "soap/element_tree.h"
#include "soap/xml_text.h"

#include <Poco/SAX/Attributes.h>
#include <Poco/SAX/DefaultHandler.h>
#include <Poco/SAX/LexicalHandler.h>
#include <Poco/SAX/SAXException.h>
#include <Poco/SAX/SAXParser.h>

#include <algorithm>
#include <limits>

namespace domspool::soap {
namespace {

using Poco::XML::XMLChar;
using Poco::XML::XMLString;

constexpr const char* kInstance = "http://www.w3.org/2001/XMLSchema-instance";
constexpr const char* kEncoding = "http://schemas.xmlsoap.org/soap/encoding/";

// Envelope, Body, function, its child, an item of that: where list rows stand.
constexpr std::size_t kRowDepth = 5;

// Builds the tree of the message. Rows that need nothing but themselves leave through the sink as
// soon as they end, so that a list of any length stands in memory one row at a time.
class TreeBuilder : public Poco::XML::DefaultHandler, public Poco::XML::LexicalHandler {
  public:
    TreeBuilder(const Limits& limits, std::string response_name, const RowSink& sink)
        : limits_(limits), response_name_(std::move(response_name)), sink_(sink) {}

    Element take_root() { return std::move(root_); }
    bool rows_were_taken() const { return rows_were_taken_; }
    // Where the parser stopped: inside an envelope, or before the first element.
    bool has_begun() const { return !open_.empty(); }
    bool is_inside_envelope() const {
        return has_begun() && equal_folded(open_.front().name, "Envelope");
    }

    void startElement(const XMLString&, const XMLString& local_name, const XMLString&,
                      const Poco::XML::Attributes& attributes) override {
        if (open_.size() >= static_cast<std::size_t>(limits_.depth)) {
            throw UnreadableMessage("nested too deeply");
        }
        if (open_.size() + 1 == kRowDepth) kept_before_row_ = kept_;
        // A tag of four bytes takes two hundred in the tree.
        if (++kept_ > limits_.elements) throw UnreadableMessage("has too many elements");
        Element element;
        element.name = local_name;
        read_attributes(attributes, element);
        open_.push_back(std::move(element));
    }

    void characters(const XMLChar text[], int start, int length) override {
        if (open_.empty()) return;
        open_.back().text.append(text + start, static_cast<std::size_t>(length));
    }

    void endElement(const XMLString&, const XMLString&, const XMLString&) override {
        Element element = std::move(open_.back());
        open_.pop_back();
        if (!element.children.empty()) element.text.clear();  // Blanks between elements.
        if (open_.empty()) {
            root_ = std::move(element);
        } else if (leaves_as_row(element)) {
            rows_were_taken_ = true;
            kept_ = kept_before_row_;
            sink_(ValueReader(limits_.depth).value_of(element));
        } else {
            Element& parent = open_.back();
            parent.has_links = parent.has_links || element.has_links;
            parent.children.push_back(std::move(element));
        }
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
    static void read_attributes(const Poco::XML::Attributes& attributes, Element& element) {
        element.type = local_part(attributes.getValue(kInstance, "type"));
        const XMLString nil = attributes.getValue(kInstance, "nil");
        element.is_nil = nil == "true" || nil == "1";
        const XMLString items = attributes.getValue(kEncoding, "arrayType");
        element.item_type = local_part(items.substr(0, items.find('[')));
        element.is_array = !items.empty() || element.type == "Array";
        element.id = attributes.getValue("", "id");
        element.href = attributes.getValue("", "href");
        if (!element.href.empty() && element.href.front() == '#') element.href.erase(0, 1);
        element.has_links = !element.id.empty() || !element.href.empty();
    }

    // A row that waits makes all later ones wait, so that their order stays.
    bool leaves_as_row(const Element& element) const {
        if (!sink_ || open_.size() + 1 != kRowDepth || element.has_links) return false;
        const Element& list = open_.back();
        return equal_folded(open_[1].name, "Body") && equal_folded(open_[2].name, response_name_) &&
               open_[2].children.empty() && list.children.empty() && list.href.empty() &&
               is_list_item_of(list, element);
    }

    Limits limits_;
    std::string response_name_;
    const RowSink& sink_;
    std::vector<Element> open_;
    Element root_;
    std::size_t kept_ = 0;
    std::size_t kept_before_row_ = 0;
    bool rows_were_taken_ = false;
};

// No parser says whether it stopped for want of text.
bool is_cut(std::string_view xml, const TreeBuilder& builder) {
    xml = xml.substr(0, xml.find_last_not_of(" \t\r\n") + 1);
    if (builder.has_begun()) return builder.is_inside_envelope() && !xml.ends_with("Envelope>");
    // One tag may be whole, the declaration.
    return xml.starts_with('<') && std::count(xml.begin(), xml.end(), '>') <= 1;
}

void parse(std::string_view xml, TreeBuilder& builder, const Limits& limits) {
    if (xml.size() > limits.bytes || xml.size() > std::numeric_limits<int>::max()) {
        throw UnreadableMessage("larger than " + std::to_string(limits.bytes) + " bytes");
    }
    Poco::XML::SAXParser parser;
    parser.setContentHandler(&builder);
    parser.setProperty(Poco::XML::XMLReader::PROPERTY_LEXICAL_HANDLER,
                       static_cast<Poco::XML::LexicalHandler*>(&builder));
    try {
        parser.parseMemoryNP(xml.data(), xml.size());
    } catch (const Poco::Exception& error) {
        // The parser's own words name line and column; they quote nothing of the text.
        if (is_cut(xml, builder)) throw CutMessage("was cut: " + error.message());
        throw UnreadableMessage("is no XML: " + error.message());
    }
}

const Element& body_of(const Element& root) {
    if (!equal_folded(root.name, "Envelope")) {
        throw UnreadableMessage("has no SOAP envelope");
    }
    const Element* body = nullptr;
    for (const Element& child : root.children) {
        if (equal_folded(child.name, "Header")) continue;
        if (!equal_folded(child.name, "Body") || body != nullptr) {
            throw UnreadableMessage("has an envelope without exactly one body");
        }
        body = &child;
    }
    if (body == nullptr) throw UnreadableMessage("has a SOAP envelope without a body");
    return *body;
}

// The one element of the body that does not stand there only to be linked to (those carry ids).
const Element& content_of(const Element& body) {
    const Element* content = nullptr;
    for (const Element& child : body.children) {
        if (!child.id.empty()) continue;
        if (content != nullptr) throw UnreadableMessage("has more than one element in its body");
        content = &child;
    }
    if (content != nullptr) return *content;
    if (body.children.empty()) throw UnreadableMessage("has an empty body");
    return body.children.front();
}

std::string all_text(const Element& element) {
    std::string text = element.text;
    for (const Element& child : element.children) {
        const std::string part = all_text(child);
        if (!text.empty() && !part.empty()) text += ' ';
        text += part;
    }
    return text;
}

// SOAP 1.1 names first; the 1.2 ones cost nothing to understand.
std::string fault_part(const Element& fault, std::string_view name, std::string_view later_name) {
    for (const std::string_view wanted : {name, later_name}) {
        if (const Element* part = find_child(fault, wanted)) return all_text(*part);
    }
    return {};
}

Fault read_fault(const Element& fault) {
    return {fault_part(fault, "faultcode", "Code"), fault_part(fault, "faultstring", "Reason"),
            fault_part(fault, "detail", "Detail")};
}

Value read_answer(const Element& response, ValueReader& reader, const RowSink& sink) {
    if (response.children.empty()) return Value::nil();
    if (response.children.size() > 1) {
        Value record = reader.value_of(response);
        record.type_name.clear();
        return record;
    }
    const Element& top = reader.target_of(response.children.front());
    if (!sink || top.is_nil || !is_list(top)) return reader.value_of(top);
    for (const Element& item : top.children) sink(reader.value_of(item));
    return Value::list(top.item_type, {});
}

}  // namespace

Message read_reply(std::string_view xml, std::string_view function, const RowSink& sink,
                   const Limits& limits) {
    const std::string response_name = std::string(function) + "Response";
    TreeBuilder builder(limits, response_name, sink);
    parse(xml, builder, limits);
    const Element root = builder.take_root();
    const Element& body = body_of(root);
    const Element& content = content_of(body);
    if (equal_folded(content.name, "Fault")) return read_fault(content);
    if (!equal_folded(content.name, response_name)) {
        throw UnreadableMessage("does not answer '" + std::string(function) + "'");
    }
    ValueReader reader(limits.depth);
    reader.learn(body);
    Value value = read_answer(content, reader, sink);
    if (builder.rows_were_taken() && value.kind != Value::Kind::list) {
        if (!value.members.empty()) throw UnreadableMessage("is half a list, half a record");
        value = Value::list("", {});
    }
    return Answer{std::move(value)};
}

Call read_call(std::string_view xml, const Limits& limits) {
    const RowSink no_sink;
    TreeBuilder builder(limits, "", no_sink);
    parse(xml, builder, limits);
    const Element root = builder.take_root();
    const Element& body = body_of(root);
    const Element& content = content_of(body);
    ValueReader reader(limits.depth);
    reader.learn(body);
    Call call;
    call.function = content.name;
    for (const Element& child : content.children) {
        call.parameters.push_back({child.name, reader.value_of(child)});
    }
    return call;
}

}  // namespace domspool::soap
