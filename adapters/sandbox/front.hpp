// The sandbox's HTTP side. Not the gateway's server: that one cannot misbehave, and this one must.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/message.hpp"

namespace returngate::sandbox {

enum class Ending {
    answer,     // the response, then the next request
    cut_short,  // half of it, then closed
    close,      // nothing, closed
    never,      // nothing until the caller hangs up
};
struct Reply {
    http::Response response;
    Ending ending = Ending::answer;
};

using Actor = std::function<boost::asio::awaitable<Reply>(http::Request)>;

struct FrontState;

// Accepts on 127.0.0.1 unless told otherwise; runs on `context`, which exactly one thread runs.
class Front {
public:
    // Throws boost::system::system_error when the address cannot be bound.
    Front(boost::asio::io_context& context, const std::string& address, std::uint16_t port, Actor actor);
    ~Front();
    Front(const Front&) = delete;
    Front& operator=(const Front&) = delete;

    [[nodiscard]] std::uint16_t port() const;

private:
    std::shared_ptr<FrontState> state_;
};

}  // namespace returngate::sandbox
