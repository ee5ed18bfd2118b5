// POST /payouts, GET /payouts/{key}, GET /book[?payee_reference=…]
#include "adapters/sandbox/provider.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/json/writer.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/pause.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

struct WayWord {
    std::string_view word;
    PayWay way;
};
constexpr std::array<WayWord, 11> kWays{{
    {"normal", PayWay::normal},
    {"execute_then_close", PayWay::execute_then_close},
    {"execute_then_hang", PayWay::execute_then_hang},
    {"execute_then_fail", PayWay::execute_then_fail},
    {"execute_then_garble", PayWay::execute_then_garble},
    {"close_before", PayWay::close_before},
    {"hang_before", PayWay::hang_before},
    {"fail_before", PayWay::fail_before},
    {"busy_before", PayWay::busy_before},
    {"reject", PayWay::reject},
    {"wrong_echo", PayWay::wrong_echo},
}};

Reply json_reply(int status, std::string body) {
    Reply reply;
    reply.response.status = status;
    reply.response.headers.set("Content-Type", "application/json");
    reply.response.body = std::move(body);
    return reply;
}

Reply problem(int status, std::string_view code, std::string_view key) {
    json::Writer w;
    w.begin_object().member("code", code).member("key", key).end_object();
    return json_reply(status, w.take());
}

void write_payout(json::Writer& w, const BookedPayout& payout, Fen amount_fen) {
    w.begin_object()
        .member("key", payout.request.key)
        .member("payee_reference", payout.request.payee_reference)
        .member("amount_fen", amount_fen)
        .member("currency", "CNY")
        .member("status", payout.is_executed ? "executed" : "rejected")
        .member("reference", payout.reference)
        .member("reason", payout.reason)
        .member("at", format_rfc3339(payout.at))
        .end_object();
}

Reply record_reply(const BookedPayout& payout, Fen amount_fen) {
    json::Writer w;
    write_payout(w, payout, amount_fen);
    return json_reply(200, w.take());
}

std::optional<PayoutRequest> read_payout(const std::string& body) {
    const auto value = json::parse(body);
    if (!value) return std::nullopt;
    const auto key = (*value)["key"].string();
    const auto payee = (*value)["payee_reference"].string();
    const auto amount = (*value)["amount_fen"].integer();
    if (!key || key->empty() || key->size() > 64 || !payee || payee->empty() || !amount || *amount <= 0 ||
        (*value)["currency"].string() != "CNY")
        return std::nullopt;
    return PayoutRequest{std::string(*key), std::string(*payee), *amount};
}

// What a fault does to the answer of a payment that was executed, or not.
Reply dress(PayWay way, Reply reply) {
    switch (way) {
        case PayWay::execute_then_close:
        case PayWay::close_before: reply.ending = Ending::close; break;
        case PayWay::execute_then_hang:
        case PayWay::hang_before: reply.ending = Ending::never; break;
        case PayWay::execute_then_garble: reply.ending = Ending::cut_short; break;
        case PayWay::execute_then_fail: return problem(502, "upstream", "");
        case PayWay::fail_before: return problem(503, "unavailable", "");
        case PayWay::busy_before: return problem(429, "too_many_requests", "");
        default: break;
    }
    return reply;
}

bool pays(PayWay way) {
    return way != PayWay::close_before && way != PayWay::hang_before && way != PayWay::fail_before &&
           way != PayWay::busy_before;
}

}  // namespace

Result<PayBehaviour> parse_pay_behaviour(const json::Value& object) {
    PayBehaviour behaviour;
    const std::string_view word = object["way"].string().value_or("normal");
    const auto* known =
        std::find_if(kWays.begin(), kWays.end(), [&](const WayWord& w) { return w.word == word; });
    const std::int64_t delay_ms = object["answer_delay_ms"].integer().value_or(0);
    const std::int64_t hidden = object["queries_not_found"].integer().value_or(0);
    if (known == kWays.end() || delay_ms < 0 || delay_ms > 1'000'000 || hidden < 0 || hidden > 1'000'000)
        return fail(ErrorKind::invalid, "bad_script",
                    "script: way, answer_delay_ms or queries_not_found is wrong");
    behaviour.way = known->way;
    behaviour.answer_delay_ms = static_cast<int>(delay_ms);
    behaviour.queries_not_found = static_cast<int>(hidden);
    if (const auto reason = object["reason"].string()) behaviour.reason = std::string(*reason);
    return behaviour;
}

PaymentDesk::PaymentDesk(asio::io_context& context, const std::filesystem::path& book, std::string api_key,
                         const WorldClock& clock)
    : context_(context), api_key_(std::move(api_key)), clock_(clock), book_(book) {}

asio::awaitable<Reply> PaymentDesk::handle(http::Request request) {
    const std::string_view presented = request.headers.find("Authorization").value_or("");
    if (!api_key_.empty() && presented != "Bearer " + api_key_) co_return problem(401, "unauthorized", "");
    const std::string path(request.path());
    constexpr std::string_view kOne = "/payouts/";
    if (request.method == "GET" && path == "/book") {
        const auto query_fields = parse_form(request.query()).value_or(FormFields{});
        co_return json_reply(200, render_book(book_, field(query_fields, "payee_reference")));
    }
    if (request.method == "GET" && path.starts_with(kOne)) {
        Reply found = co_await query(path.substr(kOne.size()));
        co_return found;
    }
    if (request.method != "POST" || path != "/payouts") co_return problem(404, "no_such_resource", "");
    Reply paid = co_await pay(std::move(request));
    co_return paid;
}

asio::awaitable<Reply> PaymentDesk::pay(http::Request request) {
    const auto payout = read_payout(request.body);
    if (!payout) co_return problem(400, "bad_request", "");
    const PayBehaviour behaviour = take(payout->key);
    Reply reply;
    if (pays(behaviour.way)) {
        const std::string rejection = behaviour.way == PayWay::reject ? behaviour.reason : std::string();
        const ProviderBook::Settled settled = book_.settle(*payout, rejection, clock_.now());
        const bool is_durable = co_await durable(settled.line);
        if (!is_durable) co_return problem(500, "book_unwritable", payout->key);
        const Fen echoed = settled.payout.request.amount_fen + (behaviour.way == PayWay::wrong_echo ? 1 : 0);
        reply = settled.is_conflict ? problem(409, "key_reused", payout->key)
                                    : record_reply(settled.payout, echoed);
    }
    if (behaviour.answer_delay_ms > 0)
        co_await pause_for(std::chrono::milliseconds(behaviour.answer_delay_ms));
    co_return dress(behaviour.way, std::move(reply));
}

bool PaymentDesk::hides(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto hidden = hidden_.find(key);
    if (hidden == hidden_.end() || hidden->second == 0) return false;
    --hidden->second;
    return true;
}

asio::awaitable<Reply> PaymentDesk::query(std::string key) {
    if (hides(key)) co_return problem(404, "not_found", key);
    const auto payout = book_.find(key);
    if (!payout) co_return problem(404, "not_found", key);
    const bool is_durable = co_await durable(book_.line_of(key));
    if (!is_durable) co_return problem(500, "book_unwritable", key);
    co_return record_reply(*payout, payout->request.amount_fen);
}

asio::awaitable<bool> PaymentDesk::durable(std::uint64_t line) {
    // The timer is an event: it never rings by itself, and stays rung once the line is down.
    auto event = std::make_shared<asio::steady_timer>(context_, asio::steady_timer::time_point::max());
    auto is_good = std::make_shared<bool>(false);
    const auto ring = [&context = context_, event, is_good](bool good) {
        const auto on_thread = [event, is_good, good] {
            *is_good = good;
            event->expires_at(asio::steady_timer::time_point::min());
        };
        asio::post(context, on_thread);
    };
    book_.when_durable(line, ring);
    constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);
    const auto [interrupted] = co_await event->async_wait(kQuiet);
    (void)interrupted;
    co_return *is_good;
}

PayBehaviour PaymentDesk::take(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const bool is_first = ++attempts_[key] == 1;
    PayBehaviour behaviour;
    if (const auto own = by_key_.find(key); own != by_key_.end()) {
        behaviour = own->second;
    } else if (!next_.empty()) {
        behaviour = std::move(next_.front());
        next_.pop_front();
    } else {
        behaviour = always_.value_or(PayBehaviour{});
    }
    if (is_first && behaviour.queries_not_found > 0) hidden_[key] = behaviour.queries_not_found;
    return behaviour;
}

void PaymentDesk::script_key(const std::string& key, PayBehaviour behaviour) {
    const std::lock_guard lock(mutex_);
    by_key_[key] = std::move(behaviour);
}

void PaymentDesk::script_next(PayBehaviour behaviour) {
    const std::lock_guard lock(mutex_);
    next_.push_back(std::move(behaviour));
}

void PaymentDesk::script_always(std::optional<PayBehaviour> behaviour) {
    const std::lock_guard lock(mutex_);
    always_ = std::move(behaviour);
}

void PaymentDesk::clear_scripts() {
    const std::lock_guard lock(mutex_);
    by_key_.clear();
    next_.clear();
    always_.reset();
}

std::map<std::string, int> PaymentDesk::attempts() const {
    const std::lock_guard lock(mutex_);
    return attempts_;
}

std::string render_book(const ProviderBook& book, std::string_view payee_reference) {
    json::Writer w;
    w.begin_object().key("payouts").begin_array();
    for (const BookedPayout& payout : book.executed())
        if (payee_reference.empty() || payout.request.payee_reference == payee_reference)
            write_payout(w, payout, payout.request.amount_fen);
    w.end_array().key("incidents").begin_array();
    for (const Incident& incident : book.incidents())
        w.begin_object()
            .member("incident", "key_reused")
            .member("key", incident.request.key)
            .member("payee_reference", incident.request.payee_reference)
            .member("amount_fen", incident.request.amount_fen)
            .member("at", format_rfc3339(incident.at))
            .end_object();
    w.end_array().end_object();
    return w.take();
}

}  // namespace returngate::sandbox
