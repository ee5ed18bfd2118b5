// The configuration, keys and master data of the house.
#include "tests/gateway/api/house.hpp"

#include <pqxx/pqxx>
#include <spdlog/spdlog.h>
#include <thread>

#include "adapters/crypto/digest.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/http/key_ring.hpp"
#include "gateway/pipeline/ports.hpp"

namespace returngate::api {
namespace {

constexpr std::array kCallers{Caller::platform,   Caller::buyer_app, Caller::seller, Caller::finance,
                              Caller::operations, Caller::auditor,   Caller::admin,  Caller::provider};

// Ten in the morning in Shanghai, today's: pickups have opening hours, tests have not.
std::chrono::seconds to_ten_in_shanghai() {
    const Instant now = SystemClock().now();
    const Instant ten = from_shanghai(shanghai(now).date, std::chrono::hours(10));
    return std::chrono::duration_cast<std::chrono::seconds>(ten - now);
}

CourierOptions courier(const std::string& code, std::string_view token, int priority) {
    CourierOptions options;
    options.code = CourierCode{code};
    options.callback_token = token;
    options.priority = priority;
    options.account.base_url = "http://127.0.0.1:9";
    return options;
}

Configuration configuration_for(const std::string& dsn, int waiting_streams) {
    Configuration made;
    made.database.dsn = dsn;
    made.listen.port = 0;
    made.workers.enabled = false;
    made.drain = std::chrono::seconds(2);
    made.webhooks.waiting_streams = waiting_streams;
    made.webhooks.secret_key.fill(7);
    made.clock_offset = to_ten_in_shanghai();
    CourierOptions yto = courier("YTO", kYtoToken, 10);
    yto.account.settings = {{"secret", "yto-secret"}, {"push_secret", std::string(kYtoPushSecret)}};
    FurtherAccount south;
    south.terms = {.name = "south", .areas = {}, .sellers = {SellerId{"seller-south"}}};
    south.account = yto.account;
    south.account.settings["push_secret"] = kYtoSouthPushSecret;
    south.callback_token = kYtoSouthToken;
    yto.further = {south};
    CourierOptions sf = courier("SF", kSfToken, 20);
    sf.account.settings = {{"partner_id", "PARTNER"}, {"secret", "sf-secret"}};
    made.couriers = {yto, sf};
    for (const auto& options : made.couriers) {
        CourierTerms terms;
        terms.code = options.code;
        terms.priority = options.priority;
        terms.accepts_by_answer = options.code.value == "SF";
        terms.finds_by_reference = options.code.value == "SF";
        terms.repeats_reference = options.code.value == "YTO";
        made.policy.couriers.push_back(terms);
    }
    return made;
}

}  // namespace

House::House(int waiting_streams) : document_(openapi_json()) {
    spdlog::set_level(spdlog::level::off);
    for (const Caller caller : kCallers)
        keys_.push_back(add_key(caller, caller == Caller::seller ? "seller-1" : ""));
    gateway_ = std::make_unique<Gateway>(configuration_for(database_.dsn(), waiting_streams));
    wait_until_ready();
}

// The keys are loaded behind the start.
void House::wait_until_ready() const {
    for (int tries = 0; tries < 500; ++tries) {
        if (nobody("GET", "/readyz").status == 200) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the gateway is not ready";
}

std::string House::add_key(Caller caller, const std::string& seller, bool is_expired,
                           const std::string& owner) {
    SystemRandom random;
    const std::string key = make_key(random.bytes(), random.bytes());
    pqxx::work work(database_.session());
    work.exec_params(
        "INSERT INTO api_key (key_id, hash, caller, owner, seller_id, created_at, expires_at) VALUES "
        "(gen_random_uuid(), decode($1, 'hex'), $2, $3, nullif($4, ''), now() - interval '9 days', now() + "
        "$5::interval)",
        crypto::to_hex(hash_of_key(key)), std::string(to_string(caller)),
        owner.empty() ? "owner-" + std::string(to_string(caller)) : owner, seller,
        is_expired ? "-2 days" : "9 days");
    work.commit();
    return key;
}

testing::PlainAnswer House::nobody(const std::string& method, const std::string& target,
                                   const Asking& asking) const {
    testing::PlainRequest request;
    request.port = gateway_->port();
    request.method = method;
    request.target = target;
    request.body = asking.body;
    if (!asking.authorization.empty()) request.headers.emplace_back("Authorization", asking.authorization);
    if (!asking.body.empty()) request.headers.emplace_back("Content-Type", asking.content_type);
    if (!asking.idempotency_key.empty())
        request.headers.emplace_back("Idempotency-Key", asking.idempotency_key);
    auto answer = testing::send_plain(request);
    const testing::Exchange exchange{method,      target,        asking.content_type,
                                     asking.body, answer.status, std::string(answer.header("Content-Type")),
                                     answer.body};
    for (const auto& fault : document_.faults(exchange)) ADD_FAILURE() << fault << "\n" << answer.body;
    return answer;
}

testing::PlainAnswer House::ask(Caller caller, const std::string& method, const std::string& target,
                                const Asking& asking) const {
    Asking with_key = asking;
    with_key.authorization = "Bearer " + key(caller);
    return nobody(method, target, with_key);
}

void House::put_master_data(const std::string& buyer, const std::string& order) {
    const std::string seller =
        R"({"name":"示例女装店","pilot":true,"return_address":)" + std::string(kContact) + "}";
    EXPECT_LT(ask(Caller::platform, "PUT", "/v1/sellers/seller-1", {.body = seller}).status, 202);
    const std::string received =
        format_rfc3339(SystemClock(to_ten_in_shanghai()).now() - std::chrono::hours(48));
    const std::string placed =
        R"({"buyer_id":")" + buyer +
        R"(","seller_id":"seller-1","items":[{"item_id":"item-1","title":"连衣裙","quantity":2,"amount_fen":25900}],)"
        R"("paid_fen":25900,"currency":"CNY","trade_kind":"ordinary","category":"womens_wear","state":"received",)"
        R"("received_at":")" +
        received +
        R"(","outbound":{"courier":"ZTO","waybill":"75312480963571"},"payee_reference":"payee-1",)"
        R"("payment_reference":"payment-1","provider":"sandbox"})";
    EXPECT_EQ(ask(Caller::platform, "PUT", "/v1/orders/" + order, {.body = placed}).status, 200);
    EXPECT_EQ(
        ask(Caller::platform, "PUT", "/v1/buyers/" + buyer + "/trust", {.body = R"({"stars":5})"}).status,
        200);
}

std::string House::application(const std::string& more, const std::string& after_sale) {
    return R"({"buyer_id":"buyer-1","order_id":"order-1","after_sale_id":")" + after_sale +
           R"(","items":[{"item_id":"item-1","quantity":1}],"reason":"seven_day_no_reason","pictures":["picture-1"])" +
           more + "}";
}

std::string House::apply(const std::string& more, const std::string& after_sale) {
    const auto answer =
        ask(Caller::buyer_app, "POST", "/v1/returns", {.body = application(more, after_sale)});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return std::string(body_of(answer)["return_id"].string().value_or(""));
}

std::string House::booking_reference() {
    return database_.text("SELECT booking_reference FROM booking ORDER BY placed_at DESC LIMIT 1");
}

json::Value body_of(const testing::PlainAnswer& answer) {
    return json::parse(answer.body).value_or(json::Value());
}

std::vector<std::string> pointers_of(const testing::PlainAnswer& answer) {
    std::vector<std::string> pointers;
    const json::Value body = body_of(answer);
    for (const auto& error : body["errors"].items())
        pointers.emplace_back(error["pointer"].string().value_or(""));
    return pointers;
}

}  // namespace returngate::api
