// The sandbox's DNS on loopback: the zones above its domains.
#pragma once

#include "sandbox/server/answering.h"

#include <cstdint>
#include <memory>

namespace domspool::sandbox {

// Answers over UDP, from its making until stop() or its end. See sandbox/model/zone_above for what.
class DnsServer {
  public:
    // `answering` must outlive it. Throws RunFailure if the port is taken.
    DnsServer(Answering& answering, std::uint16_t port);
    ~DnsServer();
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    void stop();

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace domspool::sandbox
