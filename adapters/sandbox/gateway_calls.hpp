// The gateway's public API as the platform's other programs call it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/client.hpp"
#include "adapters/json/reader.hpp"
#include "src/base/result.hpp"
#include "src/base/time.hpp"

namespace returngate::sandbox {

struct GatewayCall {
    std::string method = "GET";
    std::string target;
    std::string key;              // bearer key
    std::string body;             // JSON, or empty
    std::string idempotency_key;  // or empty
};

struct TimelineEvent {
    std::int64_t seq = 0;
    Instant at{};
    std::string type;
    std::int64_t amount_fen = 0;  // of a money event
};

class Gateway {
public:
    // Throws std::invalid_argument when `url` is no http URL. `client` outlives this.
    Gateway(http::Client& client, const std::string& url);

    // Any 2xx is a value; a problem document is an error `rejected` with its detail.
    [[nodiscard]] boost::asio::awaitable<Result<json::Value>> send(GatewayCall call) const;
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<TimelineEvent>>> timeline(std::string return_id,
                                                                                      std::string key) const;
    // Polls until the timeline shows one of that type. `in_doubt` when it did not within the time.
    [[nodiscard]] boost::asio::awaitable<Result<TimelineEvent>> wait_for(std::string return_id,
                                                                         std::string key, std::string type,
                                                                         std::chrono::seconds patience) const;

private:
    http::Client& client_;
    http::Origin origin_;
};

}  // namespace returngate::sandbox
