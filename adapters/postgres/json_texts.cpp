// Members in one order; nothing here depends on the database.
#include "adapters/postgres/json_texts.hpp"

#include <array>
#include <stdexcept>

#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"

namespace returngate::postgres {

std::string strings_json(const std::vector<std::string>& strings) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& text : strings) writer.value(text);
    return writer.end_array().take();
}

std::string application_items_json(const std::vector<ApplyForReturn::Item>& items) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& item : items) {
        writer.begin_object().member("item_id", item.item_id).member("quantity", item.quantity).end_object();
    }
    return writer.end_array().take();
}

std::string items_json(const std::vector<OrderItem>& items) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& item : items) {
        writer.begin_object().member("item_id", item.item_id).member("title", item.title);
        writer.member("quantity", item.quantity).member("amount_fen", item.amount_fen);
        writer.member("returned_quantity", item.returned_quantity).member("returned_fen", item.returned_fen);
        writer.end_object();
    }
    return writer.end_array().take();
}

std::vector<OrderItem> parse_items(std::string_view text) {
    std::vector<OrderItem> items;
    const auto document = json::parse(text);
    if (!document) throw std::runtime_error("shop_order.items is not what we wrote");
    for (const auto& value : document->items()) {
        OrderItem item;
        item.item_id = value["item_id"].string().value_or("");
        item.title = value["title"].string().value_or("");
        item.quantity = static_cast<std::int32_t>(value["quantity"].integer().value_or(0));
        item.amount_fen = value["amount_fen"].integer().value_or(0);
        item.returned_quantity = static_cast<std::int32_t>(value["returned_quantity"].integer().value_or(0));
        item.returned_fen = value["returned_fen"].integer().value_or(0);
        items.push_back(std::move(item));
    }
    return items;
}

std::string terms_json(const Order& order) {
    if (order.charges.empty() && order.discounts.empty() && order.takings.empty()) return "{}";
    json::Writer writer;
    writer.begin_object().key("charges").begin_array();
    for (const auto& charge : order.charges) {
        writer.begin_object().member("name", charge.name).member("amount_fen", charge.amount_fen);
        writer.member("returned_fen", charge.returned_fen).end_object();
    }
    writer.end_array().key("discounts").begin_array();
    for (const auto& discount : order.discounts) {
        writer.begin_object().member("name", discount.name).member("borne_by", discount.borne_by);
        writer.member("amount_fen", discount.amount_fen).end_object();
    }
    writer.end_array().key("takings").begin_array();
    for (const auto& taking : order.takings) {
        writer.begin_object().member("return_id", to_string(taking.return_id));
        writer.member("is_unshipped", taking.is_unshipped).member("name", taking.name);
        writer.member("quantity", taking.quantity).member("amount_fen", taking.amount_fen).end_object();
    }
    return writer.end_array().end_object().take();
}

static Taking parse_taking(const json::Value& value) {
    const auto id = parse_id<ReturnTag>(value["return_id"].string().value_or(""));
    if (!id) throw std::runtime_error("shop_order.terms is not what we wrote");
    return {.return_id = *id,
            .is_unshipped = value["is_unshipped"].boolean().value_or(false),
            .name = std::string(value["name"].string().value_or("")),
            .quantity = static_cast<std::int32_t>(value["quantity"].integer().value_or(0)),
            .amount_fen = value["amount_fen"].integer().value_or(0)};
}

void parse_terms(std::string_view text, Order& order) {
    if (text == "{}") return;
    const auto document = json::parse(text);
    if (!document) throw std::runtime_error("shop_order.terms is not what we wrote");
    for (const auto& value : (*document)["charges"].items()) {
        order.charges.push_back({.name = std::string(value["name"].string().value_or("")),
                                 .amount_fen = value["amount_fen"].integer().value_or(0),
                                 .returned_fen = value["returned_fen"].integer().value_or(0)});
    }
    for (const auto& value : (*document)["discounts"].items()) {
        order.discounts.push_back({.name = std::string(value["name"].string().value_or("")),
                                   .borne_by = std::string(value["borne_by"].string().value_or("")),
                                   .amount_fen = value["amount_fen"].integer().value_or(0)});
    }
    for (const auto& value : (*document)["takings"].items()) order.takings.push_back(parse_taking(value));
}

std::string evidence_json(const std::vector<Evidence>& evidence) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& item : evidence) {
        if (item.sha256.empty() && !item.taken_at) {
            writer.value(item.reference);
            continue;
        }
        writer.begin_object().member("reference", item.reference).member("sha256", item.sha256);
        if (item.taken_at) writer.member("taken_at", format_rfc3339(*item.taken_at));
        writer.end_object();
    }
    return writer.end_array().take();
}

static Instant written_instant(const json::Value& value) {
    const auto at = parse_rfc3339(value.string().value_or(""));
    if (!at) throw std::runtime_error("an instant is not what we wrote");
    return *at;
}

static ReturnId written_return(const json::Value& value) {
    const auto id = parse_id<ReturnTag>(value.string().value_or(""));
    if (!id) throw std::runtime_error("a return's id is not what we wrote");
    return *id;
}

std::string facts_json(const std::vector<ConductFact>& facts) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& fact : facts) {
        writer.begin_object().member("fact", fact.fact).member("return_id", to_string(fact.return_id));
        writer.member("at", format_rfc3339(fact.at)).end_object();
    }
    return writer.end_array().take();
}

std::vector<ConductFact> parse_facts(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) throw std::runtime_error("buyer_standing.facts is not what we wrote");
    std::vector<ConductFact> facts;
    for (const auto& value : document->items()) {
        facts.push_back({std::string(value["fact"].string().value_or("")), written_return(value["return_id"]),
                         written_instant(value["at"])});
    }
    return facts;
}

std::string penalties_json(const std::vector<Penalty>& penalties) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& penalty : penalties) {
        writer.begin_object().member("number", penalty.number).member("step", to_string(penalty.step));
        writer.member("cause", penalty.cause).member("return_id", to_string(penalty.return_id));
        writer.member("imposed_at", format_rfc3339(penalty.imposed_at));
        writer.member("imposed_by", penalty.imposed_by).member("reversal_by", penalty.reversal_by);
        if (penalty.reversed_at) {
            writer.member("reversed_at", format_rfc3339(*penalty.reversed_at));
            writer.member("reversed_by", penalty.reversed_by);
            writer.member("reversal_reason", penalty.reversal_reason);
        }
        writer.end_object();
    }
    return writer.end_array().take();
}

static Penalty parse_penalty(const json::Value& value) {
    const auto text = [&](std::string_view name) { return std::string(value[name].string().value_or("")); };
    const auto step = parse_penalty_step(text("step"));
    if (!step) throw std::runtime_error("a penalty's step is not what we wrote");
    Penalty penalty;
    penalty.number = static_cast<std::int32_t>(value["number"].integer().value_or(0));
    penalty.step = *step;
    penalty.cause = text("cause");
    penalty.return_id = written_return(value["return_id"]);
    penalty.imposed_at = written_instant(value["imposed_at"]);
    penalty.imposed_by = text("imposed_by");
    penalty.reversal_by = text("reversal_by");
    if (value["reversed_at"].string()) penalty.reversed_at = written_instant(value["reversed_at"]);
    penalty.reversed_by = text("reversed_by");
    penalty.reversal_reason = text("reversal_reason");
    return penalty;
}

std::vector<Penalty> parse_penalties(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) throw std::runtime_error("buyer_standing.penalties is not what we wrote");
    std::vector<Penalty> penalties;
    for (const auto& value : document->items()) penalties.push_back(parse_penalty(value));
    return penalties;
}

std::string amount_json(const Amount& amount) {
    json::Writer writer;
    writer.begin_object().member("rule", kAmountRule).key("items").begin_array();
    for (const auto& item : amount.items) {
        writer.begin_object().member("item_id", item.item_id).member("quantity", item.quantity);
        writer.member("of_quantity", item.of_quantity).member("of_fen", item.of_fen);
        writer.member("before_quantity", item.before_quantity).member("before_fen", item.before_fen);
        writer.member("gross_fen", item.gross_fen).key("discounts").begin_array();
        for (const auto& discount : item.discounts) {
            writer.begin_object().member("name", discount.name).member("borne_by", discount.borne_by);
            writer.member("amount_fen", discount.amount_fen).end_object();
        }
        writer.end_array().member("refund_fen", item.refund_fen).member("borne_by", "seller").end_object();
    }
    writer.end_array().key("charges").begin_array();
    for (const auto& charge : amount.charges) {
        writer.begin_object().member("name", charge.name).member("paid_fen", charge.paid_fen);
        writer.member("refund_fen", charge.refund_fen).member("borne_by", charge.borne_by).end_object();
    }
    return writer.end_array().member("total_fen", amount.total_fen).end_object().take();
}

namespace {

void write_demerits(json::Writer& writer, const Demerits& demerits) {
    const std::array<std::pair<std::string_view, int>, 5> all{{{"priority", demerits.priority},
                                                               {"refusals", demerits.refusals},
                                                               {"lateness", demerits.lateness},
                                                               {"fee", demerits.fee},
                                                               {"full", demerits.full}}};
    writer.key("demerits").begin_object();
    for (const auto& [reason, points] : all) {
        if (points != 0) writer.member(reason, points);
    }
    writer.end_object();
}

// Written with every booking, so that what says nothing is left out.
void write_fact(json::Writer& writer, const std::vector<RankedCourier>& ranking) {
    writer.begin_array();
    for (const auto& ranked : ranking) {
        writer.begin_object().member("courier", ranked.code.value);
        if (ranked.excluded) writer.member("excluded", to_string(*ranked.excluded));
        write_demerits(writer, ranked.demerits);
        writer.end_object();
    }
    writer.end_array();
}

template <class Fact>
void write_fact(json::Writer& writer, const Fact& fact) {
    writer.value(fact);
}

}  // namespace

std::string events_json(const std::vector<CaseEvent>& events) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& event : events) {
        writer.begin_object().member("type", event.type).key("data").begin_object();
        for (const auto& [name, value] : event.facts) {
            writer.key(name);
            std::visit([&](const auto& fact) { write_fact(writer, fact); }, value);
        }
        writer.end_object().end_object();
    }
    return writer.end_array().take();
}

std::string rules_json(const std::vector<RuleResult>& rules) {
    json::Writer writer;
    writer.begin_array();
    for (const auto& rule : rules) {
        writer.begin_object().member("label", rule.label).member("name", rule.name);
        writer.member("passed", rule.passed).member("detail", rule.detail).end_object();
    }
    return writer.end_array().take();
}

std::string inputs_json(const ApplicationInputs& inputs) {
    json::Writer writer;
    const auto number = [&](std::string_view name, std::int64_t value) {
        if (value != 0) writer.member(name, value);
    };
    writer.begin_object().member("at", format_rfc3339(inputs.at)).member("seller_id", inputs.seller.value);
    if (inputs.is_pilot_seller) writer.member("pilot_seller", true);
    writer.member("category", inputs.category).member("trade_kind", inputs.trade_kind);
    if (inputs.received_at) writer.member("received_at", format_rfc3339(*inputs.received_at));
    number("paid_fen", inputs.paid_fen);
    number("amount_fen", inputs.amount_fen);
    number("stars", inputs.stars);
    number("line_fen", inputs.line_fen);
    number("held_fen", inputs.held_fen);
    number("open_fen", inputs.open_fen);
    number("refund_rate_bp", inputs.refund_rate_bp);
    number("complaints", inputs.complaints);
    number("dispute_rate_bp", inputs.dispute_rate_bp);
    if (inputs.is_selected) writer.member("selected", true);
    if (inputs.is_unshipped) writer.member("unshipped", true);
    writer.member_if_set("excluded", inputs.excluded);
    return writer.end_object().take();
}

ApplicationInputs parse_inputs(std::string_view text, std::string_view items, std::string_view pictures,
                               std::string reason) {
    const auto document = json::parse(text);
    const auto item_list = json::parse(items);
    const auto picture_list = json::parse(pictures);
    if (!document || !item_list || !picture_list || !document->is_object())
        throw std::runtime_error("application.inputs is not what we wrote");
    const json::Value& in = *document;
    const auto number = [&](std::string_view name) { return in[name].integer().value_or(0); };
    const auto small = [&](std::string_view name) { return static_cast<std::int32_t>(number(name)); };
    const auto word = [&](std::string_view name) { return std::string(in[name].string().value_or("")); };
    ApplicationInputs inputs;
    const auto at = parse_rfc3339(word("at"));
    if (!at) throw std::runtime_error("application.inputs is not what we wrote");
    inputs.at = *at;
    inputs.seller.value = word("seller_id");
    inputs.is_pilot_seller = in["pilot_seller"].boolean().value_or(false);
    inputs.category = word("category");
    inputs.trade_kind = word("trade_kind");
    inputs.received_at = parse_rfc3339(word("received_at"));
    inputs.paid_fen = number("paid_fen");
    inputs.amount_fen = number("amount_fen");
    inputs.stars = small("stars");
    inputs.line_fen = number("line_fen");
    inputs.held_fen = number("held_fen");
    inputs.open_fen = number("open_fen");
    inputs.refund_rate_bp = small("refund_rate_bp");
    inputs.complaints = small("complaints");
    inputs.dispute_rate_bp = small("dispute_rate_bp");
    inputs.is_selected = in["selected"].boolean().value_or(false);
    inputs.is_unshipped = in["unshipped"].boolean().value_or(false);
    inputs.excluded = word("excluded");
    for (const auto& item : item_list->items())
        inputs.items.emplace_back(item["item_id"].string().value_or(""));
    inputs.reason = std::move(reason);
    inputs.pictures = picture_list->items().size();
    return inputs;
}

}  // namespace returngate::postgres
