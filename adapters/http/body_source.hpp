// The body of an answer that is not known when it begins.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

namespace returngate::http {

// Asked again and again on the connection's io_context, until the end of the answer or of the connection,
// and destroyed then.
class BodySource {
public:
    virtual ~BodySource() = default;
    // Nothing: that was all. An empty piece: nothing yet; to be answered within a second or so, since the
    // server looks in between whether it drains and whether the peer is still there.
    [[nodiscard]] virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;
};

}  // namespace returngate::http
