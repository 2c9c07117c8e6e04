#include "support/relay.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

namespace domspool::test {

std::string handed_on(const StubRequest& request, std::uint16_t port) {
    Poco::Net::HTTPClientSession session("127.0.0.1", port);
    Poco::Net::HTTPRequest call("POST", "/2.0/", "HTTP/1.1");
    call.setContentType(request.header("Content-Type"));
    call.set("SOAPAction", request.header("SOAPAction"));
    call.setContentLength(static_cast<std::streamsize>(request.body.size()));
    session.sendRequest(call) << request.body;
    Poco::Net::HTTPResponse response;
    std::string body;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
    return http_reply(static_cast<int>(response.getStatus()), body);
}

}  // namespace domspool::test
