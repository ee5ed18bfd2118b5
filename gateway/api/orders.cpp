// PUT /v1/orders/{order_id}: master data of the platform, never from the buyer app.
#include "adapters/json/writer.hpp"
#include "gateway/api/fields.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/submit.hpp"
#include "gateway/api/text_rules.hpp"
#include "src/waybill/check.hpp"

namespace returngate::api {
namespace {

constexpr std::size_t kMostItems = 100;
constexpr std::size_t kMostTerms = 20;

struct Read {
    Order order;
    Contact payee;
};

void read_items(Fields& fields, Order& order) {
    for (Fields& item : fields.objects("items", kMostItems)) {
        OrderItem read;
        read.item_id = item.identifier("item_id");
        read.title = item.text("title", 300);
        read.quantity = static_cast<std::int32_t>(item.integer("quantity", 1, 100'000));
        read.amount_fen = item.integer("amount_fen", 0, kMostFen);
        item.refuse_the_rest();
        for (const auto& known : order.items) {
            if (known.item_id == read.item_id && !read.item_id.empty())
                item.fault("item_id", "repeated", "Stands twice in this order.");
        }
        order.items.push_back(std::move(read));
    }
}

void read_terms(Fields& fields, Order& order) {
    for (Fields& charge : fields.optional_objects("charges", kMostTerms)) {
        Charge read;
        read.name = charge.text("name", 64);
        read.amount_fen = charge.integer("amount_fen", 0, kMostFen);
        charge.refuse_the_rest();
        order.charges.push_back(std::move(read));
    }
    for (Fields& discount : fields.optional_objects("discounts", kMostTerms)) {
        Discount read;
        read.name = discount.text("name", 64);
        read.borne_by = discount.word("borne_by", {"seller", "platform"});
        read.amount_fen = discount.amount("amount_fen");
        discount.refuse_the_rest();
        order.discounts.push_back(std::move(read));
    }
}

void read_outbound(Fields& fields, Order& order) {
    auto outbound = fields.optional_object("outbound");
    if (!outbound) return;
    order.outbound_courier = outbound->identifier("courier", 16);
    const std::string waybill = outbound->text("waybill", 64);
    if (!waybill.empty()) {
        order.outbound_waybill = waybill::check(waybill, std::nullopt).canonical;
        if (order.outbound_waybill.empty())
            outbound->fault("waybill", "not_a_waybill_number", "Is no waybill number.");
    }
    outbound->refuse_the_rest();
}

Outcome<Read> decode(const json::Value& body, const Services& services, std::string order_id) {
    std::vector<FieldError> faults;
    Fields fields(body, faults);
    Read read;
    Order& order = read.order;
    order.id.value = std::move(order_id);
    order.buyer.value = fields.identifier("buyer_id");
    order.seller.value = fields.identifier("seller_id");
    read_items(fields, order);
    read_terms(fields, order);
    order.paid_fen = fields.amount("paid_fen");
    fields.currency();
    order.trade_kind = fields.identifier("trade_kind");
    order.category = fields.identifier("category");
    order.state = fields.word("state", {"paid", "shipped", "received"});
    order.received_at = fields.optional_instant("received_at");
    if (order.state == "received" && !order.received_at)
        fields.fault("received_at", "missing", "Is required once the order was received.");
    read_outbound(fields, order);
    read.payee.kind = "payee";
    read.payee.payee_reference = fields.identifier("payee_reference", 128);
    order.payment_reference = fields.identifier("payment_reference", 128);
    order.provider = fields.identifier("provider");
    const std::string& known = services.configuration.payout.provider;
    if (!order.provider.empty() && order.provider != known) {
        fields.fault("provider", "unknown_word",
                     "Is to be the payment provider that we pay through: " + known + ".");
    }
    fields.refuse_the_rest();
    if (!faults.empty()) return refuse_fields(std::move(faults));
    return read;
}

pipeline::Answer render(const Decision& decision) {
    json::Writer w;
    w.begin_object().member("order_id", decision.after.order->id.value);
    w.member("buyer_id", decision.after.order->buyer.value);
    w.member("seller_id", decision.after.order->seller.value).end_object();
    return {200, w.take()};
}

}  // namespace

Answering put_order(Services& services, Call& call) {
    if (identifier_fault(call.parameters.at(0), kIdentifierBytes)) {
        co_return refuse(ErrorKind::not_found, "no_such_route", "The path's id is no identifier.");
    }
    const auto body = read_object(call.request);
    if (!body) co_return tl::unexpected<Refusal>(body.error());
    auto read = decode(*body, services, call.parameters.at(0));
    if (!read) co_return tl::unexpected<Refusal>(read.error());
    const Cell cell = cell_of(read->order.buyer.value);
    read->payee.id = fresh_id<ContactId>(services.random, cell);
    read->order.payee = read->payee.id;
    PutOrder command;
    command.order = std::move(read->order);
    auto submission = submission_of(services, call, std::move(command));
    submission.contacts.push_back(std::move(read->payee));
    submission.render = render;
    auto answer = co_await submit(services, std::move(submission));
    co_return answer;
}

}  // namespace returngate::api
