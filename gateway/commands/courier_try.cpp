// Steps one after the other; what an outcome means and what to do about it comes from a table.
#include "gateway/commands/courier_try.hpp"

#include <array>
#include <ostream>

namespace returngate::commands {
namespace {

using courier::Booking;
using courier::BookingState;
using courier::Operation;

struct Advice {
    ErrorKind kind;
    std::string_view meaning;
};
constexpr std::array kAdvice{
    Advice{ErrorKind::invalid, "we did not send it: mend the account or the order"},
    Advice{ErrorKind::rejected, "the courier understood and said no: nothing was booked"},
    Advice{ErrorKind::unauthorized,
           "the courier does not believe us: compare secret, customer code and digest mode with its console, "
           "and whether our address is on its list"},
    Advice{ErrorKind::not_found, "the courier does not know this order"},
    Advice{ErrorKind::conflict, "the order is in another state than we think: look in the courier's console"},
    Advice{ErrorKind::unsupported, "this courier does not offer it"},
    Advice{ErrorKind::throttled, "the courier asks us to slow down: try again later"},
    Advice{ErrorKind::unavailable, "nothing was sent: check base_url, DNS, firewall and certificates"},
    Advice{ErrorKind::in_doubt, "sent, and no answer that says what became of it"},
    Advice{ErrorKind::malformed, "an answer that this dialect cannot read: is base_url the right service?"},
};

std::string_view meaning_of(ErrorKind kind) {
    for (const Advice& row : kAdvice)
        if (row.kind == kind) return row.meaning;
    return "";
}

std::string_view meaning_of(BookingState state) {
    switch (state) {
        case BookingState::accepted: return "accepted: the courier will come";
        case BookingState::pending: return "taken down: acceptance comes by callback";
        case BookingState::dead: return "known and cancelled";
    }
    return "";
}

class Steps {
public:
    Steps(const Trial& trial, std::ostream& out) : trial_(trial), out_(out) {}

    [[nodiscard]] int run() {
        if (!account()) return 1;
        const auto booking = book();
        if (!may_exist_) return 1;
        const std::string courier_key = booking ? booking->courier_key : std::string();
        const courier::BookedOrder booked(trial_.order.reference, courier_key);
        if (trial_.courier.profile().can(Operation::find)) find(booked);
        cancel(booked);
        if (may_exist_)
            out_ << "A booking may still stand: cancel " << trial_.order.reference.value
                 << " in the courier's console.\n";
        return is_good_ ? 0 : 1;
    }

private:
    void good(std::string_view step, std::string_view text) { out_ << step << "  ok    " << text << "\n"; }
    void bad(std::string_view step, const Error& error) {
        is_good_ = false;
        out_ << step << "  FAIL  " << error.code << ": " << error.message << "\n        "
             << meaning_of(error.kind) << "\n";
    }

    // The request as it goes out and the answer as it comes in, without secrets and persons.
    Result<http::Response> ask(std::string_view step, const Result<http::Request>& request) {
        if (!request) return tl::unexpected(request.error());
        // Without the path: some couriers hand out tokens in it.
        out_ << step << "  >     " << request->method << "  " << trial_.courier.redact(request->body) << "\n";
        auto response = trial_.send(*request);
        if (response)
            out_ << step << "  <     HTTP " << response->status << "  "
                 << trial_.courier.redact(response->body) << "\n";
        return response;
    }

    bool account() {
        const auto checked = trial_.courier.check(trial_.account);
        if (!checked) {
            bad("account", checked.error());
            return false;
        }
        const courier::Profile& profile = trial_.courier.profile();
        good("account", std::string(profile.code) + " " + std::string(profile.name) + " at " +
                            trial_.account.base_url + ", every setting is there");
        return true;
    }

    std::optional<Booking> book() {
        const Window& window = trial_.order.window;
        good("book   ", "reference " + trial_.order.reference.value + ", window " +
                            format_shanghai(window.start) + " to " + format_shanghai(window.end) +
                            " (Shanghai)");
        const auto response =
            ask("book   ", trial_.courier.encode_book(trial_.account, trial_.moment(), trial_.order));
        const auto booking = response ? trial_.courier.decode_book(trial_.account, trial_.order, *response)
                                      : Result<Booking>(tl::unexpected(response.error()));
        may_exist_ = booking ? booking->state != BookingState::dead : is_open(booking.error().kind);
        if (!booking) {
            bad("book   ", booking.error());
            return std::nullopt;
        }
        good("book   ", describe(*booking));
        return *booking;
    }

    void find(const courier::BookedOrder& booked) {
        const auto response =
            ask("find   ", trial_.courier.encode_find(trial_.account, trial_.moment(), booked));
        const auto booking = response
                                 ? trial_.courier.decode_find(trial_.account, booked.reference, *response)
                                 : Result<Booking>(tl::unexpected(response.error()));
        booking ? good("find   ", describe(*booking)) : bad("find   ", booking.error());
    }

    void cancel(const courier::BookedOrder& booked) {
        const auto response = ask("cancel ", trial_.courier.encode_cancel(trial_.account, trial_.moment(),
                                                                          booked, "buyer cancelled"));
        const auto cancelled = response
                                   ? trial_.courier.decode_cancel(trial_.account, booked.reference, *response)
                                   : Result<void>(tl::unexpected(response.error()));
        if (!cancelled) return bad("cancel ", cancelled.error());
        may_exist_ = false;
        good("cancel ", "the courier has cancelled it; a cancellation may also come by callback");
    }

    // Whether an order may have come into being all the same.
    static bool is_open(ErrorKind kind) {
        return kind == ErrorKind::in_doubt || kind == ErrorKind::malformed || kind == ErrorKind::conflict;
    }

    static std::string describe(const Booking& booking) {
        std::string text(meaning_of(booking.state));
        text += booking.waybill ? ", waybill " + *booking.waybill : ", waybill later";
        if (booking.carrying_courier) text += ", carried by " + *booking.carrying_courier;
        if (!booking.courier_key.empty()) text += ", the courier's own key " + booking.courier_key;
        return text;
    }

    const Trial& trial_;
    std::ostream& out_;
    bool is_good_ = true;
    bool may_exist_ = false;
};

}  // namespace

courier::BookingOrder made_up_order(const Window& window) {
    courier::BookingOrder order;
    order.sender = {"接口测试", "13800000000", "浙江省", "杭州市", "西湖区", "文三路1号"};
    order.recipient = {"接口测试", "13900000000", "上海市", "上海市", "浦东新区", "世纪大道2号"};
    order.window = window;
    order.parcel.description = "退货商品";
    order.remark = "接口测试，随即取消，请勿上门";
    return order;
}

int try_courier(const Trial& trial, std::ostream& out) {
    return Steps(trial, out).run();
}

}  // namespace returngate::commands
