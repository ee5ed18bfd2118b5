// JSON texts as they stand in the database: what is written once and read by people, and an order's items.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/returns/decide.hpp"

namespace returngate::postgres {

[[nodiscard]] std::string items_json(const std::vector<OrderItem>& items);
// Of items_json; throws what makes a row unreadable.
[[nodiscard]] std::vector<OrderItem> parse_items(std::string_view json);
// An order's charges, discounts and what its returns took; "{}" where there is nothing of them.
[[nodiscard]] std::string terms_json(const Order& order);
void parse_terms(std::string_view json, Order& order);
// With the rule's name, so that an auditor can compute the same.
[[nodiscard]] std::string amount_json(const Amount& amount);
[[nodiscard]] std::string application_items_json(const std::vector<ApplyForReturn::Item>& items);
[[nodiscard]] std::string strings_json(const std::vector<std::string>& strings);
// A bare reference is a string, one with its digest and time an object.
[[nodiscard]] std::string evidence_json(const std::vector<Evidence>& evidence);
[[nodiscard]] std::string facts_json(const std::vector<ConductFact>& facts);
[[nodiscard]] std::vector<ConductFact> parse_facts(std::string_view json);
[[nodiscard]] std::string penalties_json(const std::vector<Penalty>& penalties);
[[nodiscard]] std::vector<Penalty> parse_penalties(std::string_view json);
[[nodiscard]] std::string events_json(const std::vector<CaseEvent>& events);
[[nodiscard]] std::string rules_json(const std::vector<RuleResult>& rules);
// Without what the application's other columns say, which are given back here. Throws like parse_items.
[[nodiscard]] std::string inputs_json(const ApplicationInputs& inputs);
[[nodiscard]] ApplicationInputs parse_inputs(std::string_view json, std::string_view items,
                                             std::string_view pictures, std::string reason);

}  // namespace returngate::postgres
