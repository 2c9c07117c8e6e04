#include "sandbox/http_server.h"

#include <charconv>
#include <iterator>

#include "sandbox/function.h"
#include "sandbox/published_wsdl.h"
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
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>

namespace domspool::sandbox {

namespace {

namespace net = Poco::Net;

constexpr int kThreads = 64;
constexpr int kKeepAliveSeconds = 15;
constexpr std::size_t kLargestBody = 4u << 20;

std::string body_of(net::HTTPServerRequest& request) {
    std::string body;
    const auto length = request.getContentLength64();
    if (length > 0 && static_cast<std::size_t>(length) <= kLargestBody) {
        body.reserve(static_cast<std::size_t>(length));
    }
    char piece[8192];
    std::istream& stream = request.stream();
    while (stream.read(piece, sizeof piece) || stream.gcount() > 0) {
        body.append(piece, static_cast<std::size_t>(stream.gcount()));
        if (body.size() > kLargestBody) break;
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

// Half of what was promised, then the end of the connection.
void send_half(net::HTTPServerRequest& request, const Reply& reply) {
    net::StreamSocket socket = static_cast<net::HTTPServerRequestImpl&>(request).detachSocket();
    const std::string text = "HTTP/1.1 " + std::to_string(reply.status) +
                             " OK\r\nContent-Type: " + reply.content_type +
                             "\r\nContent-Length: " + std::to_string(reply.body.size()) +
                             "\r\n\r\n" + reply.body.substr(0, reply.body.size() / 2);
    socket.sendBytes(text.data(), static_cast<int>(text.size()));
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
        if (reply.pause.count() > 0) stopping_.tryWait(static_cast<long>(reply.pause.count()));
        switch (reply.sending) {
            case Reply::Sending::nothing:
                return send_nothing(request);
            case Reply::Sending::cut:
                return send_half(request, reply);
            case Reply::Sending::whole:
                break;
        }
        response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(reply.status));
        response.setContentType(reply.content_type);
        response.sendBuffer(reply.body.data(), reply.body.size());
    }

  private:
    Reply reply_to(net::HTTPServerRequest& request) {
        const std::string uri = request.getURI();
        const auto question = uri.find('?');
        const std::string path = uri.substr(0, question);
        const std::string query = question == std::string::npos ? "" : uri.substr(question + 1);
        const bool is_post = request.getMethod() == net::HTTPRequest::HTTP_POST;
        if (is_post && path == "/sandbox/control") return answering_.control(body_of(request));
        if (is_post && path.ends_with('/')) return answering_.answer(body_of(request));
        if (is_post) return plain(404, "text/plain", "no such page\n");
        if (path == "/sandbox/calls") return answering_.list_calls(number_after(query));
        if (path == "/sandbox/domains") return answering_.list_domains();
        if (path == "/sandbox/operations") return answering_.list_operations();
        if (path.ends_with("/api.wsdl") || query == "wsdl" || query == "WSDL") {
            return plain(200, "text/xml; charset=utf-8",
                         published_wsdl("http://" + request.getHost() + "/2.0/"));
        }
        if (path.ends_with('/')) return plain(200, "text/html", page_of_functions());
        return plain(404, "text/plain", "no such page\n");
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
        socket.bind(net::SocketAddress("127.0.0.1", port), true);
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
