// The sandbox's HTTP server on loopback.
#pragma once

#include "sandbox/server/answering.h"

#include <cstdint>
#include <memory>

namespace domspool::sandbox {

// Serves from its making until stop() or its end. Connections are kept alive.
//   POST .../             SOAP calls (any path that ends so)
//   GET  .../api.wsdl     the WSDL (any path with ?wsdl too)
//   GET  .../             a page that names the functions
//   POST /sandbox/control, GET /sandbox/calls[?after=N], /sandbox/domains, /sandbox/operations
class HttpServer {
  public:
    // Port 0 takes a free one. `answering` must outlive it. Throws RunFailure if the port is taken.
    HttpServer(Answering& answering, std::uint16_t port);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::uint16_t port() const;
    // Ends the connections there are; no call is cut in its transaction.
    void stop();

  private:
    struct Inner;
    std::unique_ptr<Inner> inner_;
};

}  // namespace domspool::sandbox
