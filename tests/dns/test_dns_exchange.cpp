#include "dns/dns_exchange.h"
#include "dns/loopback_net.h"

#include <Poco/Net/StreamSocket.h>
#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <utility>

using namespace domspool;
using namespace domspool::test;

namespace {

using Bytes = ScriptedUdpServer::Bytes;
using std::chrono::milliseconds;

DnsQuestion soa(const std::string& name) {
    return {name, "SOA", Recursion::none, Signatures::none};
}

// The question turned into an empty answer with the given second flag byte (the return code).
Bytes empty_answer(Bytes question, std::uint8_t first_flags = 0x84, std::uint8_t code = 0) {
    question[2] = first_flags;
    question[3] = code;
    return question;
}

milliseconds time_of(const std::function<void()>& act) {
    const auto begin = std::chrono::steady_clock::now();
    act();
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

}  // namespace

TEST_CASE("an answer of a real server comes over UDP and TCP") {
    for (const auto transport : {DnsTransport::udp, DnsTransport::tcp}) {
        const DnsReply reply =
            ask_address(kFirstAddress, soa("good.example"), transport, net().settings());
        const auto& answer = std::get<DnsAnswer>(reply);
        CHECK(answer.code == "NOERROR");
        CHECK(answer.authoritative);
        REQUIRE(answer.answer.size() == 1);
        CHECK(answer.answer[0].name == "good.example");
        CHECK(answer.answer[0].type == "SOA");
        CHECK(answer.answer[0].ttl == 3600);
        CHECK(answer.answer[0].fields == std::vector<std::string>{"a.nic.example", "h.example", "7",
                                                                  "7200", "3600", "604800", "300"});
    }
}

TEST_CASE("a port where nothing listens is known at once") {
    const DnsSettings patient{"system", net().port(), 600};
    for (const auto transport : {DnsTransport::udp, DnsTransport::tcp}) {
        DnsReply reply;
        const auto taken = time_of(
            [&] { reply = ask_address(kClosedAddress, soa("good.example"), transport, patient); });
        CHECK(std::get<NoAnswer>(reply).why == NoAnswer::Why::closed);
        CHECK(std::get<NoAnswer>(reply).text ==
              "nothing listens over " + std::string(to_word(transport)));
        CHECK(taken < milliseconds(60000));
    }
}

TEST_CASE("silence ends with the time-out") {
    const auto ask = [](DnsTransport transport) {
        DnsReply reply;
        const auto taken = time_of([&] {
            reply = ask_address(kSilentAddress, soa("good.example"), transport, net().settings());
        });
        return std::pair(reply, taken);
    };
    auto over_udp = std::async(std::launch::async, ask, DnsTransport::udp);
    const auto [tcp, tcp_taken] = ask(DnsTransport::tcp);
    const auto [udp, udp_taken] = over_udp.get();
    CHECK(std::get<NoAnswer>(udp).why == NoAnswer::Why::silent);
    CHECK(std::get<NoAnswer>(udp).text == "no answer over UDP within 1 s");
    CHECK(std::get<NoAnswer>(tcp).why == NoAnswer::Why::silent);
    CHECK(std::get<NoAnswer>(tcp).text == "no answer over TCP within 1 s");
    for (const milliseconds taken : {udp_taken, tcp_taken}) {
        CHECK(taken >= milliseconds(990));
        CHECK(taken < milliseconds(60000));
    }
}

TEST_CASE("no question waits beyond the end that is set for all") {
    DnsSettings settings{"system", net().port(), 600};
    for (const auto transport : {DnsTransport::udp, DnsTransport::tcp}) {
        settings.until = std::chrono::steady_clock::now() + milliseconds(300);
        for (const char* when : {"while it waits", "before it begins"}) {
            CAPTURE(when);
            DnsReply reply;
            const auto taken = time_of([&] {
                reply = ask_address(kSilentAddress, soa("good.example"), transport, settings);
            });
            CHECK(std::get<NoAnswer>(reply).why == NoAnswer::Why::no_time);
            CHECK(taken < milliseconds(60000));
        }
    }
}

TEST_CASE("an answer that is cut over TCP as well is none") {
    Poco::Net::ServerSocket tcp(Poco::Net::SocketAddress(kFreeAddress, net().port()));
    std::thread thread([&] {
        Poco::Net::StreamSocket socket = tcp.acceptConnection();
        Bytes question(512);
        question.resize(static_cast<std::size_t>(socket.receiveBytes(question.data(), 512)));
        question[4] = 0x86;
        socket.sendBytes(question.data(), static_cast<int>(question.size()));
    });
    const DnsReply reply =
        ask_address(kFreeAddress, soa("a.example"), DnsTransport::tcp, net().settings());
    thread.join();
    CHECK(std::get<NoAnswer>(reply).why == NoAnswer::Why::unreadable);
}

TEST_CASE("one lost packet is no silence") {
    int heard = 0;
    const ScriptedUdpServer server(kFreeAddress, net().port(), [&](const Bytes& question) {
        return ++heard == 1 ? std::vector<Bytes>() : std::vector<Bytes>{empty_answer(question)};
    });
    const DnsReply reply =
        ask_address(kFreeAddress, soa("good.example"), DnsTransport::udp, net().settings());
    CHECK(std::get<DnsAnswer>(reply).code == "NOERROR");
}

TEST_CASE("answers to something else are passed over") {
    const ScriptedUdpServer server(kFreeAddress, net().port(), [](const Bytes& question) {
        Bytes other_id = empty_answer(question, 0x84, 5);
        other_id[0] = static_cast<std::uint8_t>(other_id[0] ^ 0xff);
        Bytes other_name = empty_answer(question, 0x84, 5);
        other_name[13] = 'x';
        const Bytes no_answer = question;
        const Bytes too_short(question.begin(), question.begin() + 7);
        return std::vector<Bytes>{other_id, other_name, no_answer, too_short,
                                  empty_answer(question)};
    });
    const DnsReply reply =
        ask_address(kFreeAddress, soa("good.example"), DnsTransport::udp, net().settings());
    CHECK(std::get<DnsAnswer>(reply).code == "NOERROR");
}

TEST_CASE("an answer cut for UDP is fetched over TCP") {
    const ScriptedUdpServer udp(kFreeAddress, net().port(), [](const Bytes& question) {
        return std::vector<Bytes>{empty_answer(question, 0x86)};  // with the truncation flag
    });
    Poco::Net::ServerSocket tcp(Poco::Net::SocketAddress(kFreeAddress, net().port()));
    std::thread thread([&] {
        Poco::Net::StreamSocket socket = tcp.acceptConnection();
        Bytes question(512);
        const int size = socket.receiveBytes(question.data(), 512);
        question.resize(static_cast<std::size_t>(size));
        question[4] = 0x84;
        question[5] = 3;
        // Byte by byte, as slow networks may.
        for (const std::uint8_t byte : question) socket.sendBytes(&byte, 1);
    });
    const DnsReply reply = ask_address(kFreeAddress, soa("good.example"), net().settings());
    thread.join();
    CHECK(std::get<DnsAnswer>(reply).code == "NXDOMAIN");
}

TEST_CASE("a server that drips over TCP cannot stretch the time-out") {
    Poco::Net::ServerSocket tcp(Poco::Net::SocketAddress(kFreeAddress, net().port()));
    std::atomic<bool> is_over = false;
    std::thread thread([&] {
        Poco::Net::StreamSocket socket = tcp.acceptConnection();
        const std::uint8_t byte = 0xff;
        while (!is_over) {
            try {
                socket.sendBytes(&byte, 1, MSG_NOSIGNAL);
            } catch (const Poco::Exception&) {
                return;
            }
            std::this_thread::sleep_for(milliseconds(100));
        }
    });
    DnsReply reply;
    const auto taken = time_of([&] {
        reply = ask_address(kFreeAddress, soa("a.example"), DnsTransport::tcp, net().settings());
    });
    is_over = true;
    thread.join();
    CHECK(std::get<NoAnswer>(reply).why == NoAnswer::Why::silent);
    CHECK(taken < milliseconds(60000));
}

TEST_CASE("a server that hangs up over TCP gives no answer") {
    Poco::Net::ServerSocket tcp(Poco::Net::SocketAddress(kFreeAddress, net().port()));
    std::thread thread([&] { tcp.acceptConnection().close(); });
    const DnsReply reply =
        ask_address(kFreeAddress, soa("a.example"), DnsTransport::tcp, net().settings());
    thread.join();
    CHECK(std::get<NoAnswer>(reply).why != NoAnswer::Why::silent);
}

TEST_CASE("a text that is no address is our bug, not an answer") {
    CHECK_THROWS_AS(ask_address("nowhere", soa("a.example"), net().settings()),
                    std::invalid_argument);
    CHECK_FALSE(is_address("nowhere"));
    CHECK(is_address("2001:db8::1"));
}

TEST_CASE("a plain name has no capitals and no last dot") {
    CHECK(plain_name("NS1.Example.COM.") == "ns1.example.com");
    CHECK(plain_name(".") == "");
}
