// Callbacks that a test sends by itself, in the couriers' own words; written with the sandbox's side of
// the protocol, not with ours.
#pragma once

#include <string>
#include <string_view>

#include "src/base/time.hpp"

namespace returngate::e2e {

inline constexpr std::string_view kYtoPushType = "application/x-www-form-urlencoded; charset=UTF-8";
inline constexpr std::string_view kSfPushType = "application/json;charset=UTF-8";

// `word` is YTO's: ACCEPT, GOT, DEPARTURE, SIGNED. Signed with `secret`.
[[nodiscard]] std::string yto_push(std::string_view reference, std::string_view waybill,
                                   std::string_view word, Instant at, std::string_view secret);
// The form around any text, signed.
[[nodiscard]] std::string yto_form(const std::string& text, std::string_view secret);
// One row of RoutePushService. `op_code` 50: collected.
[[nodiscard]] std::string sf_route_push(std::string_view reference, std::string_view waybill,
                                        std::string_view op_code, std::string_view id, Instant at);
// The scene's idea of now.
[[nodiscard]] Instant scene_now();

}  // namespace returngate::e2e
