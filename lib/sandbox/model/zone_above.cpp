#include "sandbox/model/zone_above.h"

#include "sandbox/model/extensions.h"
#include "sandbox/model/letter_case.h"

// clang-format off: first, or ldns defines bool, true and false as macros.
#include <stdbool.h>
// clang-format on
#include <ldns/ldns.h>

#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace domspool::sandbox {

namespace {

constexpr const char* kMadeUpTag = "12345";
constexpr const char* kUsualAlgorithm = "13";
constexpr const char* kStart =
    " 60 IN SOA ns1.sandbox.example. registry.sandbox.example. 1 3600 600 86400 60";

using Packet = std::unique_ptr<ldns_pkt, decltype(&ldns_pkt_free)>;

Packet read_packet(const Bytes& bytes) {
    ldns_pkt* packet = nullptr;
    if (ldns_wire2pkt(&packet, bytes.data(), bytes.size()) != LDNS_STATUS_OK) packet = nullptr;
    return {packet, ldns_pkt_free};
}

Bytes in_wire_form(const ldns_pkt* packet) {
    std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
    if (ldns_pkt2wire(&bytes, packet, &size) != LDNS_STATUS_OK) {
        throw std::invalid_argument("an answer that cannot be written");
    }
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> owner(bytes, std::free);
    return Bytes(bytes, bytes + size);
}

void add_record(ldns_pkt* packet, ldns_pkt_section section, const std::string& text) {
    ldns_rr* record = nullptr;
    if (ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK) {
        throw std::invalid_argument("no record: " + text);
    }
    ldns_pkt_push_rr(packet, section, record);
}

std::string name_in(const ldns_rr* question) {
    const std::unique_ptr<char, decltype(&std::free)> text(ldns_rdf2str(ldns_rr_owner(question)),
                                                           std::free);
    std::string name = lower(text != nullptr ? text.get() : "");
    if (name.ends_with('.')) name.pop_back();
    return name;
}

Packet answer_beginning(const ldns_pkt* asked, const ldns_rr* question) {
    Packet answer(ldns_pkt_new(), ldns_pkt_free);
    if (answer == nullptr) throw std::bad_alloc();
    ldns_pkt_set_id(answer.get(), ldns_pkt_id(asked));
    ldns_pkt_set_qr(answer.get(), true);
    ldns_pkt_set_rd(answer.get(), ldns_pkt_rd(asked));
    ldns_pkt_push_rr(answer.get(), LDNS_SECTION_QUESTION, ldns_rr_clone(question));
    return answer;
}

}  // namespace

std::vector<std::string> ds_records(const Domain& domain) {
    std::istringstream key(field_of(domain.fields, "dnskey"));
    std::string flags, protocol, algorithm;
    if (!(key >> flags >> protocol >> algorithm)) algorithm = kUsualAlgorithm;
    std::vector<std::string> records;
    std::istringstream list(field_of(domain.fields, "ds"));
    for (std::string one; std::getline(list, one, ';');) {
        std::istringstream words(one);
        std::string tag, type, digest;
        if (!(words >> tag >> type >> digest)) continue;
        records.push_back(tag + " " + algorithm + " " + type + " " + digest);
    }
    if (records.empty() && field_of(domain.fields, "IsSigned") == "1") {
        records.push_back(kMadeUpTag + (" " + algorithm) + " 2 " + std::string(64, 'A'));
    }
    return records;
}

std::optional<Bytes> answer_of_parent(const Bytes& question, const FindDs& find) {
    const Packet asked = read_packet(question);
    if (asked == nullptr || ldns_pkt_qr(asked.get()) || ldns_pkt_qdcount(asked.get()) != 1) {
        return std::nullopt;
    }
    const ldns_rr* what = ldns_rr_list_rr(ldns_pkt_question(asked.get()), 0);
    const Packet answer = answer_beginning(asked.get(), what);
    const std::string name = name_in(what);
    const Extension* extension = extension_of(name);
    if (extension == nullptr || ldns_rr_get_type(what) != LDNS_RR_TYPE_DS) {
        ldns_pkt_set_rcode(answer.get(), LDNS_RCODE_REFUSED);
        return in_wire_form(answer.get());
    }
    ldns_pkt_set_aa(answer.get(), true);
    const PublishedDs published = find(name);
    const std::string beginning = name + ". " + std::to_string(published.ttl_seconds) + " IN DS ";
    for (const std::string& record : published.records) {
        add_record(answer.get(), LDNS_SECTION_ANSWER, beginning + record);
    }
    if (published.records.empty()) {
        add_record(answer.get(), LDNS_SECTION_AUTHORITY, extension->name + "." + kStart);
    }
    return in_wire_form(answer.get());
}

}  // namespace domspool::sandbox
