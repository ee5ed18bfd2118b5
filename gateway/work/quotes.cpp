// The cache and, per courier, the loop that asks.
#include "gateway/work/quotes.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "adapters/courier/registry.hpp"
#include "adapters/http/destination.hpp"

namespace asio = boost::asio;

namespace returngate::work {
namespace {

constexpr std::size_t kMostWanted = 256;  // of one courier; more are wanted again with their next booking
constexpr std::size_t kMostKnown = 20'000;
constexpr std::chrono::milliseconds kBetweenQuestions{200};
constexpr std::chrono::milliseconds kLongestQuestion{3000};
constexpr std::chrono::minutes kAfterNoAnswer{1};

// A courier's no is about the way; any other refusal is about our question.
std::optional<CourierQuote> quote_of(const CourierOptions& options, const Way& way,
                                     const Result<courier::Price>& price) {
    CourierQuote quote{options.code, way.region, way.seller};
    if (price) {
        quote.fee_fen = price->fee_fen;
        return quote;
    }
    if (price.error().kind != ErrorKind::rejected || price.error().code != "out_of_coverage") {
        spdlog::warn("courier {} did not answer a price query: {}", options.code.value, price.error().code);
        return std::nullopt;
    }
    quote.serves = false;
    return quote;
}

const CourierTerms* terms_of(const Configuration& configuration, const CourierCode& code) {
    return configuration.policy.terms(code);
}

courier::BookingOrder order_of(const Way& way) {
    courier::BookingOrder order;
    order.sender = way.from;
    order.recipient = way.to;
    order.parcel.description = "退货商品";
    return order;
}

asio::awaitable<Result<courier::Price>> ask(QuoteContext around, const CourierOptions& options,
                                            const courier::Courier& dialect, const Way& way) {
    const CourierTerms* terms = terms_of(around.configuration, options.code);
    const std::string name = terms == nullptr ? std::string() : account_for(*terms, way.region, way.seller);
    const courier::Account& account = *options.account_named(name);
    courier::Moment moment;
    moment.now = around.clock.now();
    moment.nonce = detail::to_hex(around.random.bytes());
    auto request = dialect.encode_price(account, moment, order_of(way));
    if (!request) co_return tl::unexpected(request.error());
    const auto origin = http::take_origin(*request, account.base_url);
    if (!origin) co_return tl::unexpected(origin.error());
    const auto most = std::min(options.timeout, kLongestQuestion);
    const auto deadline = std::chrono::steady_clock::now() + most;
    const auto response = co_await around.client.send(*origin, std::move(*request), deadline);
    if (!response) co_return tl::unexpected(response.error());
    co_return dialect.decode_price(account, *response);
}

asio::awaitable<void> keep_asking(asio::io_context& context, QuoteContext around,
                                  const CourierOptions& options) {
    asio::steady_timer timer(context);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (true) {
        timer.expires_after(kBetweenQuestions);
        const auto [error] = co_await timer.async_wait(token);
        if (error) co_return;
        around.quotes.forget_old(around.clock.now());
        co_await ask_for_quote(around, options);
    }
}

}  // namespace

Quotes::Quotes(const std::vector<CourierOptions>& couriers) {
    for (const auto& options : couriers) {
        if (options.enabled && options.quote_keeps.count() > 0) wanted_[options.code.value];
    }
}

std::shared_ptr<const Quotes::List> Quotes::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

void Quotes::want(const Way& way, Instant now) {
    if (way.region.empty()) return;
    const std::lock_guard lock(mutex_);
    for (auto& [courier, queue] : wanted_) {
        if (queue.size() >= kMostWanted || known_.size() >= kMostKnown) continue;
        const auto [known, is_new] = known_.try_emplace(Key{courier, way.region, way.seller.value});
        if (!is_new && known->second.until > now) continue;
        // Nobody asks a second time while it waits in the queue.
        known->second.until = now + kAfterNoAnswer;
        queue.push_back(way);
    }
}

std::optional<Way> Quotes::next(const CourierCode& courier) {
    const std::lock_guard lock(mutex_);
    const auto found = wanted_.find(courier.value);
    if (found == wanted_.end() || found->second.empty()) return std::nullopt;
    Way way = std::move(found->second.front());
    found->second.pop_front();
    return way;
}

void Quotes::put(const CourierCode& courier, const Way& way, const std::optional<CourierQuote>& quote,
                 Instant until) {
    const std::lock_guard lock(mutex_);
    known_[Key{courier.value, way.region, way.seller.value}] = Known{quote, until};
    publish();
}

void Quotes::forget_old(Instant now) {
    const std::lock_guard lock(mutex_);
    if (std::erase_if(known_, [&](const auto& one) { return one.second.until <= now; }) > 0) publish();
}

void Quotes::publish() {
    auto fresh = std::make_shared<List>();
    for (const auto& [key, known] : known_) {
        if (known.quote) fresh->push_back(*known.quote);
    }
    current_ = std::move(fresh);
}

asio::awaitable<void> ask_for_quote(QuoteContext around, const CourierOptions& options) {
    const auto way = around.quotes.next(options.code);
    const courier::Courier* dialect = courier::find_courier(options.code.value);
    if (!way || dialect == nullptr) co_return;
    const auto price = co_await ask(around, options, *dialect, *way);
    const auto quote = quote_of(options, *way, price);
    const Duration keeps = quote ? Duration(options.quote_keeps) : Duration(kAfterNoAnswer);
    around.quotes.put(options.code, *way, quote, around.clock.now() + keeps);
}

void start_asking_for_quotes(asio::io_context& context, const QuoteContext& around) {
    for (const auto& options : around.configuration.couriers) {
        if (options.enabled && options.quote_keeps.count() > 0)
            asio::co_spawn(context, keep_asking(context, around, options), asio::detached);
    }
}

}  // namespace returngate::work
