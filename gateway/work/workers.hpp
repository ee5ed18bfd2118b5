// Jobs become calls and calls become commands: booking, cancelling, asking, paying, waking up.
// No call is made while a transaction is open; the intent was committed before, the result is after.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/client.hpp"
#include "adapters/payout/payout.hpp"
#include "gateway/configuration.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/pipeline/ports.hpp"
#include "gateway/work/breaker.hpp"

namespace returngate::work {

class Quotes;

struct WorkersContext {
    const Configuration& configuration;
    const payout::Provider& provider;
    const Clock& clock;
    Random& random;
    pipeline::CommitPipeline& pipeline;
    Breakers& breakers;
    std::function<void(bool halted)> on_money_halt;  // for metrics; called when it changes
    // The world outside; absent: TCP and TLS.
    std::function<std::unique_ptr<http::Client>(boost::asio::io_context&)> make_client{};
    Quotes* quotes = nullptr;  // told of every way that is booked; may be absent
};

// One thread leases, one thread runs the calls as coroutines. Payouts, confirmations, other courier
// calls and timers have places of their own, so that a courier that hangs keeps nobody's money waiting.
// Stopped by destruction, before the pipeline's: calls under way get `drain` to finish, what is
// unfinished is leased again by somebody.
class Workers {
public:
    explicit Workers(WorkersContext context);
    ~Workers();

    // There may be due jobs: look now. Any thread, returns at once.
    void kick();
    [[nodiscard]] std::size_t under_way() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace returngate::work
