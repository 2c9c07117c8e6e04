// Owning types for what ldns hands out. Only for the sources of this folder.
#pragma once

// First, or ldns defines bool, true and false as macros.
#include <ldns/ldns.h>

#include <cstdlib>
#include <memory>
#include <stdbool.h>
#include <string>

namespace domspool {

struct LdnsFree {
    void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
    void operator()(ldns_rr* record) const { ldns_rr_free(record); }
    void operator()(ldns_rdf* field) const { ldns_rdf_deep_free(field); }
    void operator()(ldns_rr_list* list) const { ldns_rr_list_deep_free(list); }
    void operator()(char* text) const { std::free(text); }
    void operator()(std::uint8_t* bytes) const { std::free(bytes); }
};

// Frees the list, not the records in it.
struct LdnsFreeListOnly {
    void operator()(ldns_rr_list* list) const { ldns_rr_list_free(list); }
};

using LdnsPacket = std::unique_ptr<ldns_pkt, LdnsFree>;
using LdnsRecord = std::unique_ptr<ldns_rr, LdnsFree>;
using LdnsField = std::unique_ptr<ldns_rdf, LdnsFree>;
using LdnsRecords = std::unique_ptr<ldns_rr_list, LdnsFree>;
using LdnsRecordsSeen = std::unique_ptr<ldns_rr_list, LdnsFreeListOnly>;
using LdnsText = std::unique_ptr<char, LdnsFree>;
using LdnsBytes = std::unique_ptr<std::uint8_t, LdnsFree>;

// Takes over a text made by ldns; "" for none.
inline std::string taken(char* text) {
    const LdnsText owner(text);
    return text != nullptr ? text : "";
}

}  // namespace domspool
