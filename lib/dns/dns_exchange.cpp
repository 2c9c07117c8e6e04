#include "dns/dns_exchange.h"

#include "dns/ldns_types.h"

#include <Poco/Net/DatagramSocket.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>

namespace domspool {
namespace {

using Poco::Net::Socket;
using Poco::Net::SocketAddress;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

using Bytes = std::vector<std::uint8_t>;

// A question in wire form, with what its answer is recognised by.
struct Sending {
    std::uint16_t id = 0;
    LdnsPacket packet;
    Bytes wire;
};

SocketAddress socket_address(const std::string& address, const DnsSettings& settings) {
    Poco::Net::IPAddress ip;
    if (!Poco::Net::IPAddress::tryParse(address, ip)) {
        throw std::invalid_argument("'" + address + "' is no IP address");
    }
    return {ip, settings.port};
}

std::uint16_t random_id() {
    std::random_device source;
    return static_cast<std::uint16_t>(source());
}

Sending sending_of(const DnsQuestion& question) {
    const ldns_rr_type type = ldns_get_rr_type_by_name(question.type.c_str());
    LdnsField name(ldns_dname_new_frm_str((question.name + ".").c_str()));
    if (name == nullptr || type == 0) {
        throw std::invalid_argument("'" + question.name + "' " + question.type + " is no question");
    }
    const std::uint16_t flags = question.recursion == Recursion::wanted ? LDNS_RD : 0;
    Sending sending;
    sending.id = random_id();
    sending.packet.reset(ldns_pkt_query_new(name.release(), type, LDNS_RR_CLASS_IN, flags));
    if (sending.packet == nullptr) throw std::bad_alloc();
    ldns_pkt_set_id(sending.packet.get(), sending.id);
    if (question.signatures == Signatures::wanted) {
        ldns_pkt_set_edns_udp_size(sending.packet.get(), 1232);
        ldns_pkt_set_edns_do(sending.packet.get(), true);
    }
    std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
    if (ldns_pkt2wire(&bytes, sending.packet.get(), &size) != LDNS_STATUS_OK) {
        throw std::invalid_argument("'" + question.name + "' cannot be asked");
    }
    const LdnsBytes owner(bytes);
    sending.wire.assign(bytes, bytes + size);
    return sending;
}

DnsRecord record_of(ldns_rr* rr) {
    DnsRecord record;
    record.name = plain_name(taken(ldns_rdf2str(ldns_rr_owner(rr))));
    record.type = taken(ldns_rr_type2str(ldns_rr_get_type(rr)));
    record.ttl = ldns_rr_ttl(rr);
    record.text = taken(ldns_rr2str(rr));
    for (std::size_t i = 0; i < ldns_rr_rd_count(rr); ++i) {
        const ldns_rdf* field = ldns_rr_rdf(rr, i);
        std::string text = taken(ldns_rdf2str(field));
        const bool is_name = ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME;
        record.fields.push_back(is_name ? plain_name(text) : text);
    }
    return record;
}

std::vector<DnsRecord> records_in(const ldns_rr_list* list) {
    std::vector<DnsRecord> records;
    for (std::size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
        records.push_back(record_of(ldns_rr_list_rr(list, i)));
    }
    return records;
}

bool is_same_question(const ldns_pkt* sent, const ldns_pkt* received) {
    const ldns_rr_list* back = ldns_pkt_question(received);
    // Some servers refuse without repeating the question.
    if (ldns_rr_list_rr_count(back) == 0) {
        return ldns_pkt_get_rcode(received) != LDNS_RCODE_NOERROR;
    }
    const ldns_rr* asked = ldns_rr_list_rr(ldns_pkt_question(sent), 0);
    const ldns_rr* answered = ldns_rr_list_rr(back, 0);
    return ldns_rr_get_type(asked) == ldns_rr_get_type(answered) &&
           ldns_dname_compare(ldns_rr_owner(asked), ldns_rr_owner(answered)) == 0;
}

// Nothing, when the bytes are no answer to the question.
std::optional<DnsAnswer> read_answer(const Sending& sending, const Bytes& wire) {
    ldns_pkt* raw = nullptr;
    if (ldns_wire2pkt(&raw, wire.data(), wire.size()) != LDNS_STATUS_OK) return std::nullopt;
    const LdnsPacket packet(raw);
    if (!ldns_pkt_qr(raw) || ldns_pkt_id(raw) != sending.id) return std::nullopt;
    if (!is_same_question(sending.packet.get(), raw)) return std::nullopt;
    DnsAnswer answer;
    answer.code = taken(ldns_pkt_rcode2str(ldns_pkt_get_rcode(raw)));
    answer.authoritative = ldns_pkt_aa(raw);
    answer.truncated = ldns_pkt_tc(raw);
    answer.answer = records_in(ldns_pkt_answer(raw));
    answer.authority = records_in(ldns_pkt_authority(raw));
    answer.additional = records_in(ldns_pkt_additional(raw));
    return answer;
}

Poco::Timespan left_until(steady_clock::time_point moment) {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(moment - steady_clock::now());
    return Poco::Timespan(std::max<Poco::Timespan::TimeDiff>(left.count(), 0));
}

void wait_readable(const Socket& socket, steady_clock::time_point deadline) {
    const Poco::Timespan left = left_until(deadline);
    if (left.totalMicroseconds() == 0 || !socket.poll(left, Socket::SELECT_READ)) {
        throw Poco::TimeoutException();
    }
}

std::optional<DnsAnswer> receive_until(Poco::Net::DatagramSocket& socket, const Sending& sending,
                                       steady_clock::time_point moment) {
    Bytes wire(65535);
    while (steady_clock::now() < moment) {
        if (!socket.poll(left_until(moment), Socket::SELECT_READ)) return std::nullopt;
        const int size = socket.receiveBytes(wire.data(), static_cast<int>(wire.size()));
        const Bytes received(wire.begin(), wire.begin() + std::max(size, 0));
        if (auto answer = read_answer(sending, received)) return answer;
    }
    return std::nullopt;
}

DnsReply ask_over_udp(const SocketAddress& address, const Sending& sending,
                      steady_clock::time_point deadline) {
    Poco::Net::DatagramSocket socket(address.family());
    socket.connect(address);  // So that only this address is heard, and its ICMP refusals too.
    const auto begin = steady_clock::now();
    for (const auto moment : {begin + (deadline - begin) / 2, deadline}) {
        socket.sendBytes(sending.wire.data(), static_cast<int>(sending.wire.size()));
        if (auto answer = receive_until(socket, sending, moment)) return *answer;
    }
    throw Poco::TimeoutException();
}

// Nothing, when the server closes before all has come.
std::optional<Bytes> receive_whole(Poco::Net::StreamSocket& socket, std::size_t size,
                                   steady_clock::time_point deadline) {
    Bytes bytes(size);
    std::size_t got = 0;
    while (got < size) {
        wait_readable(socket, deadline);
        const int more = socket.receiveBytes(bytes.data() + got, static_cast<int>(size - got));
        if (more <= 0) return std::nullopt;
        got += static_cast<std::size_t>(more);
    }
    return bytes;
}

DnsReply ask_over_tcp(const SocketAddress& address, const Sending& sending,
                      steady_clock::time_point deadline) {
    const NoAnswer broken{NoAnswer::Why::unreadable, "no readable answer over TCP"};
    Poco::Net::StreamSocket socket;
    socket.connect(address, left_until(deadline));
    Bytes framed = {static_cast<std::uint8_t>(sending.wire.size() >> 8),
                    static_cast<std::uint8_t>(sending.wire.size() & 0xff)};
    framed.insert(framed.end(), sending.wire.begin(), sending.wire.end());
    socket.sendBytes(framed.data(), static_cast<int>(framed.size()), MSG_NOSIGNAL);
    const auto length = receive_whole(socket, 2, deadline);
    if (!length) return broken;
    const std::size_t size = static_cast<std::size_t>((*length)[0]) << 8 | (*length)[1];
    const auto wire = receive_whole(socket, size, deadline);
    if (!wire) return broken;
    auto answer = read_answer(sending, *wire);
    if (!answer || answer->truncated) return broken;
    return *answer;
}

DnsReply ask_over(DnsTransport transport, const SocketAddress& address, const Sending& sending,
                  steady_clock::time_point deadline) {
    switch (transport) {
        case DnsTransport::udp:
            return ask_over_udp(address, sending, deadline);
        case DnsTransport::tcp:
            return ask_over_tcp(address, sending, deadline);
    }
    throw std::logic_error("no such transport");
}

// Containers and labs often have an IPv6 default route with private addresses only: packets to the
// public IPv6 Internet leave, and no answer ever comes back.
bool is_private_way(const Poco::Net::IPAddress& from, const Poco::Net::IPAddress& to) {
    if (to.family() != Poco::Net::IPAddress::IPv6) return false;
    std::uint8_t first_from = 0, first_to = 0;
    std::memcpy(&first_from, from.addr(), 1);
    std::memcpy(&first_to, to.addr(), 1);
    const bool is_to_public = (first_to & 0xe0) == 0x20;      // 2000::/3
    const bool is_from_private = (first_from & 0xfe) == 0xfc  // fc00::/7
                                 || first_from == 0xfe;       // fe80::/10
    return is_to_public && is_from_private;
}

NoAnswer too_late() {
    return {NoAnswer::Why::no_time, "not answered before the time for all questions was over"};
}

}  // namespace

std::string_view to_word(DnsTransport transport) {
    switch (transport) {
        case DnsTransport::udp:
            return "UDP";
        case DnsTransport::tcp:
            return "TCP";
    }
    throw std::logic_error("no such transport");
}

std::vector<DnsRecord> records_of(const std::vector<DnsRecord>& section, const std::string& name,
                                  std::string_view type) {
    std::vector<DnsRecord> found;
    for (const DnsRecord& record : section) {
        if (record.name == name && record.type == type) found.push_back(record);
    }
    return found;
}

DnsReply ask_address(const std::string& address, const DnsQuestion& question,
                     DnsTransport transport, const DnsSettings& settings) {
    const SocketAddress target = socket_address(address, settings);
    const Sending sending = sending_of(question);
    const std::string over = " over " + std::string(to_word(transport));
    const auto now = steady_clock::now();
    const auto own_end = now + std::chrono::seconds(settings.timeout_seconds);
    const auto deadline = std::min(own_end, settings.until.value_or(own_end));
    if (deadline <= now) return too_late();
    try {
        return ask_over(transport, target, sending, deadline);
    } catch (const Poco::Net::ConnectionRefusedException&) {
        return NoAnswer{NoAnswer::Why::closed, "nothing listens" + over};
    } catch (const Poco::Net::ConnectionResetException&) {
        return NoAnswer{NoAnswer::Why::closed, "the connection was closed" + over};
    } catch (const Poco::TimeoutException&) {
        if (deadline < own_end) return too_late();
        return NoAnswer{NoAnswer::Why::silent, "no answer" + over + " within " +
                                                   std::to_string(settings.timeout_seconds) + " s"};
    } catch (const Poco::Exception& error) {
        return NoAnswer{
            NoAnswer::Why::silent,
            "no answer" + over + " (" + error.name() +
                (error.code() != 0 ? std::string(", ") + std::strerror(error.code()) : "") + ")"};
    }
}

DnsReply ask_address(const std::string& address, const DnsQuestion& question,
                     const DnsSettings& settings) {
    DnsReply reply = ask_address(address, question, DnsTransport::udp, settings);
    const auto* answer = std::get_if<DnsAnswer>(&reply);
    if (answer == nullptr || !answer->truncated) return reply;
    return ask_address(address, question, DnsTransport::tcp, settings);
}

bool has_route_to(const std::string& address, const DnsSettings& settings) {
    const SocketAddress target = socket_address(address, settings);
    try {
        // A connected UDP socket only looks up the route.
        Poco::Net::DatagramSocket socket(target.family());
        socket.connect(target);
        return !is_private_way(socket.address().host(), target.host());
    } catch (const Poco::Exception&) {
        return false;
    }
}

bool is_v6(const std::string& address) {
    return address.find(':') != std::string::npos;
}

bool is_address(const std::string& text) {
    Poco::Net::IPAddress ip;
    return Poco::Net::IPAddress::tryParse(text, ip);
}

std::optional<int> number_in(const std::string& field) {
    int number = 0;
    const char* end = field.data() + field.size();
    const auto read = std::from_chars(field.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return number;
}

std::string plain_name(std::string_view name) {
    if (!name.empty() && name.back() == '.') name.remove_suffix(1);
    std::string plain(name);
    for (char& c : plain) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return plain;
}

}  // namespace domspool
