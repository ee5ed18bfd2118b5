// POST /v1/returns/{return_id}/appeal and …/evidence by either side, GET …/evidence, and customer service's
// POST /v1/operations/returns/{return_id}/appeal-decision.
#include "gateway/api/case_answer.hpp"
#include "gateway/api/render.hpp"

namespace returngate::api {
namespace {

Outcome<Appeal> decode_appeal(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Appeal command;
    command.reason = fields.text("reason", kReasonBytes);
    command.evidence = read_required_evidence(fields, body);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Outcome<AddEvidence> decode_evidence(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    AddEvidence command;
    command.evidence = read_required_evidence(fields, body);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Outcome<DecideAppeal> decode_decision(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    DecideAppeal command;
    command.upheld = fields.word("outcome", {"upheld", "dismissed"}) == "upheld";
    command.reason = fields.text("reason", kReasonBytes);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

template <class Command>
Answering answer_as_party(Services& services, Call& call, Outcome<Command> (*decode)(const json::Value&)) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode(*body);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    command->id = *id;
    if constexpr (requires { command->seller; }) {
        command->seller.value = call.identity.seller_id;  // empty for the buyer's app
    } else {
        command->owner = call.identity.owner;
    }
    auto answer = co_await answer_case(services, call, *std::move(command));
    co_return answer;
}

std::string render_evidence(ReturnId id, const std::vector<postgres::EvidenceView>& rows) {
    json::Writer w;
    w.begin_object().member("return_id", to_string(id)).key("evidence").begin_array();
    for (const auto& row : rows) {
        w.begin_object().member("seq", row.seq).member("kind", row.kind);
        w.member_if_set("by", row.given_by);
        write_instant(w, "given_at", row.given_at);
        w.member("reason", row.reason).raw_member("items", row.items).end_object();
    }
    w.end_array().end_object();
    return w.take();
}

struct Shown {
    std::optional<SellerId> seller;
    std::vector<postgres::EvidenceView> evidence;
};

}  // namespace

Answering post_appeal(Services& services, Call& call) {
    return answer_as_party(services, call, decode_appeal);
}

Answering post_evidence(Services& services, Call& call) {
    return answer_as_party(services, call, decode_evidence);
}

Answering post_appeal_decision(Services& services, Call& call) {
    return answer_as_party(services, call, decode_decision);
}

Answering get_evidence(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    auto find = [wanted = *id](postgres::Desk& desk) {
        return Shown{desk.read().seller_of(wanted), desk.read().evidence(wanted)};
    };
    const auto shown = co_await services.queries.run(std::move(find));
    if (!shown) co_return refuse(shown.error());
    const bool is_anothers = call.identity.caller == Caller::seller && shown->seller &&
                             shown->seller->value != call.identity.seller_id;
    if (!shown->seller || is_anothers)
        co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    co_return json_answer(200, render_evidence(*id, shown->evidence));
}

}  // namespace returngate::api
