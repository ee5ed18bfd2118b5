// POST /v1/returns/{return_id}/acceptance, …/withdrawal and …/waybill: what the buyer says of a return.
#include "gateway/api/case_answer.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kWaybillBytes = 64;

Outcome<Command> decode_acceptance(const json::Value& body, ReturnId id) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    const std::string outcome = fields.word("outcome", {"accepted", "declined"});
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return AnswerOffer{id, outcome == "accepted"};
}

Outcome<Command> decode_withdrawal(const json::Value& body, ReturnId id) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Withdraw command{id, fields.optional_text("reason", 1000)};
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Outcome<Command> decode_waybill(const json::Value& body, ReturnId id) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    ShipYourself command;
    command.id = id;
    command.courier.value = fields.identifier("courier");
    command.waybill = fields.text("waybill", kWaybillBytes);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Answering answer_as_buyer(Services& services, Call& call,
                          Outcome<Command> (*decode)(const json::Value&, ReturnId)) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode(*body, *id);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    auto answer = co_await answer_case(services, call, *std::move(command));
    co_return answer;
}

}  // namespace

Answering post_acceptance(Services& services, Call& call) {
    return answer_as_buyer(services, call, decode_acceptance);
}

Answering post_withdrawal(Services& services, Call& call) {
    return answer_as_buyer(services, call, decode_withdrawal);
}

Answering post_waybill(Services& services, Call& call) {
    return answer_as_buyer(services, call, decode_waybill);
}

}  // namespace returngate::api
