// Reading orders member by member, and the encoder that each operation ends in.
#include "gateway/commands/courier_order.hpp"

#include <array>

#include "adapters/json/reader.hpp"
#include "gateway/api/fields.hpp"

namespace returngate::commands {
namespace {

using api::Fields;
using courier::Operation;
using Faults = std::vector<api::FieldError>;

constexpr std::size_t kKeyBytes = 200;
constexpr std::size_t kNameBytes = 200;
constexpr std::size_t kAddressBytes = 600;
constexpr std::int64_t kMostPieces = 10'000;
constexpr std::int64_t kMostGrams = 10'000'000;
// What the gateway itself says.
constexpr std::string_view kReason = "buyer cancelled";

enum class Needs { whole_booking, all_but_reference, addresses };

courier::Party read_party(Fields fields, Needs needs) {
    const auto text = [&fields](std::string_view name, std::size_t most, bool is_needed) {
        return is_needed ? fields.text(name, most) : fields.optional_text(name, most);
    };
    const bool comes = needs != Needs::addresses;
    courier::Party party;
    party.name = text("name", kNameBytes, comes);
    party.phone = text("phone", kNameBytes, comes);
    party.province = text("province", kNameBytes, true);
    party.city = text("city", kNameBytes, true);
    party.county = text("county", kNameBytes, false);
    party.address = text("address", kAddressBytes, comes);
    fields.refuse_the_rest();
    return party;
}

Window read_window(Fields fields) {
    const Window window{fields.instant("start"), fields.instant("end")};
    if (window.end <= window.start) fields.fault("end", "not_after_start", "Is to be after start.");
    fields.refuse_the_rest();
    return window;
}

courier::Parcel read_parcel(Fields fields, Needs needs) {
    courier::Parcel parcel;
    parcel.description = needs == Needs::addresses ? fields.optional_text("description", kNameBytes)
                                                   : fields.text("description", kNameBytes);
    parcel.quantity = static_cast<std::int32_t>(
        fields.optional_integer("quantity", 1, kMostPieces).value_or(parcel.quantity));
    parcel.weight_grams =
        fields.optional_integer("weight_grams", 1, kMostGrams).value_or(parcel.weight_grams);
    fields.refuse_the_rest();
    return parcel;
}

courier::BookingOrder read_booking(Fields& fields, Needs needs) {
    courier::BookingOrder order;
    order.reference.value = needs == Needs::whole_booking ? fields.identifier("reference")
                                                          : fields.optional_text("reference", kKeyBytes);
    order.sender = read_party(fields.object("sender"), needs);
    order.recipient = read_party(fields.object("recipient"), needs);
    if (needs == Needs::addresses) {
        if (auto window = fields.optional_object("window")) order.window = read_window(*std::move(window));
        if (auto parcel = fields.optional_object("parcel"))
            order.parcel = read_parcel(*std::move(parcel), needs);
    } else {
        order.window = read_window(fields.object("window"));
        order.parcel = read_parcel(fields.object("parcel"), needs);
    }
    order.remark = fields.optional_text("remark", kAddressBytes);
    return order;
}

courier::BookedOrder read_booked(Fields& fields) {
    courier::BookedOrder order;
    order.reference.value = fields.identifier("reference");
    order.courier_key = fields.optional_text("courier_key", kKeyBytes);
    return order;
}

tl::unexpected<Error> refused(const Faults& faults) {
    std::string text = "The order:";
    for (const auto& fault : faults) text += "\n  " + fault.pointer + ": " + fault.message;
    return fail(ErrorKind::invalid, "order", std::move(text));
}

struct Asked {
    const courier::Courier& courier;
    const courier::Account& account;
    const courier::Moment& moment;
    Fields& fields;
    Faults& faults;

    // After the last member was asked for.
    [[nodiscard]] bool is_clean() const {
        fields.refuse_the_rest();
        return faults.empty();
    }
};

Result<http::Request> book(const Asked& asked) {
    const auto order = read_booking(asked.fields, Needs::whole_booking);
    if (!asked.is_clean()) return refused(asked.faults);
    return asked.courier.encode_book(asked.account, asked.moment, order);
}

Result<http::Request> cancel(const Asked& asked) {
    const auto order = read_booked(asked.fields);
    std::string reason = asked.fields.optional_text("reason", kNameBytes);
    if (reason.empty()) reason = kReason;
    if (!asked.is_clean()) return refused(asked.faults);
    return asked.courier.encode_cancel(asked.account, asked.moment, order, reason);
}

Result<http::Request> find(const Asked& asked) {
    const auto order = read_booked(asked.fields);
    if (!asked.is_clean()) return refused(asked.faults);
    return asked.courier.encode_find(asked.account, asked.moment, order);
}

Result<http::Request> track(const Asked& asked) {
    const BookingReference reference{asked.fields.optional_text("reference", kKeyBytes)};
    const courier::BookedOrder order(reference, asked.fields.optional_text("courier_key", kKeyBytes));
    const std::string waybill = asked.fields.optional_text("waybill", kKeyBytes);
    if (reference.value.empty() && order.courier_key.empty() && waybill.empty())
        asked.fields.fault("waybill", "missing", "Is required, or a reference where the courier takes one.");
    if (!asked.is_clean()) return refused(asked.faults);
    return asked.courier.encode_track_booking(asked.account, asked.moment, order, waybill);
}

Result<http::Request> price(const Asked& asked) {
    const auto order = read_booking(asked.fields, Needs::addresses);
    if (!asked.is_clean()) return refused(asked.faults);
    return asked.courier.encode_price(asked.account, asked.moment, order);
}

Result<http::Request> move(const Asked& asked) {
    const auto order = read_booked(asked.fields);
    const Window window = read_window(asked.fields.object("window"));
    if (!asked.is_clean()) return refused(asked.faults);
    return asked.courier.encode_move(asked.account, asked.moment, order, window);
}

struct OperationRow {
    Operation operation;
    Result<http::Request> (*encode)(const Asked&);
};
constexpr std::array kOperations{
    OperationRow{Operation::book, book},   OperationRow{Operation::cancel, cancel},
    OperationRow{Operation::find, find},   OperationRow{Operation::track, track},
    OperationRow{Operation::price, price}, OperationRow{Operation::move, move},
};

std::string offered_by(const courier::Profile& profile) {
    std::string words;
    for (const Operation operation : profile.offers)
        words.append(words.empty() ? "" : ", ").append(to_string(operation));
    return words;
}

Result<json::Value> read_object(std::string_view text) {
    auto parsed = json::parse(text);
    if (!parsed) return fail(ErrorKind::invalid, "order", "The order: " + parsed.error().message);
    if (!parsed->is_object()) return fail(ErrorKind::invalid, "order", "The order is to be one JSON object.");
    return parsed;
}

}  // namespace

std::optional<Operation> parse_operation(std::string_view word) {
    for (const auto& row : kOperations)
        if (to_string(row.operation) == word) return row.operation;
    return std::nullopt;
}

Result<http::Request> encode_order(const courier::Courier& courier, const courier::Account& account,
                                   const courier::Moment& moment, Operation operation,
                                   std::string_view json) {
    const courier::Profile& profile = courier.profile();
    if (!profile.can(operation))
        return fail(ErrorKind::unsupported, "not_offered",
                    std::string(profile.code) + " does not offer the operation " +
                        std::string(to_string(operation)) + "; it offers: " + offered_by(profile) + ".");
    const auto order = read_object(json);
    if (!order) return tl::unexpected(order.error());
    Faults faults;
    Fields fields(*order, faults);
    const Asked asked{courier, account, moment, fields, faults};
    for (const auto& row : kOperations)
        if (row.operation == operation) return row.encode(asked);
    return fail(ErrorKind::unsupported, "not_offered", "There is no such operation.");
}

Result<courier::BookingOrder> read_trial_order(std::string_view json) {
    const auto object = read_object(json);
    if (!object) return tl::unexpected(object.error());
    Faults faults;
    Fields fields(*object, faults);
    auto order = read_booking(fields, Needs::all_but_reference);
    fields.refuse_the_rest();
    if (!faults.empty()) return refused(faults);
    return order;
}

}  // namespace returngate::commands
