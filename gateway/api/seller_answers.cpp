// POST /v1/returns/{return_id}/agreement, …/registration, …/receipt and …/postage. A seller's key is bound to
// one seller: another seller's return does not exist for it.
#include "gateway/api/case_answer.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kMostItems = 200;
constexpr std::int64_t kMostUnits = 100'000;

Outcome<AnswerApplication> decode_agreement(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    auto read = read_case_answer(fields, {"agreed", "refused"});
    AnswerApplication command;
    command.agreed = read.outcome == "agreed";
    command.reason = std::move(read.reason);
    command.evidence = std::move(read.evidence);
    command.amount_fen = fields.optional_integer("amount_fen", 1, kMostFen);
    command.keeps_goods = fields.optional_boolean("keeps_goods").value_or(false);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Outcome<ConfirmReceipt> decode_receipt(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    auto read = read_case_answer(fields, {"confirmed", "disputed"});
    ConfirmReceipt command;
    command.confirmed = read.outcome == "confirmed";
    command.reason = std::move(read.reason);
    command.evidence = std::move(read.evidence);
    for (auto& units : fields.optional_objects("received", kMostItems)) {
        ItemUnits received;
        received.item_id = units.identifier("item_id");
        received.quantity = static_cast<std::int32_t>(units.integer("quantity", 0, kMostUnits));
        units.refuse_the_rest();
        command.received.push_back(std::move(received));
    }
    command.fault = fields.optional_word("fault", {"wrong_goods", "damaged", "missing", "empty"});
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

Outcome<RegisterParcel> decode_registration(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return RegisterParcel{};
}

Outcome<RefundPostage> decode_postage(const json::Value& body) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    RefundPostage command;
    command.amount_fen = fields.amount("amount_fen");
    fields.currency();
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return command;
}

// What came of the units is worth is computed from the return's order.
boost::asio::awaitable<Outcome<void>> name_order(Services& services, ConfirmReceipt& receipt) {
    if (receipt.received.empty()) co_return Outcome<void>{};
    auto find = [id = receipt.id](postgres::Desk& desk) { return desk.read().order_of(id); };
    const auto order = co_await services.queries.run(std::move(find));
    if (!order) co_return refuse(order.error());
    if (!*order) co_return refuse(ErrorKind::not_found, "return_not_found", "No such return.");
    receipt.order = **order;
    co_return Outcome<void>{};
}

template <class Command>
Answering answer_as_seller(Services& services, Call& call, Outcome<Command> (*decode)(const json::Value&)) {
    const auto id = return_id_of(call);
    if (!id) co_return tl::unexpected<Refusal>(id.error());
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto command = decode(*body);
    if (!command) co_return tl::unexpected<Refusal>(command.error());
    command->id = *id;
    command->seller.value = call.identity.seller_id;
    if constexpr (requires { command->owner; }) command->owner = call.identity.owner;
    if constexpr (requires { command->received; }) {
        const auto named = co_await name_order(services, *command);
        if (!named) co_return tl::unexpected<Refusal>(named.error());
    }
    auto answer = co_await answer_case(services, call, *std::move(command));
    co_return answer;
}

}  // namespace

Answering post_agreement(Services& services, Call& call) {
    return answer_as_seller(services, call, decode_agreement);
}

Answering post_registration(Services& services, Call& call) {
    return answer_as_seller(services, call, decode_registration);
}

Answering post_postage(Services& services, Call& call) {
    return answer_as_seller(services, call, decode_postage);
}

Answering post_receipt(Services& services, Call& call) {
    return answer_as_seller(services, call, decode_receipt);
}

}  // namespace returngate::api
