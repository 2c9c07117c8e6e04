// A small Internet on loopback: real name servers (nsd) for a root, two extensions and the zones
// of the tests, and a few that misbehave.
#pragma once

#include "dns/dns_settings.h"
#include "support/scratch.h"

#include <Poco/Net/DatagramSocket.h>
#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace domspool::test {

inline const std::string kRootAddress = "127.0.0.20";     // the root, "example" and "test"
inline const std::string kFirstAddress = "127.0.0.21";    // ns1.hosting.test
inline const std::string kSecondAddress = "127.0.0.22";   // ns2.hosting.test, the same process
inline const std::string kStaleAddress = "127.0.0.23";    // stale.hosting.test: older zones
inline const std::string kUdpOnlyAddress = "127.0.0.24";  // udponly.hosting.test: no TCP
inline const std::string kClosedAddress = "127.0.0.25";   // closed.hosting.test: nothing listens
inline const std::string kSilentAddress = "127.0.0.26";   // silent.hosting.test: never answers
inline const std::string kFreeAddress = "127.0.0.27";     // free.hosting.test: a test's own server

// A port that is free now for UDP and TCP.
std::uint16_t free_port(const std::string& address = kRootAddress);

// One nsd in the foreground, ended with the object. Ready when its constructor returns.
class NsdServer {
  public:
    // The zones: name ("" is the root) and the text of the zone file.
    NsdServer(const std::string& folder, const std::vector<std::string>& addresses,
              std::uint16_t port, const std::map<std::string, std::string>& zones);
    ~NsdServer();
    NsdServer(const NsdServer&) = delete;
    NsdServer& operator=(const NsdServer&) = delete;

  private:
    pid_t pid_;
};

// Answers each UDP packet with the packets the script makes of it.
class ScriptedUdpServer {
  public:
    using Bytes = std::vector<std::uint8_t>;
    using Script = std::function<std::vector<Bytes>(const Bytes&)>;
    ScriptedUdpServer(const std::string& address, std::uint16_t port, Script script);
    ~ScriptedUdpServer();
    ScriptedUdpServer(const ScriptedUdpServer&) = delete;
    ScriptedUdpServer& operator=(const ScriptedUdpServer&) = delete;

  private:
    void serve();
    Poco::Net::DatagramSocket socket_;
    Script script_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

// Hands each question over TCP on to the server at the other address, and its answer back.
class TcpForwarder {
  public:
    TcpForwarder(const std::string& address, std::uint16_t port, std::string to);
    ~TcpForwarder();
    TcpForwarder(const TcpForwarder&) = delete;
    TcpForwarder& operator=(const TcpForwarder&) = delete;

  private:
    void serve();
    void hand_on(Poco::Net::StreamSocket& asking) const;
    Poco::Net::ServerSocket socket_;
    const std::string to_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

// What the first server answers to the packet over UDP.
std::vector<ScriptedUdpServer::Bytes> forwarded(const ScriptedUdpServer::Bytes& question,
                                                std::uint16_t port);

// A question turned into its answer: flags, code and a body of records in wire form, so many in the
// answer and so many in the authority section.
ScriptedUdpServer::Bytes answer_to(const ScriptedUdpServer::Bytes& question, int first_flags,
                                   int code, int answers, int authorities,
                                   const ScriptedUdpServer::Bytes& records);
// The DS of the name asked about, and the start of authority of a name without dots; "@" stands for
// the name asked about.
ScriptedUdpServer::Bytes ds_in_wire(int key_tag, int digest_bytes = 32);
ScriptedUdpServer::Bytes soa_in_wire(const std::string& name);

// The most threads this process had while `act` ran.
std::size_t most_threads_during(const std::function<void()>& act);

struct MadeKey {
    std::string base;      // the file name without its ending
    std::string ds_line;   // as ldns-keygen wrote it
    std::string key_line;  // the DNSKEY in zone file form
};
enum class KeyUse { signs_keys, signs_the_rest };
// The key's files lie in the folder.
MadeKey make_key(const std::string& folder, const std::string& origin, KeyUse use);
// The zone file signed with keys that were made in this folder.
std::string sign_zone(const std::string& folder, const std::string& origin, const std::string& text,
                      const std::vector<MadeKey>& keys);

class LoopbackNet {
  public:
    LoopbackNet();
    DnsSettings settings() const;
    std::uint16_t port() const { return port_; }
    const MadeKey& key_of(const std::string& name) const { return keys_.at(name); }

  private:
    void make_keys();
    void start(std::uint16_t port);
    std::string signed_zone(const std::string& origin, const std::string& text,
                            const std::vector<std::string>& keys) const;
    Scratch scratch_;
    std::uint16_t port_ = 0;
    std::map<std::string, MadeKey> keys_;
    std::map<std::string, std::string> first_zones_;
    std::vector<std::unique_ptr<NsdServer>> servers_;
    std::unique_ptr<ScriptedUdpServer> udp_only_;
    std::unique_ptr<ScriptedUdpServer> silent_udp_;
    std::unique_ptr<Poco::Net::ServerSocket> silent_tcp_;
};

// Made once, for all tests of the program.
const LoopbackNet& net();

}  // namespace domspool::test
