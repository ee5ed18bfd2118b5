// What several of the sandbox's couriers read and answer alike.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

#include "adapters/http/message.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/sandbox/parcel.hpp"

namespace returngate::sandbox {

// The first row of a courier's table that has this stage; null when the courier has no word for it.
template <class Rows>
[[nodiscard]] const auto* of_stage(const Rows& rows, Stage stage) {
    const auto found = std::ranges::find_if(rows, [stage](const auto& row) { return row.stage == stage; });
    return found == std::end(rows) ? nullptr : &*found;
}

[[nodiscard]] http::Response json_response(std::string body);
// A member's text, or "".
[[nodiscard]] std::string_view text_in(const json::Value& object, std::string_view name);
// These members' texts, a line each.
[[nodiscard]] std::string content_of(const json::Value& object,
                                     std::initializer_list<std::string_view> names);
// Of an order's content, so that a repeated reference can be told from a changed one.
[[nodiscard]] std::string content_digest(std::string_view text);

}  // namespace returngate::sandbox
