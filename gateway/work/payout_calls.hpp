// Calls to the payment provider: pay under the advance's key, or ask for it.
#pragma once

#include "gateway/work/calls.hpp"
#include "src/returns/command.hpp"

namespace returngate::work {

boost::asio::awaitable<Command> pay(CallContext context, postgres::LeasedJob job);
boost::asio::awaitable<Command> resolve_payout(CallContext context, postgres::LeasedJob job);

}  // namespace returngate::work
