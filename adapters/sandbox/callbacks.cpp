// Sends callbacks, repeats them, and remembers which were acknowledged.
#include "adapters/sandbox/callbacks.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <stdexcept>

#include "adapters/crypto/digest.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/pause.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kAnswerWithin{10};

http::Request callback_request(const http::Url& url, const CallbackMessage& message) {
    http::Request request;
    request.method = "POST";
    request.target = url.target;
    request.headers.set("Content-Type", message.content_type);
    for (const auto& [name, value] : message.headers) request.headers.set(name, value);
    request.body = message.body;
    return request;
}

}  // namespace

CallbackSender::CallbackSender(asio::io_context& context, http::Client& client, const Dialect& dialect)
    : context_(context), client_(client), dialect_(dialect) {}

void CallbackSender::set_url(const std::string& url) {
    http::Url parsed;
    if (!url.empty()) {
        auto result = http::parse_url(url);
        if (!result)
            throw std::invalid_argument("callback url of " + std::string(dialect_.code()) +
                                        " is no http URL");
        parsed = *result;
    }
    const std::lock_guard lock(mutex_);
    url_ = parsed;
    has_url_ = !url.empty();
}

std::size_t CallbackSender::open_entry(const CallbackMessage& message) {
    const std::lock_guard lock(mutex_);
    Delivery delivery;
    delivery.reference = message.reference;
    delivery.stage = message.stage;
    delivery.body_digest = crypto::to_hex(crypto::sha256(message.body));
    deliveries_.push_back(std::move(delivery));
    return deliveries_.size() - 1;
}

// The order's own URL goes before the courier's; with neither there is nobody to tell.
std::optional<http::Url> CallbackSender::url_of(const CallbackMessage& message) const {
    if (!message.url.empty()) {
        const auto parsed = http::parse_url(message.url);
        return parsed ? std::optional(*parsed) : std::nullopt;
    }
    const std::lock_guard lock(mutex_);
    return has_url_ ? std::optional(url_) : std::nullopt;
}

asio::awaitable<bool> CallbackSender::attempt(CallbackMessage message, std::size_t entry) {
    const std::optional<http::Url> url = url_of(message);
    if (!url) co_return true;
    http::Request request = callback_request(*url, message);
    const auto deadline = std::chrono::steady_clock::now() + kAnswerWithin;
    const auto response = co_await client_.send(url->origin, std::move(request), deadline);
    const std::lock_guard lock(mutex_);
    Delivery& delivery = deliveries_[entry];
    ++delivery.attempts;
    delivery.last_status = response ? response->status : 0;
    delivery.is_acknowledged = response && dialect_.is_acknowledged(*response);
    co_return delivery.is_acknowledged;
}

asio::awaitable<void> CallbackSender::repeat(CallbackMessage message, std::size_t entry) {
    for (const int wait_ms : dialect_.callback_retries_ms()) {
        co_await pause_for(std::chrono::milliseconds(wait_ms));
        const bool is_acknowledged = co_await attempt(message, entry);
        if (is_acknowledged) co_return;
    }
}

asio::awaitable<void> CallbackSender::deliver(CallbackMessage message) {
    const std::size_t entry = open_entry(message);
    const bool is_acknowledged = co_await attempt(message, entry);
    if (!is_acknowledged) asio::co_spawn(context_, repeat(std::move(message), entry), asio::detached);
}

std::vector<Delivery> CallbackSender::deliveries() const {
    const std::lock_guard lock(mutex_);
    return deliveries_;
}

std::string render_deliveries(const std::vector<Delivery>& deliveries) {
    json::Writer w;
    w.begin_object().key("callbacks").begin_array();
    for (const Delivery& delivery : deliveries)
        w.begin_object()
            .member("reference", delivery.reference)
            .member("stage", to_string(delivery.stage))
            .member("body_sha256", delivery.body_digest)
            .member("attempts", delivery.attempts)
            .member("last_status", delivery.last_status)
            .member("acknowledged", delivery.is_acknowledged)
            .end_object();
    w.end_array().end_object();
    return w.take();
}

}  // namespace returngate::sandbox
