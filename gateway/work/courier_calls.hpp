// Calls to couriers: book, resolve, cancel, ask. Each returns the command that its answer is.
#pragma once

#include "gateway/work/calls.hpp"
#include "src/returns/command.hpp"

namespace returngate::work {

boost::asio::awaitable<Command> place_booking(CallContext context, postgres::LeasedJob job);
boost::asio::awaitable<Command> resolve_booking(CallContext context, postgres::LeasedJob job);
// Nothing when the courier gave no usable answer: the lease runs out and it is tried again.
boost::asio::awaitable<std::optional<Command>> cancel_booking(CallContext context, postgres::LeasedJob job);
// The same.
boost::asio::awaitable<std::optional<Command>> move_booking(CallContext context, postgres::LeasedJob job);
boost::asio::awaitable<Command> confirm_collection(CallContext context, postgres::LeasedJob job);
// Nothing when the courier has been asked enough for the moment.
boost::asio::awaitable<std::optional<Command>> ask_courier(CallContext context, postgres::LeasedJob job);
boost::asio::awaitable<Command> trace_outbound(CallContext context, postgres::LeasedJob job);

}  // namespace returngate::work
