// One key for ever. What is not plainly executed or plainly rejected is asked for, never paid anew.
#include "gateway/work/payout_calls.hpp"

#include <spdlog/spdlog.h>

#include "gateway/pipeline/plant.hpp"

namespace asio = boost::asio;

namespace returngate::work {
namespace {

payout::PayoutOrder order_of(const postgres::LeasedJob& job) {
    payout::PayoutOrder order;
    order.key = job.refund_state ? job.key.subject : to_string(job.advance);
    order.payee_reference = job.payee_reference;
    order.amount_fen = job.amount_fen;
    if constexpr (kPlant == kPlantNewKeyOnRetry) order.key += "-" + std::to_string(job.attempt);
    return order;
}

using Outcome = PayoutAnswered::Outcome;

PayoutAnswered answered(const postgres::LeasedJob& job, const Result<payout::PayoutAnswer>& answer) {
    PayoutAnswered command;
    command.id = job.key.return_id;
    command.attempt = job.attempt;
    if (job.refund_state) command.payout = job.key.subject;
    if (!answer) {
        spdlog::warn("payout {} unanswered: {}", job.key.subject, answer.error().code);
        if constexpr (kPlant == kPlantInDoubtIsFailure) command.outcome = Outcome::rejected;
        command.reason = answer.error().code;
        return command;
    }
    switch (answer->outcome) {
        case payout::PayoutOutcome::executed: command.outcome = Outcome::executed; break;
        case payout::PayoutOutcome::rejected: command.outcome = Outcome::rejected; break;
        case payout::PayoutOutcome::unknown: command.outcome = Outcome::unknown; break;
    }
    command.provider_reference = answer->provider_reference;
    command.reason = answer->reason;
    return command;
}

bool is_payable(const postgres::LeasedJob& job) {
    if (job.refund_state) return *job.refund_state == RefundState::committed;
    return !job.advance.is_nil() && job.advance_state == AdvanceState::committed;
}

// The job outlived its payout; the command only takes the job away.
Result<payout::PayoutAnswer> nothing_to_pay() {
    return fail(ErrorKind::conflict, "not_committed", "The advance waits for no payout.");
}

asio::awaitable<Result<http::Response>> call(CallContext context, http::Request request) {
    const auto& options = context.around.configuration.payout;
    const auto url = http::parse_url(options.base_url);
    if (!url) co_return tl::unexpected(url.error());
    if (!options.api_key.empty()) request.headers.set("Authorization", "Bearer " + options.api_key);
    if (url->target != "/") request.target = url->target + request.target;
    const auto deadline = std::chrono::steady_clock::now() + options.timeout;
    auto response = co_await context.client.send(url->origin, std::move(request), deadline);
    context.around.breakers.report(options.provider, response.has_value() && response->status < 500);
    co_return response;
}

asio::awaitable<Result<payout::PayoutAnswer>> ask(CallContext context, payout::PayoutOrder order) {
    auto response = co_await call(context, context.around.provider.encode_query(order));
    if (!response) co_return tl::unexpected(response.error());
    co_return context.around.provider.decode_query(order, *response);
}

asio::awaitable<Result<payout::PayoutAnswer>> send(CallContext context, payout::PayoutOrder order) {
    auto response = co_await call(context, context.around.provider.encode_pay(order));
    if (!response) co_return tl::unexpected(response.error());
    co_return context.around.provider.decode_pay(order, *response);
}

// Answered for another key, amount or payee: a person looks before any more money moves.
void halt_when_confused(const CallContext& context, const Result<payout::PayoutAnswer>& answer) {
    if (answer || answer.error().kind != ErrorKind::malformed) return;
    if (!answer.error().code.starts_with("echoed_") && answer.error().code != "key_reused") return;
    context.halt_money(answer.error().code);
}

bool is_unknown_there(const Result<payout::PayoutAnswer>& answer) {
    return answer && answer->outcome == payout::PayoutOutcome::unknown && answer->reason == "not_found";
}

}  // namespace

asio::awaitable<Command> pay(CallContext context, postgres::LeasedJob job) {
    const auto order = order_of(job);
    if (!is_payable(job)) co_return answered(job, nothing_to_pay());
    // A second lease means that a worker may have died after sending: ask first.
    if (job.attempt > 1 && kPlant != kPlantNewKeyOnRetry)
        co_return co_await resolve_payout(context, std::move(job));
    auto sent = co_await send(context, order);
    halt_when_confused(context, sent);
    co_return answered(job, sent);
}

asio::awaitable<Command> resolve_payout(CallContext context, postgres::LeasedJob job) {
    const auto order = order_of(job);
    if (!is_payable(job)) co_return answered(job, nothing_to_pay());
    Result<payout::PayoutAnswer> answer;
    if constexpr (kPlant == kPlantNewKeyOnRetry) {
        answer = co_await send(context, order);
    } else {
        answer = co_await ask(context, order);
        // The provider executes a key once, so sending the same key and body again is safe.
        if (is_unknown_there(answer) && !job.payouts_halted) answer = co_await send(context, order);
    }
    halt_when_confused(context, answer);
    co_return answered(job, answer);
}

}  // namespace returngate::work
