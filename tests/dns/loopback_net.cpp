#include "dns/loopback_net.h"

#include "dns/dns_exchange.h"

#include <Poco/Net/SocketAddress.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace domspool::test {
namespace {

using Poco::Net::SocketAddress;

const char* const kHosting =
    "ns1 A 127.0.0.21\n"
    "ns2 A 127.0.0.22\n"
    "same A 127.0.0.21\n"
    "stale A 127.0.0.23\n"
    "udponly A 127.0.0.24\n"
    "closed A 127.0.0.25\n"
    "silent A 127.0.0.26\n"
    "six AAAA ::1\n"
    "both A 127.0.0.21\n"
    "both AAAA ::1\n"
    "far AAAA 2001:db8::1\n"
    "far2 AAAA 2001:db8::2\n"
    "alias CNAME ns2\n"
    "free A 127.0.0.27\n"
    "half A 127.0.0.21\n"
    "half A 127.0.0.23\n"
    "oneup A 127.0.0.25\n"
    "oneup A 127.0.0.21\n"
    "down A 127.0.0.25\n"
    "down A 127.1.0.1\n"
    "round CNAME around\n"
    "around CNAME round\n";

// Answers that are too large for anybody's good.
std::string large_hosts() {
    std::string text;
    for (int i = 0; i < 4000; ++i) {
        text +=
            "many A 127.1." + std::to_string(i / 250) + "." + std::to_string(1 + i % 250) + "\n";
    }
    for (int i = 0; i < 20; ++i) text += "both-many A 127.2.0." + std::to_string(1 + i) + "\n";
    for (int i = 0; i < 20; ++i) text += "both-many AAAA fd00::" + std::to_string(1 + i) + "\n";
    for (int i = 0; i < 20; ++i) {
        text += "far" + std::to_string(i) + "-away CNAME far" + std::to_string(i + 1) + "-away\n";
    }
    return text + "far20-away A 127.0.0.21\n";
}

std::string zone_text(const std::string& origin, int serial,
                      const std::vector<std::string>& servers, const std::string& more = "") {
    std::string text = "$ORIGIN " + origin + ".\n$TTL 3600\n@ SOA a.nic.example. h.example. " +
                       std::to_string(serial) + " 7200 3600 604800 300\n";
    for (const std::string& server : servers) text += "@ NS " + server + ".\n";
    return text + more;
}

// Hosts that nobody knows.
std::string unknown_servers(const std::string& zone, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += zone + " NS n" + std::to_string(i) + ".test.\n";
    return text;
}

std::string unused_keys(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += "@ DNSKEY 256 3 13 " + std::string(1, static_cast<char>('A' + i)) +
                std::string(85, 'A') + "==\n";
    }
    return text;
}

std::string hosted(const std::string& host) {
    return host + ".hosting.test";
}

std::string run(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::string output;
    char buffer[512];
    while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe.get())) {
        output.append(buffer, size);
    }
    while (!output.empty() && output.back() == '\n') output.pop_back();
    return output;
}

std::string nsd_settings(const std::string& folder, const std::vector<std::string>& addresses,
                         std::uint16_t port, const std::map<std::string, std::string>& zones) {
    std::string text =
        "server:\n  server-count: 1\n  username: \"\"\n  pidfile: \"\"\n"
        "  database: \"\"\n  verbosity: 0\n  hide-version: yes\n"
        "  rrl-ratelimit: 0\n";
    text += "  zonesdir: \"" + folder + "\"\n  xfrdfile: \"" + folder + "/xfrd\"\n";
    text += "  zonelistfile: \"" + folder + "/list\"\n  xfrdir: \"" + folder + "\"\n";
    for (const std::string& address : addresses) {
        text += "  ip-address: " + address + "@" + std::to_string(port) + "\n";
    }
    text += "remote-control:\n  control-enable: no\n";
    for (const auto& [name, content] : zones) {
        const std::string file = name.empty() ? "root" : name;
        write_text(folder + "/" + file + ".zone", content);
        text += "zone:\n  name: \"" + (name.empty() ? "." : name) + "\"\n  zonefile: \"" + file +
                ".zone\"\n";
    }
    return text;
}

pid_t start_nsd(const std::string& folder) {
    const std::string config = folder + "/nsd.conf", log = folder + "/log";
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int fd = ::open(log.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ::dup2(fd, 1);
    ::dup2(fd, 2);
    ::execl("/usr/sbin/nsd", "nsd", "-d", "-c", config.c_str(), nullptr);
    ::_exit(127);
}

bool answers(const std::string& address, std::uint16_t port, const std::string& zone) {
    const DnsSettings settings{address, port, 1};
    const DnsQuestion question{zone, "SOA", Recursion::none, Signatures::none};
    for (const auto transport : {DnsTransport::udp, DnsTransport::tcp}) {
        const DnsReply reply = ask_address(address, question, transport, settings);
        const auto* answer = std::get_if<DnsAnswer>(&reply);
        if (answer == nullptr || answer->code != "NOERROR") return false;
    }
    return true;
}

// With the two bytes of its length before it.
ScriptedUdpServer::Bytes framed_from(Poco::Net::StreamSocket& socket) {
    ScriptedUdpServer::Bytes bytes(2);
    const auto receive = [&](std::size_t from) {
        const auto wanted = static_cast<int>(bytes.size() - from);
        for (int got = 0; got < wanted;) {
            const auto at = from + static_cast<std::size_t>(got);
            const int more = socket.receiveBytes(bytes.data() + at, wanted - got);
            if (more <= 0) throw Poco::IOException("closed");
            got += more;
        }
    };
    receive(0);
    bytes.resize(2 + (static_cast<std::size_t>(bytes[0]) << 8 | bytes[1]));
    receive(2);
    return bytes;
}

}  // namespace

std::uint16_t free_port(const std::string& address) {
    Poco::Net::ServerSocket tcp(SocketAddress(address, 0));
    Poco::Net::DatagramSocket udp(SocketAddress(address, tcp.address().port()));
    return tcp.address().port();
}

MadeKey make_key(const std::string& folder, const std::string& origin, KeyUse use) {
    std::filesystem::create_directories(folder);
    const std::string flag = use == KeyUse::signs_keys ? " -k " : " ";
    MadeKey key;
    key.base = run("cd '" + folder + "' && ldns-keygen -a ECDSAP256SHA256 -r /dev/urandom" + flag +
                   origin);
    key.key_line = read_text(folder + "/" + key.base + ".key");
    if (use == KeyUse::signs_keys) key.ds_line = read_text(folder + "/" + key.base + ".ds");
    return key;
}

std::string sign_zone(const std::string& folder, const std::string& origin, const std::string& text,
                      const std::vector<MadeKey>& keys) {
    const std::string file = folder + "/" + origin;
    write_text(file, text);
    std::string command = "cd '" + folder + "' && ldns-signzone -f '" + file + ".signed' -o " +
                          origin + " '" + file + "'";
    for (const MadeKey& key : keys) command += " " + key.base;
    run(command + " 2>&1");
    return read_text(file + ".signed");
}

NsdServer::NsdServer(const std::string& folder, const std::vector<std::string>& addresses,
                     std::uint16_t port, const std::map<std::string, std::string>& zones) {
    std::filesystem::create_directories(folder);
    write_text(folder + "/nsd.conf", nsd_settings(folder, addresses, port, zones));
    pid_ = start_nsd(folder);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (const std::string& address : addresses) {
        while (!answers(address, port, zones.rbegin()->first)) {
            const bool is_gone = ::waitpid(pid_, nullptr, WNOHANG) != 0;
            if (is_gone || std::chrono::steady_clock::now() > deadline) {
                if (!is_gone) ::kill(pid_, SIGKILL);
                throw std::runtime_error("nsd (a package of its own) does not answer: " +
                                         read_text(folder + "/log"));
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
}

NsdServer::~NsdServer() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

ScriptedUdpServer::ScriptedUdpServer(const std::string& address, std::uint16_t port, Script script)
    : socket_(SocketAddress(address, port)),
      script_(std::move(script)),
      thread_([this] { serve(); }) {}

ScriptedUdpServer::~ScriptedUdpServer() {
    is_over_ = true;
    thread_.join();
}

void ScriptedUdpServer::serve() {
    while (!is_over_) {
        if (!socket_.poll(Poco::Timespan(0, 20000), Poco::Net::Socket::SELECT_READ)) continue;
        try {
            Bytes question(4096);
            SocketAddress sender;
            const int size =
                socket_.receiveFrom(question.data(), static_cast<int>(question.size()), sender);
            question.resize(static_cast<std::size_t>(size));
            for (const Bytes& answer : script_(question)) {
                socket_.sendTo(answer.data(), static_cast<int>(answer.size()), sender);
            }
        } catch (const Poco::Exception&) {
            continue;  // The one who asked has gone; the next one asks anew.
        }
    }
}

TcpForwarder::TcpForwarder(const std::string& address, std::uint16_t port, std::string to)
    : socket_(SocketAddress(address, port)), to_(std::move(to)), thread_([this] { serve(); }) {}

TcpForwarder::~TcpForwarder() {
    is_over_ = true;
    thread_.join();
}

void TcpForwarder::serve() {
    while (!is_over_) {
        if (!socket_.poll(Poco::Timespan(0, 20000), Poco::Net::Socket::SELECT_READ)) continue;
        try {
            Poco::Net::StreamSocket asking = socket_.acceptConnection();
            hand_on(asking);
        } catch (const Poco::Exception&) {
            continue;  // The one who asked has gone; the next one asks anew.
        }
    }
}

void TcpForwarder::hand_on(Poco::Net::StreamSocket& asking) const {
    const auto question = framed_from(asking);
    Poco::Net::StreamSocket server(SocketAddress(to_, socket_.address().port()));
    server.sendBytes(question.data(), static_cast<int>(question.size()));
    const auto answer = framed_from(server);
    asking.sendBytes(answer.data(), static_cast<int>(answer.size()));
}

std::vector<ScriptedUdpServer::Bytes> forwarded(const ScriptedUdpServer::Bytes& question,
                                                std::uint16_t port) {
    const SocketAddress target(kFirstAddress, port);
    Poco::Net::DatagramSocket socket(target.family());
    socket.connect(target);
    socket.setReceiveTimeout(Poco::Timespan(1, 0));
    socket.sendBytes(question.data(), static_cast<int>(question.size()));
    ScriptedUdpServer::Bytes answer(4096);
    const int size = socket.receiveBytes(answer.data(), static_cast<int>(answer.size()));
    answer.resize(static_cast<std::size_t>(size));
    return {answer};
}

ScriptedUdpServer::Bytes answer_to(const ScriptedUdpServer::Bytes& question, int first_flags,
                                   int code, int answers, int authorities,
                                   const ScriptedUdpServer::Bytes& records) {
    ScriptedUdpServer::Bytes answer = question;
    answer[2] = static_cast<std::uint8_t>(first_flags);
    answer[3] = static_cast<std::uint8_t>(code);
    answer[7] = static_cast<std::uint8_t>(answers);
    answer[9] = static_cast<std::uint8_t>(authorities);
    answer.insert(answer.end(), records.begin(), records.end());
    return answer;
}

ScriptedUdpServer::Bytes ds_in_wire(int key_tag, int digest_bytes) {
    constexpr std::uint8_t kTimeToLive = 60, kAlgorithm = 13, kDigestType = 2;
    const auto length = static_cast<std::uint8_t>(4 + digest_bytes);
    ScriptedUdpServer::Bytes record = {0xc0,
                                       0x0c,
                                       0,
                                       43,
                                       0,
                                       1,
                                       0,
                                       0,
                                       0,
                                       kTimeToLive,
                                       0,
                                       length,
                                       static_cast<std::uint8_t>(key_tag >> 8),
                                       static_cast<std::uint8_t>(key_tag & 0xff),
                                       kAlgorithm,
                                       kDigestType};
    record.resize(record.size() + static_cast<std::size_t>(digest_bytes), 0xcc);
    return record;
}

ScriptedUdpServer::Bytes soa_in_wire(const std::string& name) {
    ScriptedUdpServer::Bytes record = {0xc0, 0x0c};
    if (name != "@") {
        record = {static_cast<std::uint8_t>(name.size())};
        record.insert(record.end(), name.begin(), name.end());
        record.push_back(0);
    }
    // The root as its server and its person, five numbers of four bytes.
    const ScriptedUdpServer::Bytes rest = {0, 6, 0, 1, 0, 0, 0, 60, 0, 22, 0, 0};
    record.insert(record.end(), rest.begin(), rest.end());
    record.resize(record.size() + 20, 1);
    return record;
}

std::size_t most_threads_during(const std::function<void()>& act) {
    std::atomic<bool> is_over = false;
    std::size_t most = 0;
    std::thread watching([&] {
        while (!is_over) {
            const auto tasks = std::filesystem::directory_iterator("/proc/self/task");
            const auto count = static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
            most = std::max(most, count);
        }
    });
    act();
    is_over = true;
    watching.join();
    return most;
}

LoopbackNet::LoopbackNet() {
    make_keys();
    for (int tries = 1;; ++tries) {
        try {
            start(free_port());
            return;
        } catch (const std::exception&) {
            // Another program took the port in between, on one of the addresses.
            servers_.clear();
            udp_only_.reset();
            silent_udp_.reset();
            silent_tcp_.reset();
            if (tries == 5) throw;
        }
    }
}

DnsSettings LoopbackNet::settings() const {
    return {kRootAddress, port_, 1};
}

void LoopbackNet::make_keys() {
    const auto make = [&](const char* name, const char* origin, KeyUse use = KeyUse::signs_keys) {
        keys_[name] = make_key(scratch_ / "keys", origin, use);
    };
    make("signed", "signed.example");
    make("signed zone key", "signed.example", KeyUse::signs_the_rest);
    make("swapped", "swapped.example");
    make("swapped elsewhere", "swapped.example");
    make("standby", "standby.example");
    make("standby unused", "standby.example");
    make("differing", "differing.example");
    make("single", "single.example", KeyUse::signs_the_rest);
    make("both", "shop.both");
}

std::string LoopbackNet::signed_zone(const std::string& origin, const std::string& text,
                                     const std::vector<std::string>& keys) const {
    std::vector<MadeKey> made;
    for (const std::string& key : keys) made.push_back(keys_.at(key));
    return sign_zone(scratch_ / "keys", origin, text, made);
}

void LoopbackNet::start(std::uint16_t port) {
    const auto pair = [](const char* a, const char* b) {
        return std::vector<std::string>{hosted(a), hosted(b)};
    };
    const std::vector<std::string> usual = pair("ns1", "ns2");
    const std::vector<std::string> nic = {"a.nic.example"};
    const std::vector<std::string> nic_and_free = {"a.nic.example", hosted("free")};

    std::string below_example = "a.nic A 127.0.0.20\n";
    for (const char* name : {"good", "signed", "swapped", "standby", "differing"}) {
        for (const auto& server : usual) {
            below_example += std::string(name) + " NS " + server + ".\n";
        }
    }
    below_example += "glue NS a.glue\nglue NS b.glue\na.glue A 127.0.0.21\nb.glue A 127.0.0.22\n";
    below_example += "capital NS NS1.Hosting.Test.\ncapital NS ns2.hosting.test.\n";
    for (const char* key : {"signed", "swapped elsewhere", "standby unused", "differing"}) {
        below_example += keys_.at(key).ds_line;
    }

    servers_.push_back(std::make_unique<NsdServer>(
        scratch_ / "root", std::vector<std::string>{kRootAddress}, port,
        std::map<std::string, std::string>{
            {"",
             "$TTL 3600\n. SOA a.nic.example. h.example. 1 7200 3600 604800 300\n"
             ". NS a.nic.example.\nexample. NS a.nic.example.\ntest. NS a.nic.example.\n"
             "cut. NS silent.hosting.test.\nshut. NS closed.hosting.test.\n"
             "odd. NS free.hosting.test.\ntwo. NS free.hosting.test.\ntwo. NS a.nic.example.\n"
             "both. NS free.hosting.test.\nboth. NS a.nic.example.\n"
             "a.nic.example. A 127.0.0.20\n" +
                 unknown_servers("crowd.", 2000)},
            {"both", zone_text("both", 1, nic_and_free,
                               "shop NS ns1.hosting.test.\nshop NS ns2.hosting.test.\n" +
                                   keys_.at("both").ds_line)},
            {"two", zone_text("two", 1, nic_and_free,
                              "shop NS ns1.hosting.test.\nkeyed NS ns1.hosting.test.\n"
                              "keyed DS 4711 13 2 " +
                                  std::string(64, 'b') + "\n")},
            {"example", zone_text("example", 1, nic, below_example)},
            {"test", zone_text("test", 1, nic,
                               std::string("$ORIGIN hosting.test.\n") + kHosting + large_hosts())},
            {"crowd", zone_text("crowd", 1, {}, unknown_servers("@", 2000))},
            {"crowd.example", zone_text("crowd.example", 1, {}, unknown_servers("@", 2000))},
            {"odd", zone_text("odd", 1, {hosted("free")})},
            {"cut", zone_text("cut", 1, {hosted("silent")})},
            {"shut", zone_text("shut", 1, {hosted("closed")})}}));

    first_zones_ = {
        {"good.example", zone_text("good.example", 7, usual)},
        {"stale.example", zone_text("stale.example", 7, pair("ns1", "stale"))},
        {"udponly.example", zone_text("udponly.example", 7, pair("ns1", "udponly"))},
        {"closed.example", zone_text("closed.example", 7, pair("ns1", "closed"))},
        {"silent.example", zone_text("silent.example", 7, pair("ns1", "silent"))},
        {"broken.example", zone_text("broken.example", 7, pair("ns1", "stale"))},
        {"half.example", zone_text("half.example", 7, pair("ns1", "stale"))},
        {"moved.example", zone_text("moved.example", 8, pair("ns1", "stale"))},
        {"later.example", zone_text("later.example", 7, pair("ns1", "free"))},
        {"wrong.example", zone_text("wrong.example", 7, pair("ns1", "old"))},
        {"same.example", zone_text("same.example", 7, pair("ns1", "same"))},
        {"both.example", zone_text("both.example", 7, pair("ns1", "both"))},
        {"six.example", zone_text("six.example", 7, pair("ns1", "six"))},
        {"onlysix.example", zone_text("onlysix.example", 7, {hosted("six")})},
        {"far.example", zone_text("far.example", 7, pair("ns1", "far"))},
        {"alias.example", zone_text("alias.example", 7, pair("ns1", "alias"))},
        {"inside.example",
         zone_text("inside.example", 7, {hosted("ns1"), "ns.inside.example"}, "ns A 127.0.0.22\n")},
        {"glue.example", zone_text("glue.example", 7, {"a.glue.example", "b.glue.example"},
                                   "a A 127.0.0.21\nb A 127.0.0.22\n")},
        {"signed.example", signed_zone("signed.example", zone_text("signed.example", 7, usual),
                                       {"signed", "signed zone key"})},
        {"swapped.example",
         signed_zone("swapped.example", zone_text("swapped.example", 7, usual), {"swapped"})},
        {"standby.example",
         signed_zone("standby.example",
                     zone_text("standby.example", 7, usual, keys_.at("standby unused").key_line),
                     {"standby"})},
        {"differing.example",
         signed_zone("differing.example", zone_text("differing.example", 7, pair("ns1", "stale")),
                     {"differing"})},
        {"shop.both", signed_zone("shop.both", zone_text("shop.both", 7, usual), {"both"})},
        {"manykeys.example", zone_text("manykeys.example", 7, usual, unused_keys(20))},
        {"single.example",
         signed_zone("single.example", zone_text("single.example", 7, usual), {"single"})}};
    std::vector<std::string> first_addresses = {kFirstAddress, kSecondAddress};
    if (has_route_to("::1", {kRootAddress, port, 1})) first_addresses.push_back("::1");
    servers_.push_back(
        std::make_unique<NsdServer>(scratch_ / "first", first_addresses, port, first_zones_));

    servers_.push_back(std::make_unique<NsdServer>(
        scratch_ / "stale", std::vector<std::string>{kStaleAddress}, port,
        std::map<std::string, std::string>{
            {"broken.example", "no zone at all\n"},  // SERVFAIL
            {"moved.example", zone_text("moved.example", 7, pair("old", "stale"))},
            {"stale.example", zone_text("stale.example", 6, pair("ns1", "stale"))},
            {"differing.example", zone_text("differing.example", 7, pair("ns1", "stale"))}}));

    udp_only_ = std::make_unique<ScriptedUdpServer>(
        kUdpOnlyAddress, port, [port](const auto& question) { return forwarded(question, port); });
    silent_udp_ = std::make_unique<ScriptedUdpServer>(
        kSilentAddress, port, [](const auto&) { return std::vector<ScriptedUdpServer::Bytes>(); });
    silent_tcp_ = std::make_unique<Poco::Net::ServerSocket>(SocketAddress(kSilentAddress, port));
    port_ = port;
}

const LoopbackNet& net() {
    static const LoopbackNet made;
    return made;
}

}  // namespace domspool::test
