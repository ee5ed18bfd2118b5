// What a test or a curious developer tells the world: scripts, steps, and a look into its books.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/http/message.hpp"
#include "adapters/sandbox/courier_desk.hpp"
#include "adapters/sandbox/provider.hpp"

namespace returngate::sandbox {

// What the control API may touch.
struct Controlled {
    std::function<CourierDesk*(std::string_view code)> courier;  // nullptr: no such courier
    PaymentDesk* provider = nullptr;
    // Sets the seller and the escrow on a return; false when the world knows no gateway.
    std::function<bool(const std::string& return_id)> watch;
};

// POST /script
// {"courier":"YTO","call":"book","match":"next"|"always"|"reference","reference","behaviour":{…}}
//                   {"courier":"provider","match":"next"|"always"|"key","key","behaviour":{…}}
// DELETE /script?courier=YTO
// POST /advance     {"courier","reference","stage","hold_before"?}
// POST /parcel      {"courier"} → {"reference","waybill"}: handed in over the counter, stands still
// POST /watch       {"return_id"}
// POST /callback-url {"courier","url"}
// GET /couriers/{code}/book · GET /couriers/{code}/callbacks · GET /provider/attempts
// GET /provider/book[?payee_reference=…]: the provider's own page, without its key
[[nodiscard]] http::Response control(const Controlled& world, const http::Request& request);

}  // namespace returngate::sandbox
