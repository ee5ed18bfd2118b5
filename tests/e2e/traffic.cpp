// One thread per client.
#include "tests/e2e/traffic.hpp"

#include "adapters/json/writer.hpp"

namespace returngate::e2e {
namespace {

constexpr std::chrono::milliseconds kBetweenShops{15};
constexpr std::chrono::milliseconds kBeforeRepeating{5};
constexpr std::chrono::seconds kPatience{60};

std::string text_in(const PlainAnswer& answer, std::string_view name) {
    const auto body = json::parse(answer.body);
    return body ? std::string((*body)[name].string().value_or("")) : std::string();
}

}  // namespace

Traffic::Traffic(Scene& scene, testing::AcknowledgementLog& log, int clients) : scene_(scene), log_(log) {
    for (int i = 0; i < clients; ++i) clients_.emplace_back([this] { keep_shopping(); });
}

void Traffic::stop() {
    is_stopping_ = true;
    clients_.clear();  // joins
}

std::vector<std::string> Traffic::surprises() {
    const std::lock_guard lock(mutex_);
    return surprises_;
}

void Traffic::surprise(const std::string& method, const std::string& target, const PlainAnswer& answer) {
    const std::lock_guard lock(mutex_);
    surprises_.push_back(method + " " + target + ": " + std::to_string(answer.status) + " " + answer.body);
}

void Traffic::keep_shopping() {
    while (!is_stopping_) {
        shop(++shops_);
        std::this_thread::sleep_for(kBetweenShops);
    }
}

PlainAnswer Traffic::ask(As caller, const std::string& method, const std::string& target,
                         const CallOptions& options) {
    const auto request = scene_.request(caller, method, target, options);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    PlainAnswer answer;
    while (std::chrono::steady_clock::now() < deadline) {
        ++in_flight_;
        answer = testing::send_plain(request);
        --in_flight_;
        if (answer.status == 0 && answer.was_sent) ++unacknowledged_;
        if (answer.is_good()) ++acknowledged_;
        if (answer.status != 0 && answer.status != 503) return answer;
        std::this_thread::sleep_for(kBeforeRepeating);
    }
    surprise(method, target, answer);
    return answer;
}

void Traffic::shop(int number) {
    const Shopper shopper = scene_.new_shopper(10'000 + number % 5 * 1'000);
    const std::string order_target = "/v1/orders/" + shopper.order;
    const auto trusted =
        ask(As::platform, "PUT", "/v1/buyers/" + shopper.buyer + "/trust", {.body = R"({"stars":5})"});
    if (!trusted.is_good()) return surprise("PUT", "trust of " + shopper.buyer, trusted);
    const auto ordered = ask(As::platform, "PUT", order_target, {.body = order_body(shopper)});
    if (!ordered.is_good()) return surprise("PUT", order_target, ordered);
    log_.append({"order", {shopper.order}});

    const bool with_pickup = number % 3 != 0;
    const auto applied =
        ask(As::buyer_app, "POST", "/v1/returns", {.body = application_body(shopper, with_pickup)});
    const std::string return_id = text_in(applied, "return_id");
    if (!applied.is_good() || return_id.empty()) return surprise("POST", "/v1/returns", applied);
    log_.append({"return", {return_id, shopper.after_sale}});

    if (!with_pickup) book_pickup(shopper, return_id);
    if (number % 8 == 0) cancel_pickup(return_id);
    const auto shown = ask(As::buyer_app, "GET", "/v1/returns/" + return_id);
    if (!shown.is_good()) surprise("GET", "/v1/returns/" + return_id, shown);
}

void Traffic::book_pickup(const Shopper& shopper, const std::string& return_id) {
    const std::string target = "/v1/returns/" + return_id + "/pickup";
    const auto booked = ask(As::buyer_app, "POST", target,
                            {.body = pickup_body(shopper), .idempotency_key = "pickup-" + return_id});
    if (!booked.is_good()) return surprise("POST", target, booked);
    log_.append({"pickup", {text_in(booked, "pickup_id"), return_id}});
}

void Traffic::cancel_pickup(const std::string& return_id) {
    const std::string target = "/v1/returns/" + return_id + "/pickup";
    const auto cancelled = ask(As::buyer_app, "DELETE", target);
    if (cancelled.is_good()) return log_.append({"cancellation", {return_id}});
    // The courier may have been faster, or nobody may have come.
    if (cancelled.status != 409 && cancelled.status != 404) surprise("DELETE", target, cancelled);
}

}  // namespace returngate::e2e
