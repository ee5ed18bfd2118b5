// The committed events of all returns as one sequence that can be read on from anywhere, and that nothing
// is ever put into behind a reader's back (docs/decisions/0011).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate::postgres {

struct Session;

// By transaction, then by return, then by number: so a return's own events are in their order.
struct EventPosition {
    std::uint64_t tx = 0;
    ReturnId return_id;
    int seq = 0;
    bool operator==(const EventPosition&) const = default;
};
// "7431.5c0f…7c55.3": the id of an event in the stream; opaque to callers.
[[nodiscard]] std::string to_string(const EventPosition& position);
[[nodiscard]] std::optional<EventPosition> parse_position(std::string_view text);

struct FeedEvent {
    EventPosition position;
    Instant at{};
    std::string type;
    std::string data;  // JSON
};

// Throws what libpqxx throws; to be called inside Desk::run.
class EventFeed {
public:
    explicit EventFeed(Session& session) : session_(session) {}

    // Whatever comes after this position is not in the feed yet.
    [[nodiscard]] EventPosition end();
    // Before the first event of that instant or later; older ones may follow it, too (transactions overlap).
    [[nodiscard]] EventPosition before(Instant since);
    // What came after the position, of `most` decisions at most.
    [[nodiscard]] std::vector<FeedEvent> after(const EventPosition& position, int most);
    // Of one return, with numbers greater than `seq`; `position.tx` is not filled.
    [[nodiscard]] std::vector<FeedEvent> of_return(ReturnId id, int seq);

private:
    Session& session_;
};

}  // namespace returngate::postgres
