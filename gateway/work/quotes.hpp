// What couriers answer about coverage and price, from a region to a seller's address: asked beside the
// bookings and kept for a while. No decision waits for it; the next one over the same way knows it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/http/client.hpp"
#include "gateway/configuration.hpp"
#include "gateway/pipeline/ports.hpp"
#include "src/pickup/quote.hpp"

namespace returngate::work {

// A way that a parcel was booked over. Places only: a question about a price names nobody.
struct Way {
    std::string region;
    SellerId seller;
    courier::Party from;
    courier::Party to;
};

// Any thread.
class Quotes {
public:
    using List = std::vector<CourierQuote>;

    // Only couriers whose configuration says so are asked.
    explicit Quotes(const std::vector<CourierOptions>& couriers);

    // In the order that find_quote wants. Null before the first answer.
    [[nodiscard]] std::shared_ptr<const List> current() const;

    // To be asked about, where the answer is not known or too old. Returns at once.
    void want(const Way& way, Instant now);
    [[nodiscard]] std::optional<Way> next(const CourierCode& courier);
    // Nothing: no answer that says anything; not asked again before `until`.
    void put(const CourierCode& courier, const Way& way, const std::optional<CourierQuote>& quote,
             Instant until);
    // What has grown too old is no longer believed.
    void forget_old(Instant now);

private:
    using Key = std::tuple<std::string, std::string, std::string>;  // courier, region, seller
    struct Known {
        std::optional<CourierQuote> quote;
        Instant until{};
    };
    void publish();  // with the mutex held

    mutable std::mutex mutex_;
    std::map<std::string, std::deque<Way>> wanted_;  // per courier that is asked
    std::map<Key, Known> known_;                     // asked about, or about to be
    std::shared_ptr<const List> current_;
};

struct QuoteContext {
    const Configuration& configuration;
    const Clock& clock;
    Random& random;
    http::Client& client;  // of the same io_context
    Quotes& quotes;
};

// One question to one courier at a time, by its own deadline. What it names outlives the io_context's run.
void start_asking_for_quotes(boost::asio::io_context& context, const QuoteContext& around);

// One turn of that: the courier's next question, if there is one.
[[nodiscard]] boost::asio::awaitable<void> ask_for_quote(QuoteContext around, const CourierOptions& options);

}  // namespace returngate::work
