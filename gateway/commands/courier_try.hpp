// `courier try`: one real booking, cancelled at once, each step in words.
#pragma once

#include <functional>
#include <iosfwd>

#include "adapters/courier/courier.hpp"

namespace returngate::commands {

struct Trial {
    const courier::Courier& courier;
    const courier::Account& account;
    courier::BookingOrder order;
    std::function<courier::Moment()> moment;  // a fresh one for each request
    std::function<Result<http::Response>(const http::Request&)> send;
};

// A harmless order for the window given, of people who do not exist and whose remark says so.
[[nodiscard]] courier::BookingOrder made_up_order(const Window& window);

// Checks the account, books, finds where the courier can, cancels. 0 when every step went well, 1 when
// one did not; a booking that may still stand is named in the last line.
[[nodiscard]] int try_courier(const Trial& trial, std::ostream& out);

}  // namespace returngate::commands
