// Members in one fixed order, so that the same return gives the same bytes.
#include "gateway/api/render.hpp"

#include "gateway/api/contacts.hpp"
#include "src/returns/clawback.hpp"
#include "src/returns/unshipped.hpp"

namespace returngate::api {
namespace {

constexpr std::string_view kCurrency = "CNY";

const postgres::BookingView* latest_booking(const postgres::ReturnView& view) {
    const postgres::BookingView* latest = nullptr;
    for (const auto& booking : view.bookings) {
        if (view.pickup && booking.pickup == view.pickup->id) latest = &booking;
    }
    return latest;
}

void write_door(json::Writer& w, const DoorContact& door) {
    if (!door.name.empty() || !door.phone.empty()) {
        w.key("courier_person").begin_object().member_if_set("name", masked_name(door.name));
        w.member_if_set("phone", masked_phone(door.phone)).end_object();
    }
    w.member_if_set("pickup_code", door.pickup_code);
}

void write_pickup(json::Writer& w, const postgres::ReturnView& view) {
    const auto* booking = latest_booking(view);
    w.key("pickup").begin_object().member("pickup_id", to_string(view.pickup->id)).key("window");
    write_window(w, view.pickup->window);
    w.key("courier");
    booking != nullptr ? w.value(booking->courier.value) : w.null();
    w.member("status", to_string(view.pickup->status));
    if (booking != nullptr) w.member_if_set("waybill", booking->waybill);
    if (view.door && booking != nullptr && view.door->booking == booking->reference)
        write_door(w, *view.door);
    write_instant(w, "door_by", view.pickup->door_by);
    w.end_object();
}

void write_self_shipped(json::Writer& w, const postgres::ReturnView& view) {
    for (const auto& booking : view.bookings) {
        if (booking.pickup) continue;
        w.key("self_shipped").begin_object().member("courier", booking.courier.value);
        w.member("waybill", booking.waybill).member("status", booking.status).end_object();
        return;
    }
}

void write_clawback(json::Writer& w, const postgres::AdvanceView& advance) {
    if (advance.clawback.empty()) return;
    w.key("clawback").begin_object().member("reason", advance.clawback);
    write_instant(w, "repay_by", advance.repay_by);
    const Fen owed_fen = advance.amount_fen - advance.recovered_fen - advance.repaid_fen;
    w.member("repaid_fen", advance.repaid_fen);
    w.member("asked_fen", asked_back_fen(advance.clawback, owed_fen, advance.repaid_fen, advance.short_fen));
    w.end_object();
}

void write_verdict(json::Writer& w, std::string_view verdict, const std::string& rules) {
    w.begin_object().member("verdict", verdict);
    if (!rules.empty()) w.raw_member("rules", rules);
}

}  // namespace

void write_instant(json::Writer& w, std::string_view name, Instant instant) {
    w.member(name, format_rfc3339(instant));
}

void write_instant(json::Writer& w, std::string_view name, const std::optional<Instant>& instant) {
    w.key(name);
    instant ? w.value(format_rfc3339(*instant)) : w.null();
}

void write_intervention(json::Writer& w, const std::optional<Intervention>& intervention) {
    if (!intervention) return;
    w.key("intervention").begin_object().member("by", intervention->by);
    write_instant(w, "opened_at", intervention->opened_at);
    w.end_object();
}

void write_appeal(json::Writer& w, const std::vector<Ruling>& rulings) {
    if (rulings.empty() || !rulings.back().is_appeal) return;
    const Ruling& appeal = rulings.back();
    w.key("appeal").begin_object().member("by", appeal.by);
    write_instant(w, "opened_at", appeal.opened_at);
    w.member_if_set("outcome", appeal.outcome);
    write_instant(w, "decided_at", appeal.decided_at);
    w.end_object();
}

void write_window(json::Writer& w, const Window& window) {
    w.begin_object();
    write_instant(w, "start", window.start);
    write_instant(w, "end", window.end);
    w.end_object();
}

void write_credit_line(json::Writer& w, const CreditLine& line) {
    w.begin_object()
        .member("line_fen", line.line_fen)
        .member("held_fen", line.held_fen)
        .member("open_fen", line.open_fen)
        .member("left_fen", line.left_fen())
        .member("currency", kCurrency)
        .end_object();
}

void write_advance(json::Writer& w, const postgres::AdvanceView& advance) {
    w.begin_object()
        .member("advance_id", to_string(advance.id))
        .member("return_id", to_string(advance.return_id))
        .member("buyer_id", advance.buyer.value)
        .member("amount_fen", advance.amount_fen)
        .member("recovered_fen", advance.recovered_fen)
        .member("currency", kCurrency)
        .member("state", to_string(advance.state))
        .member("provider", advance.provider)
        .member("waybill", advance.waybill);
    write_instant(w, "committed_at", advance.committed_at);
    write_instant(w, "paid_at", advance.paid_at);
    write_instant(w, "settled_at", advance.settled_at);
    write_clawback(w, advance);
    w.end_object();
}

std::vector<postgres::RefundView> views_of(const std::vector<Refund>& refunds) {
    std::vector<postgres::RefundView> views;
    for (const auto& refund : refunds) {
        views.push_back(
            {refund.id, refund.kind, refund.amount_fen, refund.state, refund.committed_at, refund.paid_at});
    }
    return views;
}

void write_refunds(json::Writer& w, const std::vector<postgres::RefundView>& refunds) {
    if (refunds.empty()) return;
    w.key("refunds").begin_array();
    for (const auto& refund : refunds) {
        w.begin_object()
            .member("refund_id", to_string(refund.id))
            .member("kind", to_string(refund.kind))
            .member("amount_fen", refund.amount_fen)
            .member("currency", kCurrency)
            .member("state", to_string(refund.state));
        write_instant(w, "committed_at", refund.committed_at);
        write_instant(w, "paid_at", refund.paid_at);
        w.end_object();
    }
    w.end_array();
}

void write_amount(json::Writer& w, const postgres::AmountView& amount) {
    w.begin_object()
        .member("return_id", to_string(amount.return_id))
        .member("order_id", amount.order.value)
        .member("seller_id", amount.seller.value);
    write_instant(w, "applied_at", amount.applied_at);
    w.member("status", to_string(amount.status)).raw_member("calculation", amount.amount);
    w.member("agreed_fen", amount.agreed_fen);
    if (amount.short_fen > 0) w.member("short_fen", amount.short_fen);
    w.member("currency", kCurrency);
    if (amount.advance) {
        w.key("advance").begin_object().member("advance_id", to_string(*amount.advance));
        w.member("state", to_string(*amount.advance_state)).member("amount_fen", amount.advanced_fen);
        w.end_object();
    }
    w.end_object();
}

std::string render_return(const postgres::ReturnView& view, const Error* pickup_refusal) {
    const ReturnCase& shown = view.case_;
    json::Writer w;
    w.begin_object()
        .member("return_id", to_string(shown.id))
        .member("buyer_id", shown.buyer.value)
        .member("seller_id", shown.seller.value)
        .member("order_id", shown.order.value)
        .member("after_sale_id", shown.after_sale.value)
        .member("kind", to_string(shown.kind))
        .member("status", to_string(shown.status));
    w.key("approval");
    write_verdict(w, to_string(shown.approval), view.approval_rules);
    w.end_object().key("refund");
    write_verdict(w, to_string(shown.refund), view.refund_rules);
    w.member("amount_fen", shown.amount_fen).member("currency", kCurrency);
    if (shown.short_fen > 0) w.member("short_fen", shown.short_fen);
    if (!view.amount.empty() && view.amount != "{}") w.raw_member("calculation", view.amount);
    w.end_object().key("return_address");
    write_contact(w, view.return_address);
    w.key("credit_line");
    write_credit_line(w, view.line);
    if (shown.offer_fen) w.member("offer_fen", *shown.offer_fen);
    if (view.pickup) write_pickup(w, view);
    write_self_shipped(w, view);
    if (pickup_refusal != nullptr) {
        w.key("pickup_refusal").begin_object().member("code", pickup_refusal->code);
        w.member("message", pickup_refusal->message).end_object();
    }
    if (view.advance) {
        w.key("advance");
        write_advance(w, *view.advance);
    }
    write_refunds(w, view.refunds);
    if (shown.kind == CaseKind::unshipped && shown.approval == Approval::automatic)
        w.member("note", kUnshippedNote);
    w.member_if_set("frozen", shown.frozen);
    write_intervention(w, shown.intervention);
    write_instant(w, "applied_at", shown.applied_at);
    write_instant(w, "delivered_at", shown.delivered_at);
    if (shown.registered_at) write_instant(w, "registered_at", *shown.registered_at);
    w.key("receipt").begin_object().member("outcome", to_string(shown.receipt));
    write_instant(w, "at", shown.receipt_at);
    w.end_object();
    write_instant(w, "closed_at", shown.closed_at);
    w.end_object();
    return w.take();
}

}  // namespace returngate::api
