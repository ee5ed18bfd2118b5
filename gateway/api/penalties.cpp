// What is held against a buyer: POST /v1/returns/{return_id}/conduct, /v1/operations/penalties and their
// reversal, and the rating by our own records.
#include <charconv>

#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/query.hpp"
#include "gateway/api/render.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/api/text_rules.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kReasonBytes = 1000;
constexpr std::int32_t kMostPenalties = 1'000'000;

ReturnId read_return_id(Fields& fields) {
    const auto id = parse_id<ReturnTag>(fields.identifier("return_id"));
    if (!id) fields.fault("return_id", "not_an_id", "Is to be the id of a return.");
    return id.value_or(ReturnId{});
}

Outcome<NoteConduct> decode_conduct(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    NoteConduct command;
    command.buyer.value = fields.identifier("buyer_id");
    command.fact = fields.word("fact", {kChangedMind, kComplaint});
    command.is_withdrawn = fields.optional_boolean("withdrawn").value_or(false);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Outcome<Penalise> decode_penalty(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Penalise command;
    command.id = read_return_id(fields);
    command.buyer.value = fields.identifier("buyer_id");
    const auto step = parse_penalty_step(
        fields.word("step", {"warning", "restriction", "rating_cut", "privilege_withdrawn", "ban"}));
    command.step = step.value_or(PenaltyStep::warning);
    command.cause = fields.text("cause", kReasonBytes);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Outcome<ReversePenalty> decode_reversal(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    ReversePenalty command;
    command.id = read_return_id(fields);
    command.reason = fields.text("reason", kReasonBytes);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

void write_penalty(json::Writer& w, const BuyerId& buyer, const Penalty& penalty) {
    w.begin_object().member("buyer_id", buyer.value).member("number", penalty.number);
    w.member("step", to_string(penalty.step)).member("cause", penalty.cause);
    w.member("return_id", to_string(penalty.return_id));
    write_instant(w, "imposed_at", penalty.imposed_at);
    w.member("imposed_by", penalty.imposed_by).member("stands", penalty.stands());
    w.member_if_set("reversal_proposed_by", penalty.reversal_by);
    if (!penalty.stands()) {
        write_instant(w, "reversed_at", penalty.reversed_at);
        w.member("reversed_by", penalty.reversed_by).member("reversal_reason", penalty.reversal_reason);
    }
    w.end_object();
}

pipeline::Answer render_standing(const Decision& decision) {
    const CreditLine& line = decision.after.line;
    const Standing& standing = decision.after.standing;
    json::Writer w;
    w.begin_object().member("buyer_id", line.buyer.value).member("stars", line.stars);
    w.member("rated_stars", standing.stars)
        .member("rated_by", standing.is_by_records ? "records" : "platform");
    w.key("credit_line");
    write_credit_line(w, line);
    w.key("penalties").begin_array();
    for (const auto& penalty : standing.penalties) write_penalty(w, line.buyer, penalty);
    w.end_array().end_object();
    return {200, w.take()};
}

Answering answer_standing(Services& services, Call& call, Command command) {
    auto submission = submission_of(services, call, std::move(command));
    submission.render = render_standing;
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

std::optional<std::int32_t> number_of(const std::string& text) {
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    if (!is_whole || number < 1 || number > kMostPenalties) return std::nullopt;
    return number;
}

Outcome<BuyerId> buyer_of(const Call& call) {
    if (identifier_fault(call.parameters.at(0), kIdentifierBytes))
        return refuse(ErrorKind::not_found, "no_such_route", "The path's id is no identifier.");
    return BuyerId{call.parameters.at(0)};
}

}  // namespace

Answering post_conduct(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode_conduct(*body);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    command->id = *id;
    command->owner = call.identity.owner;
    auto answer = co_await answer_standing(services, call, *std::move(command));
    co_return answer;
}

Answering post_penalty(Services& services, Call& call) {
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode_penalty(*body);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    command->owner = call.identity.owner;
    auto answer = co_await answer_standing(services, call, *std::move(command));
    co_return answer;
}

Answering post_penalty_reversal(Services& services, Call& call) {
    const auto buyer = buyer_of(call);
    if (!buyer) co_return tl::unexpected<Refusal>(buyer.error());
    const auto number = number_of(call.parameters.at(1));
    if (!number)
        co_return refuse(ErrorKind::not_found, "penalty_not_found", "The buyer has no such penalty.");
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode_reversal(*body);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    command->buyer = *buyer;
    command->number = *number;
    command->owner = call.identity.owner;
    auto answer = co_await answer_standing(services, call, *std::move(command));
    co_return answer;
}

Answering post_rating(Services& services, Call& call) {
    const auto buyer = buyer_of(call);
    if (!buyer) co_return tl::unexpected<Refusal>(buyer.error());
    const Instant now = services.clock.now();
    const auto policy = services.policies.policy_at(now);
    auto count = [buyer = *buyer, since = now - policy->rating.window](postgres::Desk& desk) {
        return desk.read().record_of(buyer, since);
    };
    const auto figures = co_await services.queries.run(std::move(count));
    if (!figures) co_return refuse(figures.error());
    SetTrust rating;
    rating.buyer = *buyer;
    rating.records = *figures;
    auto answer = co_await answer_standing(services, call, std::move(rating));
    co_return answer;
}

Answering get_penalties(Services& services, Call& call) {
    auto query = Query::parse(call.request.query());
    if (!query) co_return tl::unexpected<Refusal>(query.error());
    const auto named = query->value("buyer_id");
    if (named && identifier_fault(*named, kIdentifierBytes))
        query->fault("buyer_id", "not_an_id", "Is to be an identifier.");
    const int limit = query->limit();
    if (const auto sound = query->finish(); !sound) co_return tl::unexpected<Refusal>(sound.error());
    std::optional<BuyerId> buyer;
    if (named) buyer = BuyerId{*named};
    auto find = [buyer, limit](postgres::Desk& desk) { return desk.read().penalties(buyer, limit); };
    const auto rows = co_await services.queries.run(std::move(find));
    if (!rows) co_return refuse(rows.error());
    json::Writer w;
    w.begin_object().key("penalties").begin_array();
    for (const auto& row : *rows) write_penalty(w, row.buyer, row.penalty);
    w.end_array().end_object();
    co_return json_answer(200, w.take());
}

}  // namespace returngate::api
