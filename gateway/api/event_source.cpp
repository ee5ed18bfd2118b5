// Looks into the feed a few times a second, as long as the reader is there and its key is good. A drain ends
// the answer properly, and the reader comes back with Last-Event-ID, as EventSource does by itself.
#include "gateway/api/event_source.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/http/body_source.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/work/webhook_message.hpp"
#include "src/webhook/event_types.hpp"

namespace asio = boost::asio;

namespace returngate::api {
namespace {

using postgres::FeedEvent;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenLooks{250};
// So that proxies see life on an idle connection, and a reader that vanished without a word is found out.
constexpr std::chrono::seconds kBetweenHeartbeats{15};
// When a client is to come back: at once, or rarer when all places for waiting are taken.
constexpr std::string_view kRetry = "retry: 200\n\n";
constexpr std::string_view kBusyRetry = "retry: 2000\n\n";

class WaitingPlace {
public:
    WaitingPlace(std::atomic<int>& taken, int places) : taken_(taken), is_had_(++taken <= places) {}
    ~WaitingPlace() { --taken_; }
    WaitingPlace(const WaitingPlace&) = delete;
    WaitingPlace& operator=(const WaitingPlace&) = delete;
    [[nodiscard]] bool is_had() const { return is_had_; }

private:
    std::atomic<int>& taken_;
    bool is_had_;
};

class Reader {
public:
    Reader(Services& services, Reading reading) : services_(services), reading_(std::move(reading)) {}

    // The news since the last look, as text; "" is none. After a full look there may be more at once.
    [[nodiscard]] asio::awaitable<Result<std::string>> look() {
        is_caught_up_ = true;
        auto read = [read = reading_.read, from = reading_.from](postgres::Desk& desk) {
            return read(desk, from);
        };
        const auto events = co_await services_.queries.run(std::move(read));
        if (!events) co_return tl::unexpected<Error>(events.error());
        is_caught_up_ = events->empty();
        std::string text;
        for (const auto& event : *events) {
            reading_.from = event.position;
            if (is_news(event)) append(text, event);
        }
        co_return Result<std::string>(std::move(text));
    }

    // Before the next look.
    [[nodiscard]] asio::awaitable<void> pause() const {
        if (!is_caught_up_) co_return;
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_after(kBetweenLooks);
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        co_await timer.async_wait(token);
    }

    // Without data nothing is dispatched, but the position is remembered.
    [[nodiscard]] std::string position() const { return "id: " + reading_.id_of(reading_.from) + "\n\n"; }
    [[nodiscard]] bool is_admitted() const { return reading_.is_admitted(); }

private:
    [[nodiscard]] bool is_news(const FeedEvent& event) const {
        return webhook::is_event_type(event.type) && !(reading_.since && event.at < *reading_.since);
    }
    void append(std::string& text, const FeedEvent& event) const {
        text += "id: " + reading_.id_of(event.position) + "\nevent: " + event.type +
                "\ndata: " + work::body_of(event) + "\n\n";
    }

    Services& services_;
    Reading reading_;
    bool is_caught_up_ = false;
};

class OpenStream final : public http::BodySource {
public:
    OpenStream(Reader reader, std::unique_ptr<WaitingPlace> place)
        : reader_(std::move(reader)), place_(std::move(place)) {}

    [[nodiscard]] asio::awaitable<std::optional<std::string>> next() override {
        if (!std::exchange(has_begun_, true))
            co_return std::optional<std::string>(std::string(kRetry) + reader_.position());
        co_await reader_.pause();
        if (!reader_.is_admitted()) co_return std::optional<std::string>();
        // What cannot be read now is read at the next look.
        auto news = co_await reader_.look();
        const auto now = Steady::now();
        if (news && !news->empty()) {
            spoke_at_ = now;
            co_return std::optional<std::string>(*std::move(news));
        }
        if (now - spoke_at_ < kBetweenHeartbeats) co_return std::optional<std::string>(std::string());
        spoke_at_ = now;
        co_return std::optional<std::string>(":\n" + reader_.position());
    }

private:
    Reader reader_;
    std::unique_ptr<WaitingPlace> place_;
    bool has_begun_ = false;
    Steady::time_point spoke_at_ = Steady::now();
};

http::Response event_stream() {
    http::Response response;
    response.headers.set("Content-Type", "text/event-stream");
    response.headers.set("Cache-Control", "no-store");
    return response;
}

}  // namespace

Answering answer_with_events(Services& services, Reading reading) {
    auto place = std::make_unique<WaitingPlace>(services.waiting_streams,
                                                services.configuration.webhooks.waiting_streams);
    const auto wait = reading.wait;
    Reader reader(services, std::move(reading));
    http::Response response = event_stream();
    if (place->is_had() && !wait) {
        response.source = std::make_shared<OpenStream>(std::move(reader), std::move(place));
        co_return response;
    }
    const auto until = Steady::now() + (place->is_had() ? *wait : std::chrono::seconds(0));
    while (true) {
        const auto news = co_await reader.look();
        if (!news) co_return refuse(news.error());
        if (!news->empty() || Steady::now() >= until || !services.is_ready()) {
            response.body = std::string(place->is_had() ? kRetry : kBusyRetry) + *news + reader.position();
            co_return response;
        }
        co_await reader.pause();
    }
}

}  // namespace returngate::api
