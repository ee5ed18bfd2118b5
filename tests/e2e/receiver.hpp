// A receiver of webhooks on a real socket: answers as the test says, and keeps what came and how often.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/server.hpp"
#include "adapters/json/reader.hpp"

namespace returngate::e2e {

// One attempt to deliver, as it came.
struct Delivery {
    std::string id;
    std::string signature;
    std::string signed_content;  // id "." timestamp "." body
    std::string type;
    std::string return_id;
    std::int64_t seq = 0;
    int answered = 0;
};

class Receiver {
public:
    Receiver();
    ~Receiver();
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    [[nodiscard]] std::string url() const;
    // The next ones are answered with these, in order; then with 204.
    void answer_next(const std::vector<http::Response>& answers);
    void answer_always(int status);
    [[nodiscard]] std::vector<Delivery> deliveries() const;
    // Those that were answered with success, in the order of their arrival.
    [[nodiscard]] std::vector<Delivery> arrived() const;
    [[nodiscard]] std::size_t count(std::string_view type) const;  // arrived ones

private:
    [[nodiscard]] http::Response take(const http::Request& request);

    mutable std::mutex mutex_;
    std::deque<http::Response> answers_;
    int usual_ = 204;
    std::vector<Delivery> deliveries_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::unique_ptr<http::Server> server_;
    std::thread thread_;
};

// "v1," and the Base64 of the HMAC, by OpenSSL: for the secret as the API shows it.
[[nodiscard]] std::string expected_signature(const std::string& secret, const Delivery& delivery);

}  // namespace returngate::e2e
