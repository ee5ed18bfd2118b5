// The outside world of the gateway on one port: each courier under its code in small letters (/yto, /sf, …),
// /provider, /sandbox to direct it, /healthz.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "adapters/http/client.hpp"
#include "adapters/sandbox/control.hpp"
#include "adapters/sandbox/courier_desk.hpp"
#include "adapters/sandbox/front.hpp"
#include "adapters/sandbox/gateway_calls.hpp"
#include "adapters/sandbox/options.hpp"
#include "adapters/sandbox/provider.hpp"

namespace returngate::sandbox {

// Everything runs on `context`, which exactly one thread runs and which outlives the world; stop the
// context before the world goes. Accessors, scripts and books may be used from any thread.
class World {
public:
    // Throws when the port cannot be bound, the provider's book cannot be used, or a URL is none.
    World(boost::asio::io_context& context, Options options);
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    [[nodiscard]] std::uint16_t port() const { return front_->port(); }
    // "http://127.0.0.1:PORT/yto"; `actor` is a courier's code in small letters, provider or sandbox.
    [[nodiscard]] std::string base_url(std::string_view actor) const;

    [[nodiscard]] CourierDesk& courier(std::string_view code);  // throws std::out_of_range
    [[nodiscard]] PaymentDesk& provider() { return *provider_; }
    // Sets seller and escrow on a return; false when there is no gateway to call.
    bool watch(const std::string& return_id);

private:
    [[nodiscard]] CourierDesk* find_courier(std::string_view code);
    [[nodiscard]] boost::asio::awaitable<Reply> route(http::Request request);
    [[nodiscard]] Controlled controlled();

    boost::asio::io_context& context_;
    Options options_;
    std::unique_ptr<http::Client> client_;
    std::vector<std::unique_ptr<CourierDesk>> couriers_;
    std::unique_ptr<PaymentDesk> provider_;
    std::unique_ptr<Gateway> gateway_;
    std::unique_ptr<Front> front_;
};

// A world with a thread of its own, for tests.
class WorldThread {
public:
    explicit WorldThread(Options options);
    ~WorldThread();
    WorldThread(const WorldThread&) = delete;
    WorldThread& operator=(const WorldThread&) = delete;

    [[nodiscard]] World& operator*() { return *world_; }
    [[nodiscard]] World* operator->() { return world_.get(); }

private:
    boost::asio::io_context context_;
    std::unique_ptr<World> world_;
    std::thread thread_;
};

}  // namespace returngate::sandbox
