// One return with its cast, its steps and its reconciliation.
#include "adapters/sandbox/drive.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <map>
#include <random>

#include "adapters/json/writer.hpp"
#include "adapters/sandbox/actors.hpp"
#include "adapters/sandbox/clock.hpp"
#include "adapters/sandbox/gateway_calls.hpp"
#include "adapters/sandbox/pause.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

struct StepName {
    std::string_view type;
    const char* words;
};
constexpr std::array<StepName, 12> kSteps{{
    {"return.applied", "application taken"},
    {"return.approved", "application approved"},
    {"pickup.booked", "pickup booked"},
    {"pickup.accepted", "courier accepted"},
    {"pickup.collected", "parcel collected"},
    {"waybill.accepted", "waybill accepted"},
    {"advance.committed", "advance committed"},
    {"advance.paid", "money at the provider"},
    {"parcel.delivered", "delivered"},
    {"receipt.confirmed", "seller confirmed"},
    {"advance.recovered", "escrow recovered"},
    {"return.closed", "return closed"},
}};

// The people and things of this one drive; a fresh buyer, so that no earlier drive is in the way.
struct Cast {
    std::string buyer;
    std::string order;
    std::string after_sale;
    std::string payee;
    std::string outbound;
};

Cast draw_cast() {
    std::random_device device;
    char suffix[17];
    std::snprintf(suffix, sizeof suffix, "%08x%08x", device(), device());
    std::string outbound = "75";
    while (outbound.size() < 14) outbound += static_cast<char>('0' + device() % 10);
    const std::string tail(suffix);
    return Cast{"buyer-" + tail, "order-" + tail, "as-" + tail, "payee-" + tail, outbound};
}

void write_address(json::Writer& w, std::string_view name, std::string_view phone, bool is_warehouse) {
    w.begin_object()
        .member("name", name)
        .member("phone", phone)
        .member("province", is_warehouse ? "上海市" : "浙江省")
        .member("city", is_warehouse ? "上海市" : "杭州市")
        .member("county", is_warehouse ? "浦东新区" : "西湖区")
        .member("address", is_warehouse ? "世纪大道2号" : "文三路1号")
        .end_object();
}

std::string seller_body() {
    json::Writer w;
    w.begin_object().member("name", "示例女装店").member("pilot", true).key("return_address");
    write_address(w, "退货仓", "13900000000", true);
    w.end_object();
    return w.take();
}

std::string order_body(const DriveOptions& options, const Cast& cast) {
    const Instant received = WorldClock(options.clock_offset).now() - std::chrono::days(2);
    json::Writer w;
    w.begin_object().member("buyer_id", cast.buyer).member("seller_id", options.keys.seller_id);
    w.key("items").begin_array().begin_object();
    w.member("item_id", "item-1").member("title", "连衣裙").member("quantity", 1);
    w.member("amount_fen", options.amount_fen).end_object().end_array();
    w.member("paid_fen", options.amount_fen)
        .member("currency", "CNY")
        .member("trade_kind", "ordinary")
        .member("category", "womens_wear")
        .member("state", "received")
        .member("received_at", format_rfc3339(received))
        .key("outbound")
        .begin_object()
        .member("courier", "ZTO")
        .member("waybill", cast.outbound)
        .end_object()
        .member("payee_reference", cast.payee)
        .member("payment_reference", "payment-" + cast.order)
        .member("provider", "sandbox")
        .end_object();
    return w.take();
}

std::string return_body(const Cast& cast) {
    json::Writer w;
    w.begin_object()
        .member("buyer_id", cast.buyer)
        .member("order_id", cast.order)
        .member("after_sale_id", cast.after_sale)
        .key("items")
        .begin_array()
        .begin_object()
        .member("item_id", "item-1")
        .member("quantity", 1)
        .end_object()
        .end_array()
        .member("reason", "seven_day_no_reason")
        .key("pictures")
        .begin_array()
        .value("picture-1")
        .end_array()
        .key("pickup")
        .begin_object()
        .member("now", true)
        .key("contact");
    write_address(w, "张三", "13800000000", false);
    w.end_object().end_object();
    return w.take();
}

GatewayCall call_of(std::string method, std::string target, std::string key, std::string body) {
    GatewayCall call;
    call.method = std::move(method);
    call.target = std::move(target);
    call.key = std::move(key);
    call.body = std::move(body);
    return call;
}

class Drive {
public:
    Drive(asio::io_context& context, const DriveOptions& options)
        : context_(context),
          options_(options),
          client_(http::make_client(context, http::ClientLimits{})),
          gateway_(*client_, options.gateway_url),
          cast_(draw_cast()) {}

    [[nodiscard]] asio::awaitable<void> run() {
        const auto result = co_await play();
        if (!result) {
            print("stopped: " + result.error().message);
            exit_code_ = 1;
        }
        context_.stop();
    }
    [[nodiscard]] int exit_code() const { return exit_code_; }

private:
    [[nodiscard]] asio::awaitable<Result<void>> play() {
        const auto prepared = co_await prepare();
        if (!prepared) co_return prepared;
        start_ = std::chrono::steady_clock::now();
        const auto applied = co_await apply();
        if (!applied) co_return applied;
        asio::co_spawn(context_, play_seller_and_escrow(gateway_, options_.keys, return_id_), asio::detached);
        const auto followed = co_await follow();
        if (!followed) co_return followed;
        const auto paid = co_await look_into_provider_book();
        if (!paid) co_return paid;
        const auto reconciled = co_await reconcile();
        co_return reconciled;
    }

    // Master data, as the platform keeps it.
    [[nodiscard]] asio::awaitable<Result<void>> prepare() {
        const std::string& key = options_.keys.platform;
        const std::array<GatewayCall, 3> calls{
            call_of("PUT", "/v1/sellers/" + options_.keys.seller_id, key, seller_body()),
            call_of("PUT", "/v1/orders/" + cast_.order, key, order_body(options_, cast_)),
            call_of("PUT", "/v1/buyers/" + cast_.buyer + "/trust", key, R"({"stars":5})")};
        for (const GatewayCall& call : calls) {
            const auto answer = co_await gateway_.send(call);
            if (!answer) co_return tl::unexpected<Error>(answer.error());
        }
        co_return Result<void>();
    }

    [[nodiscard]] asio::awaitable<Result<void>> apply() {
        const GatewayCall call = call_of("POST", "/v1/returns", options_.keys.buyer_app, return_body(cast_));
        const auto answer = co_await gateway_.send(call);
        if (!answer) co_return tl::unexpected<Error>(answer.error());
        return_id_ = std::string((*answer)["return_id"].string().value_or(""));
        const std::string approval((*answer)["approval"]["verdict"].string().value_or("?"));
        const std::string refund((*answer)["refund"]["verdict"].string().value_or("?"));
        const std::int64_t amount_fen = (*answer)["refund"]["amount_fen"].integer().value_or(0);
        print("application answered: " + return_id_ + ", approval " + approval + ", refund " + refund +
              " of " + std::to_string(amount_fen) + " fen");
        if (return_id_.empty())
            co_return fail(ErrorKind::malformed, "no_return_id",
                           "the application's answer names no return_id");
        co_return Result<void>();
    }

    // Prints the timeline as it grows, until the escrow has paid.
    [[nodiscard]] asio::awaitable<Result<void>> follow() {
        const auto deadline = std::chrono::steady_clock::now() + options_.patience;
        std::size_t shown = 0;
        while (std::chrono::steady_clock::now() < deadline) {
            const auto events = co_await gateway_.timeline(return_id_, options_.keys.buyer_app);
            if (!events) co_return tl::unexpected<Error>(events.error());
            for (; shown < events->size(); ++shown) note((*events)[shown]);
            if (first_seen_.contains("advance.recovered")) co_return Result<void>();
            co_await pause_for(std::chrono::milliseconds(20));
        }
        co_return fail(ErrorKind::in_doubt, "too_slow", "the return did not come to its end in time");
    }

    void note(const TimelineEvent& event) {
        first_seen_.emplace(event.type, event.at);
        std::string words = event.type;
        for (const StepName& step : kSteps)
            if (step.type == event.type) words = step.words;
        if (event.amount_fen != 0) words += ": " + std::to_string(event.amount_fen) + " fen";
        if (event.type == "advance.paid") words += promise_words(event.at);
        print(words);
    }

    // The one second runs from the last needed fact to the provider's acceptance, by the gateway's clock.
    [[nodiscard]] std::string promise_words(Instant paid) const {
        Instant last_fact{};
        for (const char* type : {"waybill.accepted", "pickup.collected"})
            if (const auto seen = first_seen_.find(type); seen != first_seen_.end())
                last_fact = std::max(last_fact, seen->second);
        if (last_fact == Instant{}) return {};
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(paid - last_fact);
        return ", " + std::to_string(took.count()) + " ms after the last needed fact";
    }

    [[nodiscard]] asio::awaitable<Result<void>> look_into_provider_book() {
        if (options_.sandbox_url.empty()) co_return Result<void>();
        const Gateway sandbox(*client_, options_.sandbox_url);
        const GatewayCall call =
            call_of("GET", "/sandbox/provider/book?payee_reference=" + cast_.payee, "", "");
        const auto book = co_await sandbox.send(call);
        if (!book) co_return tl::unexpected<Error>(book.error());
        const auto payouts = (*book)["payouts"].items();
        print("the provider's own book: " + std::to_string(payouts.size()) + " payout to this buyer");
        if (payouts.size() != 1 || payouts[0]["amount_fen"].integer() != options_.amount_fen)
            co_return fail(ErrorKind::conflict, "book_differs",
                           "the provider did not pay this amount exactly once");
        co_return Result<void>();
    }

    [[nodiscard]] asio::awaitable<Result<void>> reconcile() {
        GatewayCall call = call_of("POST", "/v1/finance/runs", options_.keys.finance, "{}");
        call.idempotency_key = "run-" + return_id_;
        const auto run = co_await gateway_.send(std::move(call));
        if (!run) co_return tl::unexpected<Error>(run.error());
        const json::Value& table = (*run)["counts"];
        std::string counts;
        bool is_even = true;
        const auto advances = table["advances"].integer();
        for (const char* name : {"advances", "deliveries", "receipts", "recoveries"}) {
            const auto count = table[name].integer();
            is_even = is_even && count && count == advances;
            counts += (counts.empty() ? "" : "/") + (count ? std::to_string(*count) : std::string("?"));
        }
        const auto breaks = (*run)["breaks"].items();
        print(std::string("reconciliation: ") +
              (is_even ? "matched " : "advances/deliveries/receipts/recoveries ") + counts + ", " +
              std::to_string(breaks.size()) + " breaks");
        // Whoever played with an earlier run left returns of their own open: nothing of this one may be.
        const auto is_ours = [this](const json::Value& found) {
            return found["return_id"].string() == return_id_;
        };
        if (!has_all_legs() || std::ranges::any_of(breaks, is_ours))
            co_return fail(ErrorKind::conflict, "not_matched", "the reconciliation left something open");
        co_return Result<void>();
    }

    // Then reconciliation counts it as matched, whatever else is open.
    [[nodiscard]] bool has_all_legs() const {
        constexpr std::array legs{"advance.paid", "parcel.delivered", "receipt.confirmed",
                                  "advance.recovered"};
        return std::ranges::all_of(legs, [this](const char* leg) { return first_seen_.contains(leg); });
    }

    void print(const std::string& words) const {
        const auto since = std::chrono::steady_clock::now() - start_;
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
        std::printf("%+7.3f s  %s\n", static_cast<double>(ms) / 1000.0, words.c_str());
        std::fflush(stdout);
    }

    asio::io_context& context_;
    const DriveOptions& options_;
    std::unique_ptr<http::Client> client_;
    Gateway gateway_;
    Cast cast_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::string return_id_;
    std::map<std::string, Instant> first_seen_;
    int exit_code_ = 0;
};

}  // namespace

int drive(const DriveOptions& options) {
    asio::io_context context;
    Drive one(context, options);
    asio::co_spawn(context, one.run(), asio::detached);
    context.run();
    return one.exit_code();
}

}  // namespace returngate::sandbox
