// Where our events go: endpoints with their secrets, and rounds of deliveries to one of them. A round is
// leased, so that of several gateways one sends, and its outcome is written once.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/events/feed.hpp"
#include "src/webhook/endpoint_health.hpp"
#include "src/webhook/endpoint_id.hpp"

namespace returngate::postgres {

using webhook::EndpointId;

struct EndpointView {
    EndpointId id;
    std::string url;
    std::string description;
    std::string types;  // with commas between them; "" is every type
    bool is_active = true;
    std::string pause_reason;
    Instant created_at{};
    std::optional<Instant> paused_at{};
    webhook::Health health;
    std::optional<Instant> last_attempt_at{};
    std::optional<Instant> last_success_at{};
    int last_status = 0;
    std::string last_error;
    std::int64_t pending = 0;  // events behind the cursor that have not arrived
    int secrets = 0;           // valid ones
};

struct EndpointChange {
    std::optional<std::string> description;
    std::optional<std::string> types;
    std::optional<bool> is_active;
};

struct EndpointTotals {
    std::int64_t active = 0;
    std::int64_t paused_by_us = 0;
    std::int64_t pending = 0;
};

using SealSecret = std::function<std::string(EndpointId, const std::string& plain)>;

// Secrets come and go sealed; who holds the key is outside (adapters/webhook/vault.hpp).
// Throws what libpqxx throws (a second endpoint with the same URL: webhook_endpoint_url).
class Endpoints {
public:
    explicit Endpoints(Session& session) : session_(session) {}

    // Its first event is the first one after now.
    void add(const EndpointView& endpoint, const std::string& sealed);
    [[nodiscard]] std::vector<EndpointView> all(Instant now);
    [[nodiscard]] std::optional<EndpointView> find(EndpointId id, Instant now);
    // Made active, it goes on where it stopped. False: no such endpoint; so are the others' answers.
    bool change(EndpointId id, const EndpointChange& change, Instant now);
    bool remove(EndpointId id);
    // Of all valid ones only the youngest lives on, until `old_until`.
    bool add_secret(EndpointId id, const std::string& sealed, Instant now, Instant old_until);
    // Valid ones, youngest first.
    [[nodiscard]] std::vector<std::string> sealed_secrets(EndpointId id, Instant now);
    // Those from before secrets were sealed (migration 4); how many there were.
    int seal_plain_secrets(const SealSecret& seal);
    // Everything since that instant is sent again, each event under its own id.
    bool replay(EndpointId id, const EventPosition& from, Instant since, Instant now);
    [[nodiscard]] EndpointTotals totals();

private:
    Session& session_;
};

using LeaseId = std::array<std::uint8_t, 16>;

struct OutgoingEvent {
    FeedEvent event;
    int attempts = 0;
    bool is_pending = false;  // has a row of its own
};

struct Round {
    EndpointId id;
    LeaseId lease{};
    std::string url;
    webhook::Health health;
    std::vector<std::string> sealed_secrets;  // youngest first
    // To be sent; of one return in their order.
    std::vector<OutgoingEvent> events;
    // Of returns that wait for an earlier event: to be kept, not sent.
    std::vector<OutgoingEvent> held_back;
    EventPosition cursor;  // once all of these are sent or kept
};

struct RoundTerms {
    Instant now{};
    Instant leased_until{};
    LeaseId lease{};
    int most_decisions = 100;
    int most_pending = 100;
    int breaker_failures = 5;  // from there on one event at a time
};

struct RoundOutcome {
    struct Kept {
        OutgoingEvent event;  // attempts as they are now
        Instant next_at{};
    };
    EndpointId id;
    LeaseId lease{};
    EventPosition cursor;
    webhook::Health health;
    webhook::PauseReason pause = webhook::PauseReason::none;
    bool has_recovered = false;  // what waits may go at once
    std::vector<OutgoingEvent> arrived;
    std::vector<Kept> kept;
    std::optional<webhook::Attempt> last_attempt;
    Instant now{};
};

class Rounds {
public:
    explicit Rounds(Session& session) : session_(session) {}

    // An endpoint that has something to send and that nobody holds; absent: none.
    [[nodiscard]] std::optional<Round> lease(const RoundTerms& terms);
    // False: the lease was lost, nothing is written, and the events will be sent again.
    bool finish(const RoundOutcome& outcome);

private:
    Session& session_;
};

}  // namespace returngate::postgres
