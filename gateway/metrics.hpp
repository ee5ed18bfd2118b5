// What /metrics shows. Labels come from our own tables only (routes, courier codes, promises), so their
// number is bounded. Any thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/server.hpp"
#include "adapters/http/server_tls.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "src/returns/decide.hpp"

namespace returngate {

// Read when somebody looks.
struct Gauges {
    pipeline::Statistics pipeline;
    http::ServerCounters server;
    std::size_t open_connections = 0;
    std::size_t in_flight = 0;
    std::size_t queries_waiting = 0;
    std::optional<http::ServerTls::Status> tls{};  // nothing: plain HTTP
    std::int64_t jobs_overdue = 0;
    bool money_halted = false;
    std::int64_t webhooks_paused = 0;                    // by us, not by request
    std::int64_t webhooks_pending = 0;                   // events that have not arrived at once
    bool is_database_up = true;                          // false: the four above are not known
    std::vector<std::pair<std::string, bool>> breakers;  // courier or provider, open
};

enum class CallbackOutcome { taken, parked, quarantined, refused, unknown_url, failed };

class Metrics {
public:
    // `routes`: templates as "METHOD /path"; the one past the last stands for requests of no route.
    Metrics(const std::vector<std::string>& routes, const std::vector<std::string>& couriers);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void request(std::size_t route, int status, std::chrono::steady_clock::duration took);
    // `courier`: index into the list given, or past it for codes that we do not know.
    void callback(std::size_t courier, CallbackOutcome outcome);
    // Of a committed event: its type, promises that it tells of, and how long an advance took from the last
    // needed fact to the provider's acceptance.
    void event(const CaseEvent& event);

    // Prometheus text format 0.0.4.
    [[nodiscard]] std::string render(const Gauges& gauges);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace returngate
