// The seller and the escrow: what happens on the other side of a return once the parcel is back.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "adapters/sandbox/gateway_calls.hpp"
#include "adapters/sandbox/options.hpp"

namespace returngate::sandbox {

// Waits for the delivery, then confirms the receipt.
[[nodiscard]] boost::asio::awaitable<Result<void>> play_seller(const Gateway& gateway, GatewayKeys keys,
                                                               std::string return_id);
// Waits for the receipt, then pays the platform what it advanced and reports it.
[[nodiscard]] boost::asio::awaitable<Result<void>> play_escrow(const Gateway& gateway, GatewayKeys keys,
                                                               std::string return_id);
// Both, one after the other; what went wrong is written to standard error.
[[nodiscard]] boost::asio::awaitable<void> play_seller_and_escrow(const Gateway& gateway, GatewayKeys keys,
                                                                  std::string return_id);

}  // namespace returngate::sandbox
