// PUT /v1/buyers/{buyer_id}/trust from the platform; GET …/entitlement for the buyer.
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/api/text_rules.hpp"

namespace returngate::api {
namespace {

constexpr std::int64_t kAllOfThem = 10'000;  // hundredths of a percent

Outcome<SetTrust> decode_trust(const json::Value& body, std::string buyer_id) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    SetTrust trust;
    trust.buyer.value = std::move(buyer_id);
    trust.stars = static_cast<int>(fields.integer("stars", 1, 5));
    trust.line_fen = fields.optional_integer("line_fen", 0, kMostFen);
    const auto figure = [&](std::string_view name, std::int64_t most) {
        return static_cast<std::int32_t>(fields.optional_integer(name, 0, most).value_or(0));
    };
    trust.trust.refund_rate_bp = figure("refund_rate_bp", kAllOfThem);
    trust.trust.complaints = figure("complaints", 1'000'000);
    trust.trust.dispute_rate_bp = figure("dispute_rate_bp", kAllOfThem);
    trust.trust.is_selected = fields.optional_boolean("selected").value_or(false);
    trust.trust.excluded = fields.optional_text("excluded", 200);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return trust;
}

pipeline::Answer render_trust(const Decision& decision) {
    const CreditLine& line = decision.after.line;
    json::Writer w;
    w.begin_object().member("buyer_id", line.buyer.value).member("stars", line.stars).key("credit_line");
    write_credit_line(w, line);
    w.end_object();
    return {200, w.take()};
}

std::string render_entitlement(const postgres::EntitlementView& view, const Policy& policy) {
    const CreditLine& line = view.line;
    json::Writer w;
    w.begin_object().member("buyer_id", line.buyer.value).member("stars", line.stars);
    w.key("rights").begin_object();
    w.member("automatic_approval", line.stars >= policy.min_stars);
    w.member("door_pickup", line.stars >= policy.min_stars);
    w.member("advance", line.left_fen() > 0 && view.excluded.empty()).end_object();
    w.member_if_set("excluded", view.excluded);
    w.key("credit_line");
    write_credit_line(w, line);
    w.key("open_advances").begin_array();
    for (const auto& advance : view.open_advances) write_advance(w, advance);
    w.end_array().end_object();
    return w.take();
}

}  // namespace

Answering put_trust(Services& services, Call& call) {
    if (identifier_fault(call.parameters.at(0), kIdentifierBytes)) {
        co_return refuse(ErrorKind::not_found, "no_such_route", "The path's id is no identifier.");
    }
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto trust = decode_trust(*body, call.parameters.at(0));
    if (!trust) co_return tl::unexpected<Refusal>(trust.error());
    auto submission = submission_of(services, call, *std::move(trust));
    submission.render = render_trust;
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

Answering get_entitlement(Services& services, Call& call) {
    auto find = [buyer = BuyerId{call.parameters.at(0)}](postgres::Desk& desk) {
        return desk.read().find_entitlement(buyer);
    };
    const auto view = co_await services.queries.run(std::move(find));
    if (!view) co_return refuse(view.error());
    if (!*view)
        co_return refuse(ErrorKind::not_found, "buyer_not_found",
                         "The platform has told us nothing of this buyer.");
    const auto policy = services.policies.policy_at(services.clock.now());
    co_return json_answer(200, render_entitlement(**view, *policy));
}

}  // namespace returngate::api
