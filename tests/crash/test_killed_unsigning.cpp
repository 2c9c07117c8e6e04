// A signed domain that is unsigned, waited for, and given other name servers, killed anywhere.
#include "crash/everywhere.h"
#include "crash/scenes.h"
#include "dns/loopback_net.h"

#include <doctest/doctest.h>

using namespace domspool::test;

namespace {

const std::string kRoot = "127.0.0.44";

// A parent zone "com" on a port of its own.
class ParentZone {
  public:
    explicit ParentZone(const std::string& more)
        : port_(free_port(kRoot)),
          server_(scratch_.path().string(), {kRoot}, port_,
                  {{"",
                    "$TTL 3600\n. SOA a.nic.test. h.example. 1 7200 3600 604800 300\n"
                    ". NS a.nic.test.\ncom. NS a.nic.test.\na.nic.test. A " +
                        kRoot + "\n"},
                   {"com",
                    "$ORIGIN com.\n$TTL 3600\n@ SOA a.nic.test. h.example. 1 7200 3600 604800 "
                    "300\n@ NS a.nic.test.\nslow-signed NS ns1.sandbox.example.\n" +
                        more}}) {}

    SettingChanges settings() const {
        return {{"dns.resolver", kRoot},
                {"dns.port", std::to_string(port_)},
                {"dns.timeout_seconds", "2"},
                {"checks.dns_test", "never"}};
    }

  private:
    Scratch scratch_;
    std::uint16_t port_;
    NsdServer server_;
};

}  // namespace

TEST_CASE("a domain unsigned before it moves, killed anywhere, has each call made exactly once") {
    const ParentZone with_ds("slow-signed 1 DS 12345 13 2 " + std::string(64, 'a') + "\n");
    const ParentZone without_ds("");
    const Scene scene = unsigned_nameserver_change(with_ds.settings(), without_ds.settings());
    const std::set<std::string> reached = check_killed_everywhere(scene);
    for (const char* point :
         {"attempt_begun", "call_returned", "contact_made", "outcome_written", "follow_up_begun",
          "follow_up_ended", "operation_ended", "doubt_looked_at"}) {
        CAPTURE(point);
        CHECK(reached.contains(point));
    }
}
