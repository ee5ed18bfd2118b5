// POST /v1/returns/{return_id}/intervention by either side; POST /v1/operations/returns/{return_id}/ruling.
#include "gateway/api/case_answer.hpp"

namespace returngate::api {
namespace {

Outcome<Intervene> decode_call(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    auto read = read_case_answer(fields, {});
    if (read.reason.empty()) fields.fault("reason", "required", "Say what it is about.");
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    Intervene command;
    command.reason = std::move(read.reason);
    command.evidence = std::move(read.evidence);
    return command;
}

Outcome<Adjudicate> decode_ruling(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Adjudicate command;
    command.for_buyer = fields.word("outcome", {"for_buyer", "for_seller"}) == "for_buyer";
    command.reason = fields.text("reason", 1000);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

}  // namespace

Answering post_intervention(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode_call(*body);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    command->id = *id;
    command->seller.value = call.identity.seller_id;  // empty for the buyer's app
    auto answer = co_await answer_case(services, call, *std::move(command));
    co_return answer;
}

Answering post_ruling(Services& services, Call& call) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode_ruling(*body);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    command->id = *id;
    command->owner = call.identity.owner;
    auto answer = co_await answer_case(services, call, *std::move(command));
    co_return answer;
}

}  // namespace returngate::api
