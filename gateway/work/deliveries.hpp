// One round's bookkeeping: in which order its events may go, what became of each, and what is stored of it.
#pragma once

#include <optional>
#include <vector>

#include "adapters/postgres/events/endpoints.hpp"
#include "gateway/pipeline/ports.hpp"
#include "src/webhook/endpoint_health.hpp"

namespace returngate::work {

class Deliveries {
public:
    // The events of one return in this round, by index: one goes after the other.
    using Chain = std::vector<std::size_t>;

    explicit Deliveries(postgres::Round round);

    [[nodiscard]] const postgres::Round& round() const { return round_; }
    [[nodiscard]] std::size_t chains() const { return chains_.size(); }
    // One that nobody has taken; nullptr: none is left.
    [[nodiscard]] const Chain* next_chain();
    void note(const webhook::DeliveryTerms& terms, std::size_t index, const webhook::Attempt& attempt,
              Instant now);
    // Whether the endpoint may get another one now.
    [[nodiscard]] bool go_on(Instant now) const;
    [[nodiscard]] webhook::PauseReason pause() const { return pause_; }
    // Call last: the events move into it.
    [[nodiscard]] postgres::RoundOutcome outcome(const webhook::DeliveryTerms& terms, Random& random,
                                                 Instant now);

private:
    struct Fate {
        bool is_sent = false;
        webhook::Attempt attempt;
    };

    postgres::Round round_;
    std::vector<Chain> chains_;
    std::vector<Fate> fates_;
    webhook::Health health_;
    webhook::PauseReason pause_ = webhook::PauseReason::none;
    std::optional<webhook::Attempt> last_attempt_;
    std::size_t next_chain_ = 0;
};

}  // namespace returngate::work
