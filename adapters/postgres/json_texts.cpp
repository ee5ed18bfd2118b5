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

namespace {

void write_demerits(json::Writer& writer, const Demerits& demerits) {
    const std::array<std::pair<std::string_view, int>, 4> all{{{"priority", demerits.priority},
                                                               {"refusals", demerits.refusals},
                                                               {"lateness", demerits.lateness},
                                                               {"fee", demerits.fee}}};
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

}  // namespace returngate::postgres
