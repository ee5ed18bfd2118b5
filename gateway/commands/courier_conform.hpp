// `courier conform`: whether a fleet's side keeps the open courier protocol (docs/courier-protocol.md).
#pragma once

#include <iosfwd>

#include "gateway/commands/courier_try.hpp"

namespace returngate::commands {

// Asks everything that the protocol promises, a booking of `trial.order` and its cancellation included; each
// step with pass or fail, then the verdict. `stranger` is a reference that the fleet cannot know. 0 when all
// passed.
[[nodiscard]] int conform(const Trial& trial, const BookingReference& stranger, std::ostream& out);

}  // namespace returngate::commands
