// Sends events to the platform's endpoints: rounds of deliveries, each endpoint held by one gateway at a
// time, of each return one event after the other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "adapters/http/client.hpp"
#include "adapters/webhook/vault.hpp"
#include "gateway/api/query_pool.hpp"
#include "gateway/configuration.hpp"
#include "gateway/pipeline/ports.hpp"
#include "src/webhook/endpoint_health.hpp"
#include "src/webhook/endpoint_id.hpp"

namespace returngate::work {

struct WebhookContext {
    const WebhookOptions& options;
    const webhook::Vault& vault;
    const Clock& clock;
    Random& random;
    api::QueryPool& queries;
    // Run by one thread of its own; outlives the queries, which post to it.
    boost::asio::io_context& io;
    // Of the clock: receivers hold the signature's time against the real one.
    Duration clock_offset{0};
    // The world outside; absent: TCP and TLS with the fence of the options.
    std::function<std::unique_ptr<http::Client>(boost::asio::io_context&)> make_client{};
};

// Destroyed after its context has stopped. What is under way then is sent again by somebody.
class WebhookSender {
public:
    explicit WebhookSender(WebhookContext context);
    ~WebhookSender();

    // From now on endpoints are looked at.
    void start();
    // Begins nothing more, and lets rounds under way write what they have, so that another gateway need not
    // wait for their leases. Blocks; never call it on the context's thread.
    void drain(std::chrono::milliseconds patience);
    // One test event, at once and once, to a paused endpoint, too. Errors: not_found, and the database's.
    [[nodiscard]] boost::asio::awaitable<Result<webhook::Attempt>> test(webhook::EndpointId id);

private:
    struct State;
    std::unique_ptr<State> state_;
    bool has_started_ = false;
};

}  // namespace returngate::work
