// What a test tells a courier to do with an order: faults as data, kept per courier.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/json/reader.hpp"
#include "src/base/result.hpp"

namespace returngate::sandbox {

// `cancelled` by us, `abandoned` by the courier; a parcel's life ends with either.
enum class Stage {
    booked,
    accepted,
    courier_assigned,
    collected,
    in_transit,
    delivered,
    cancelled,
    abandoned,
};
[[nodiscard]] std::string_view to_string(Stage stage);
[[nodiscard]] std::optional<Stage> parse_stage(std::string_view text);

enum class Call { book, cancel, find, track };
[[nodiscard]] std::string_view to_string(Call call);

// How a call is answered. Every way but `refuse` may execute the call first (Behaviour::executes).
enum class AnswerWay {
    normal,
    refuse,       // the courier says no; nothing is taken down
    never,        // silence until the caller hangs up
    close,        // the connection is closed without a byte
    cut_short,    // half of the answer, then closed
    garbage,      // 200 with bytes that are no answer
    unavailable,  // 503
};
enum class WaybillTold { own, later, spoiled, anothers, given };

struct Behaviour {
    AnswerWay answer = AnswerWay::normal;
    bool executes = true;           // false: never, close, … come before anything was done
    int answer_delay_ms = 0;        // executed at once, answered late
    bool calls_back_first = false;  // the first callback is delivered before the answer leaves
    bool accepts = true;            // false: taken down, and then nothing
    WaybillTold waybill = WaybillTold::own;
    std::string given_waybill;
    std::optional<Stage> hold_before;     // the life stands still before this stage until told
    std::optional<Stage> abandons_after;  // the courier gives up once this stage is reached
    int hidden_queries = 0;               // so many queries do not see the parcel's events yet
    int callback_copies = 1;
    int callback_delay_ms = 0;
    bool calls_back = true;        // false: every callback is lost
    bool swaps_callbacks = false;  // each pair leaves in the wrong order
    bool sends_garbage = false;    // before each callback, an authentic one that cannot be read
    bool sends_forgery = false;    // after acceptance, a "collected" that the courier never said
};
[[nodiscard]] Result<Behaviour> parse_behaviour(const json::Value& object);

// Which order a behaviour is for. A reference goes before `next`, `next` before `always`.
enum class MatchKind { next, reference, always };
struct Match {
    MatchKind kind = MatchKind::next;
    std::string reference;
};

// Thread-safe.
class ScriptBook {
public:
    void add(Call call, Match match, Behaviour behaviour);
    void clear();
    [[nodiscard]] Behaviour take(Call call, const std::string& reference);

private:
    struct Pages {
        std::map<std::string, Behaviour> by_reference;
        std::deque<Behaviour> next;
        std::optional<Behaviour> always;
    };
    std::mutex mutex_;
    std::map<Call, Pages> pages_;
};

}  // namespace returngate::sandbox
