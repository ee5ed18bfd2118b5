// The little code that belongs to the contract itself.
#include "adapters/courier/courier.hpp"

#include <algorithm>

#include "adapters/courier/toolbox.hpp"

namespace returngate::courier {

std::string_view Account::get(std::string_view key) const {
    const auto found = settings.find(std::string(key));
    return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

bool Profile::can(Operation operation) const {
    return std::find(offers.begin(), offers.end(), operation) != offers.end();
}

std::string_view to_string(Operation operation) {
    switch (operation) {
        case Operation::book: return "book";
        case Operation::cancel: return "cancel";
        case Operation::find: return "find";
        case Operation::track: return "track";
        case Operation::price: return "price";
        case Operation::move: return "move";
    }
    return "unknown";
}

Result<http::Request> Courier::encode_track_booking(const Account& account, const Moment& moment,
                                                    const BookedOrder& order,
                                                    std::string_view waybill) const {
    return encode_track(account, moment, order.reference, waybill);
}

Result<http::Request> Courier::encode_price(const Account&, const Moment&, const BookingOrder&) const {
    return not_offered(profile(), Operation::price);
}

Result<Price> Courier::decode_price(const Account&, const http::Response&) const {
    return not_offered(profile(), Operation::price);
}

Result<http::Request> Courier::encode_move(const Account&, const Moment&, const BookedOrder&,
                                           const Window&) const {
    return not_offered(profile(), Operation::move);
}

Result<void> Courier::decode_move(const Account&, const BookingReference&, const http::Response&) const {
    return not_offered(profile(), Operation::move);
}

}  // namespace returngate::courier
