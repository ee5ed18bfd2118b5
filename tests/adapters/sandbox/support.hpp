// A caller and a receiver of callbacks over real sockets, and a world between them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/client.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/sandbox/world.hpp"

namespace returngate::sandbox {

// One request, and the answer or how it failed; one caller is used by one thread.
class Caller {
public:
    Caller();
    [[nodiscard]] Result<http::Response> send(const std::string& base_url, http::Request request,
                                              std::chrono::milliseconds patience = std::chrono::seconds(60));
    // A JSON body, and the JSON answer; the test fails when there is none.
    json::Value post_json(const std::string& url, const std::string& body);
    json::Value get_json(const std::string& url);

private:
    boost::asio::io_context context_;
    std::unique_ptr<http::Client> client_;
};

// Stands for the gateway: takes down every callback and acknowledges it as the courier expects.
class Receiver {
public:
    using Answer = std::function<http::Response(const http::Request&)>;
    explicit Receiver(Answer answer);
    ~Receiver();

    [[nodiscard]] std::string url() const;
    // Waits until so many have come; fewer after a minute.
    [[nodiscard]] std::vector<http::Request> wait_for(std::size_t count);

private:
    [[nodiscard]] boost::asio::awaitable<Reply> take(http::Request request);

    Answer answer_;
    boost::asio::io_context context_;
    std::unique_ptr<Front> front_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<http::Request> requests_;
    std::thread thread_;
};

[[nodiscard]] http::Response yto_ack();
[[nodiscard]] http::Response sf_ack();

// Looks again and again, for up to a minute: for what happens on the world's own thread.
[[nodiscard]] bool eventually(const std::function<bool()>& is_so);

// A file that is not there yet, removed at the end.
class TemporaryFile {
public:
    TemporaryFile();
    ~TemporaryFile();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// Twenty times faster than life, with callbacks to `receiver_url` unless it is empty.
[[nodiscard]] Options fast_options(const TemporaryFile& book, const std::string& receiver_url = {});

// Booking requests as a careful client of the courier would send them.
[[nodiscard]] http::Request yto_request(const std::string& method, const std::string& param,
                                        const std::string& secret = YtoAccount{}.secret);
[[nodiscard]] http::Request yto_booking(const std::string& reference);
[[nodiscard]] http::Request sf_request(const std::string& service, const std::string& data,
                                       const std::string& checkword = SfAccount{}.checkword);
[[nodiscard]] http::Request sf_booking(const std::string& reference);

}  // namespace returngate::sandbox
