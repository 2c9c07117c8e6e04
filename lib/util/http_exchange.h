// One HTTP request, sent once: the reply, or a failure that knows whether anything was sent.
#pragma once

#include "util/http_endpoint.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace domspool {

struct HttpRequest {
    std::string method = "POST";
    std::string path;  // empty: the path of the endpoint's URL
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::chrono::milliseconds deadline = std::chrono::seconds(60);  // connection to last byte
    // To the first byte; never longer than the deadline or the endpoint's connect time-out.
    std::chrono::milliseconds begin_within = std::chrono::seconds(60);
    std::size_t size_limit = 64u << 20;  // of the reply's body
    // ready_one: only over the connection that stands; none is opened for it.
    enum class Over { any, ready_one } over = Over::any;
};

struct HttpReply {
    int status = 0;
    std::string content_type;
    std::string date;  // the Date header as it came
    std::string body;
    std::string retry_after = {};  // the header as it came
};

// A kept-alive connection, used by one thread at a time. It is used again only after a reply read
// to its last byte, with nothing behind it, and for less than 3 s of idleness.
class HttpConnection {
  public:
    explicit HttpConnection(std::shared_ptr<HttpEndpoint> endpoint);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    // Sends once, never again by itself. Any status is a reply. Throws HttpFailure; afterwards the
    // connection is closed and the next request opens a new one. Messages name host and cause,
    // never what was sent. A chunked body that was cut is not noticed here: look at its end.
    HttpReply exchange(const HttpRequest& request);

    // A connection stands open and trusted afterwards, and may be used for the next 3 s, unless the
    // server closes it. HttpFailure with Sent::no.
    void make_ready(std::chrono::milliseconds longest);
    // Whether one does; costs no exchange.
    bool is_ready();
    void close();

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace domspool
