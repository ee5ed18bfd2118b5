// The order JSON of `courier encode`: one strict form per operation, the same for every courier.
// docs/couriers.md describes it; what stands there does not change.
#pragma once

#include <optional>
#include <string_view>

#include "adapters/courier/courier.hpp"

namespace returngate::commands {

[[nodiscard]] std::optional<courier::Operation> parse_operation(std::string_view word);

// The request of one operation, asked for in JSON. `invalid` names every faulty member, unknown ones
// included; `unsupported` where the courier has no such operation.
[[nodiscard]] Result<http::Request> encode_order(const courier::Courier& courier,
                                                 const courier::Account& account,
                                                 const courier::Moment& moment, courier::Operation operation,
                                                 std::string_view json);

// The JSON of `book`, for `courier try`: the reference may be missing, each trial takes a fresh one.
[[nodiscard]] Result<courier::BookingOrder> read_trial_order(std::string_view json);

}  // namespace returngate::commands
