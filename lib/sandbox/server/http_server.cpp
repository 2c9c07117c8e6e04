#include "sandbox/server/http_server.h"

#include "sandbox/functions/function.h"
#include "sandbox/server/published_wsdl.h"
#include "util/failure.h"

#include <Poco/Event.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timestamp.h>

#include <charconv>
#include <optional>
#include <sstream>

namespace domspool::sandbox {

namespace {

namespace net = Poco::Net;

constexpr int kThreads = 64;
constexpr int kKeepAliveSeconds = 15;
constexpr int kTooLarge = 413;
constexpr std::size_t kLargestBody = 4u << 20;

// Nothing if it is larger than we take.
std::optional<std::string> body_of(net::HTTPServerRequest& request) {
    std::string body;
    char piece[8192];
    std::istream& stream = request.stream();
    while (stream.read(piece, sizeof piece) || stream.gcount() > 0) {
        body.append(piece, static_cast<std::size_t>(stream.gcount()));
        if (body.size() > kLargestBody) return std::nullopt;
    }
    return body;
}

Reply plain(int status, const std::string& type, std::string body) {
    Reply reply;
    reply.status = status;
    reply.content_type = type;
    reply.body = std::move(body);
    return reply;
}

std::string page_of_functions() {
    std::string page = "<html><head><title>registrar-sandbox</title></head><body><ul>\n";
    for (const Function& function : all_functions()) page += "<li>" + function.name + "</li>\n";
    return page + "</ul></body></html>\n";
}

std::int64_t number_after(const std::string& query) {
    constexpr std::string_view kName = "after=";
    std::int64_t number = 0;
    if (query.starts_with(kName)) {
        std::from_chars(query.data() + kName.size(), query.data() + query.size(), number);
    }
    return number;
}

void describe(const Reply& reply, net::HTTPServerResponse& response) {
    response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(reply.status));
    response.setContentType(reply.content_type);
    response.setContentLength64(static_cast<Poco::Int64>(reply.body.size()));
    if (reply.retry_after) response.set("Retry-After", std::to_string(*reply.retry_after));
    if (reply.date) response.setDate(Poco::Timestamp(*reply.date * 1000));
}

// Half of what was promised, then the end of the connection.
void send_half(net::HTTPServerRequest& request, net::HTTPServerResponse& response,
               const Reply& reply) {
    std::ostringstream text;
    response.write(text);
    text << reply.body.substr(0, reply.body.size() / 2);
    const std::string bytes = text.str();
    net::StreamSocket socket = static_cast<net::HTTPServerRequestImpl&>(request).detachSocket();
    socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
    socket.shutdown();
    socket.close();
}

void send_nothing(net::HTTPServerRequest& request) {
    net::StreamSocket socket = static_cast<net::HTTPServerRequestImpl&>(request).detachSocket();
    socket.shutdown();
    socket.close();
}

class Door : public net::HTTPRequestHandler {
  public:
    Door(Answering& answering, Poco::Event& stopping)
        : answering_(answering), stopping_(stopping) {}

    void handleRequest(net::HTTPServerRequest& request,
                       net::HTTPServerResponse& response) override {
        const Reply reply = reply_to(request);
        // The rest of a body that was not taken would be read as the next request.
        if (reply.status == kTooLarge) response.setKeepAlive(false);
        if (reply.pause.count() > 0) stopping_.tryWait(static_cast<long>(reply.pause.count()));
        switch (reply.sending) {
            case Reply::Sending::nothing:
                return send_nothing(request);
            case Reply::Sending::cut:
                describe(reply, response);
                return send_half(request, response, reply);
            case Reply::Sending::whole:
                break;
        }
        describe(reply, response);
        response.sendBuffer(reply.body.data(), reply.body.size());
    }

  private:
    Reply reply_to(net::HTTPServerRequest& request) {
        const std::string uri = request.getURI();
        const auto question = uri.find('?');
        const std::string path = uri.substr(0, question);
        const std::string query = question == std::string::npos ? "" : uri.substr(question + 1);
        const std::string& method = request.getMethod();
        if (method == net::HTTPRequest::HTTP_POST) return reply_to_post(request, path);
        if (method != net::HTTPRequest::HTTP_GET && method != net::HTTPRequest::HTTP_HEAD) {
            return plain(405, "text/plain", "GET, HEAD and POST only\n");
        }
        return reply_to_get(request, path, query);
    }

    Reply reply_to_post(net::HTTPServerRequest& request, const std::string& path) {
        const auto body = body_of(request);
        if (!body) return plain(kTooLarge, "text/plain", "the body is too large\n");
        if (path == "/sandbox/control") return answering_.control(*body);
        if (path.ends_with('/')) return answering_.answer(*body);
        return plain(404, "text/plain", "no such page\n");
    }

    Reply reply_to_get(net::HTTPServerRequest& request, const std::string& path,
                       const std::string& query) {
        if (path == "/sandbox/calls") return answering_.list_calls(number_after(query));
        if (path == "/sandbox/domains") return answering_.list_domains();
        if (path == "/sandbox/operations") return answering_.list_operations();
        if (path.ends_with("/api.wsdl") || query == "wsdl" || query == "WSDL") {
            return plain(200, "text/xml; charset=utf-8",
                         published_wsdl("http://" + own_name(request) + "/2.0/"));
        }
        if (path.ends_with('/')) return plain(200, "text/html", page_of_functions());
        return plain(404, "text/plain", "no such page\n");
    }

    // As the caller knows us; it may come through a tunnel.
    static std::string own_name(net::HTTPServerRequest& request) {
        return request.get("Host", request.serverAddress().toString());
    }

    Answering& answering_;
    Poco::Event& stopping_;
};

class DoorMaker : public net::HTTPRequestHandlerFactory {
  public:
    DoorMaker(Answering& answering, Poco::Event& stopping)
        : answering_(answering), stopping_(stopping) {}
    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
        return new Door(answering_, stopping_);
    }

  private:
    Answering& answering_;
    Poco::Event& stopping_;
};

net::ServerSocket loopback_socket(std::uint16_t port) {
    try {
        net::ServerSocket socket;
        // Never together with another process on the same port (Poco's default).
        socket.bind(net::SocketAddress("127.0.0.1", port), true, false);
        socket.listen(128);
        return socket;
    } catch (const Poco::Exception& problem) {
        throw RunFailure(ExitCode::cannot_create, "cannot listen on port '" + std::to_string(port) +
                                                      "': " + problem.displayText() +
                                                      "; take another --port, or 0");
    }
}

net::HTTPServerParams::Ptr parameters() {
    net::HTTPServerParams::Ptr parameters = new net::HTTPServerParams;
    parameters->setKeepAlive(true);
    parameters->setMaxKeepAliveRequests(0);
    parameters->setKeepAliveTimeout(Poco::Timespan(kKeepAliveSeconds, 0));
    parameters->setMaxThreads(kThreads);
    parameters->setMaxQueued(256);
    parameters->setServerName({});
    return parameters;
}

}  // namespace

struct HttpServer::Inner {
    Inner(Answering& answering, std::uint16_t port)
        : socket(loopback_socket(port)),
          server(new DoorMaker(answering, stopping), pool, socket, parameters()) {}

    Poco::Event stopping{Poco::Event::EVENT_MANUALRESET};
    Poco::ThreadPool pool{2, kThreads + 1};
    net::ServerSocket socket;
    net::HTTPServer server;
};

HttpServer::HttpServer(Answering& answering, std::uint16_t port)
    : inner_(std::make_unique<Inner>(answering, port)) {
    inner_->server.start();
}

HttpServer::~HttpServer() {
    stop();
}

std::uint16_t HttpServer::port() const {
    return inner_->socket.address().port();
}

void HttpServer::stop() {
    inner_->stopping.set();
    inner_->server.stopAll(true);
    inner_->pool.joinAll();
}

}  // namespace domspool::sandbox
