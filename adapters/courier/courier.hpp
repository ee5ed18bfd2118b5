// The contract of a courier: one dialect, domain values to bytes and bytes to domain values.
// No I/O, no state, no clock, no log: account, instant and nonce are passed in, so the same command
// gives the same bytes in a test. Sending, retries, deadlines, breakers belong to the gateway.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http/message.hpp"
#include "src/base/ids.hpp"
#include "src/base/result.hpp"
#include "src/base/time.hpp"
#include "src/pickup/tracking.hpp"

namespace returngate::courier {

// One account of ours at a courier. `settings` are the courier's own keys (customer_code, secret,
// digest_mode, …), each documented in the courier's README.md; a missing one is an `invalid` error
// from `check`. Secrets never reach a log or an error text.
struct Account {
    std::string base_url;                         // where the courier listens
    std::map<std::string, std::string> settings;  // [couriers.CODE.settings] of couriers.toml
    [[nodiscard]] std::string_view get(std::string_view key) const;  // "" when absent
};

// Everything else that a signature may depend on.
struct Moment {
    Instant now{};
    std::string nonce;  // a fresh UUID in production
};

struct Party {  // personal data: never logged
    std::string name;
    std::string phone;  // E.164 or national digits
    std::string province;
    std::string city;
    std::string county;
    std::string address;
};

struct Parcel {
    std::string description;
    std::int32_t quantity = 1;
    std::int64_t weight_grams = 1000;
};

struct BookingOrder {
    BookingReference reference;
    Party sender;
    Party recipient;
    Window window;
    Parcel parcel;
    std::string remark;
};

enum class BookingState {
    accepted,  // the courier will come
    pending,   // taken down; acceptance comes by callback
    dead,      // the courier knows the reference, cancelled: book again under a new one
};
struct Booking {
    BookingReference reference;
    BookingState state = BookingState::pending;
    std::optional<std::string> waybill;           // raw; absent: comes later
    std::optional<std::string> carrying_courier;  // when the number belongs to another courier
    std::string courier_key;  // the courier's own name of the order; "" where ours is enough
    std::string pickup_code;  // what the buyer shows at the door; "" where there is none. Never logged
};

// A booking that a courier is to cancel or to find. Brokers know it by their own name only, which came
// with the booking's answer; a courier that needs it and does not get it is not asked (`invalid`).
inline constexpr const char* kNoCourierKey = "no_courier_key";
struct BookedOrder {
    BookedOrder() = default;
    // Implicit: for most couriers our reference is all there is.
    BookedOrder(BookingReference our_reference, std::string courier_own_key = {})
        : reference(std::move(our_reference)), courier_key(std::move(courier_own_key)) {}
    BookingReference reference;
    std::string courier_key;
};
struct Price {
    std::int64_t fee_fen = 0;
};

// What the gateway does when a booking was sent and no answer came.
enum class LostAnswer { find_by_reference, repeat_same_reference, stay_in_doubt };
enum class Acceptance { by_answer, by_callback };

enum class Operation { book, cancel, find, track, price, move };
[[nodiscard]] std::string_view to_string(Operation operation);

// The couriers' real differences, as data.
struct Profile {
    std::string_view code;  // decision 31
    std::string_view name;
    std::vector<Operation> offers;
    LostAnswer lost_answer = LostAnswer::stay_in_doubt;
    Acceptance acceptance = Acceptance::by_answer;
    Proof callback_proof = Proof::secret_url;  // the best that a callback of this courier can have
    bool waybill_at_booking = false;
    std::vector<std::chrono::seconds> callback_retries;  // the sender's schedule; empty: not known
    int query_per_second = 0;                            // 0: no documented limit
    int query_per_day = 0;
    [[nodiscard]] bool can(Operation operation) const;
};

struct Push {  // a callback as it came in
    http::Request request;
    Instant received_at{};
};
enum class AckOutcome {
    taken,    // accepted, duplicate, parked or quarantined
    refused,  // bad signature
    failed,   // not stored: please send again
};

class Courier {
public:
    virtual ~Courier() = default;
    [[nodiscard]] virtual const Profile& profile() const = 0;
    // Whether every setting that the dialect needs is there and well formed; the message says how to mend it.
    [[nodiscard]] virtual Result<void> check(const Account& account) const = 0;

    // A target is a path at account.base_url's origin, or a whole URL where a courier has a second host.
    // Decoders: `rejected`, `conflict`, `throttled`, `unavailable` (the courier says: not done, try
    // again) or `malformed` (unreadable or cut short: never a booking).
    [[nodiscard]] virtual Result<http::Request> encode_book(const Account&, const Moment&,
                                                            const BookingOrder&) const = 0;
    [[nodiscard]] virtual Result<Booking> decode_book(const Account&, const BookingOrder&,
                                                      const http::Response&) const = 0;
    [[nodiscard]] virtual Result<http::Request> encode_cancel(const Account&, const Moment&,
                                                              const BookedOrder&,
                                                              std::string_view reason) const = 0;
    // Already cancelled is success; already collected is `conflict`.
    [[nodiscard]] virtual Result<void> decode_cancel(const Account&, const BookingReference&,
                                                     const http::Response&) const = 0;
    // Find by reference: not known to the courier is `not_found`.
    [[nodiscard]] virtual Result<http::Request> encode_find(const Account&, const Moment&,
                                                            const BookedOrder&) const = 0;
    [[nodiscard]] virtual Result<Booking> decode_find(const Account&, const BookingReference&,
                                                      const http::Response&) const = 0;
    // Track by waybill number; events carry Proof::query.
    [[nodiscard]] virtual Result<http::Request> encode_track(const Account&, const Moment&,
                                                             const BookingReference&,
                                                             std::string_view waybill) const = 0;
    // The same of a booking, for a courier that knows it by its own name; others are asked as above.
    [[nodiscard]] virtual Result<http::Request> encode_track_booking(const Account&, const Moment&,
                                                                     const BookedOrder&,
                                                                     std::string_view waybill) const;
    [[nodiscard]] virtual Result<std::vector<TrackingEvent>> decode_track(const Account&,
                                                                          std::string_view waybill,
                                                                          const http::Response&) const = 0;

    // What a booking would cost: reference, window, names and phones may be empty. Most couriers have no
    // such question, so these two alone answer `unsupported` by themselves.
    [[nodiscard]] virtual Result<http::Request> encode_price(const Account&, const Moment&,
                                                             const BookingOrder&) const;
    [[nodiscard]] virtual Result<Price> decode_price(const Account&, const http::Response&) const;

    // The same booking in another window. Few couriers have such an operation; elsewhere these two answer
    // `unsupported` by themselves, and a booking is cancelled and made anew. Safe to repeat.
    [[nodiscard]] virtual Result<http::Request> encode_move(const Account&, const Moment&, const BookedOrder&,
                                                            const Window&) const;
    // `rejected`: the booking stands as it was; `conflict`: collected already.
    [[nodiscard]] virtual Result<void> decode_move(const Account&, const BookingReference&,
                                                   const http::Response&) const;

    // How this push is proved, over the bytes that the courier signed; no default. An error is a
    // refusal. The secret path token has been checked by the gateway already.
    [[nodiscard]] virtual Result<Proof> authenticate(const Account&, const Push&) const = 0;
    // One push may carry several events. `malformed`: authentic but unreadable → quarantine.
    [[nodiscard]] virtual Result<std::vector<TrackingEvent>> decode_push(const Account&,
                                                                         const Push&) const = 0;
    // The answer in exactly the body that this courier expects.
    [[nodiscard]] virtual http::Response acknowledge(const Account&, const Push&, AckOutcome) const = 0;
    // The body with secrets, names, phones and addresses blanked, for logs.
    [[nodiscard]] virtual std::string redact(std::string_view body) const = 0;
};

}  // namespace returngate::courier
