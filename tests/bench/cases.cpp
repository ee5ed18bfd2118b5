// Rows and requests of the benchmark's world.
#include "tests/bench/cases.hpp"

#include <algorithm>
#include <array>

#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"

namespace returngate::bench {
namespace {

IdSource ids_of(std::int64_t number) {
    std::array<std::uint8_t, 16> seed{};
    for (std::size_t i = 0; i < 8; ++i) seed[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return IdSource(seed);
}

BuyerId buyer_of(const World& world, std::int64_t number) {
    return BuyerId{"buyer-" + std::to_string(number % world.buyers)};
}

OrderId order_of(std::int64_t number) {
    return OrderId{"order-" + std::to_string(number)};
}

ReturnCase case_of(const CaseNames& names, std::int64_t number, Instant now) {
    ReturnCase row;
    row.id = names.return_id;
    row.buyer = names.buyer;
    row.seller = SellerId{"seller-1"};
    row.order = order_of(number);
    row.after_sale = AfterSaleId{"after-sale-" + std::to_string(number)};
    row.status = CaseStatus::awaiting_parcel;
    row.approval = Approval::automatic;
    row.refund = RefundPath::advance;
    row.amount_fen = kAmountFen;
    row.held_fen = kAmountFen;
    row.provider = "sandbox";
    row.payee = names.contact;
    row.applied_at = now;
    return row;
}

}  // namespace

CaseNames names_of(const World& world, std::int64_t number) {
    CaseNames names;
    names.buyer = buyer_of(world, number);
    const Cell cell = cell_of(names.buyer.value);
    auto ids = ids_of(number);
    names.return_id = ids.next<ReturnTag>(cell);
    names.pickup = ids.next<PickupTag>(cell);
    names.contact = ids.next<ContactTag>(cell);
    names.reference = ids.next_booking_reference(cell);
    names.waybill = "YT" + std::to_string(8'100'000'000'000 + number * 7);
    return names;
}

store::Changes open_cases(const World& world, std::int64_t first, std::int64_t last, Instant now) {
    store::Changes changes;
    changes.at = now;
    for (std::int64_t number = first; number < last; ++number) {
        const CaseNames names = names_of(world, number);
        const Pickup pickup{.id = names.pickup,
                            .window = {now, now + std::chrono::hours(2)},
                            .contact = names.contact,
                            .requested_at = now,
                            .door_by = now + std::chrono::hours(2),
                            .status = PickupStatus::booked};
        changes.cases.push_back(case_of(names, number, now));
        changes.cases.back().pickup = pickup;
        Booking booking;
        booking.reference = names.reference;
        booking.pickup = names.pickup;
        booking.courier.value = world.courier;
        booking.window = pickup.window;
        booking.status = BookingStatus::accepted;
        booking.placed_at = now - std::chrono::minutes(10);
        changes.bookings.emplace_back(names.return_id, booking);
        changes.jobs.push_back(
            {{names.return_id, JobKind::door_deadline, to_string(names.pickup)}, pickup.door_by});
    }
    return changes;
}

store::Changes received_orders(const World& world, std::int64_t first, std::int64_t last, Instant now) {
    store::Changes changes;
    changes.at = now;
    for (std::int64_t number = first; number < last; ++number) {
        const CaseNames names = names_of(world, number);
        Contact payee;
        payee.id = names.contact;
        payee.kind = "payee";
        payee.payee_reference = "payee-" + std::to_string(number);
        Order order;
        order.id = order_of(number);
        order.buyer = names.buyer;
        order.seller = SellerId{"seller-1"};
        order.items = {{"item-1", "连衣裙", 1, kAmountFen, 0, 0}};
        order.paid_fen = kAmountFen;
        order.trade_kind = "ordinary";
        order.category = "womens_wear";
        order.state = "received";
        order.received_at = now - std::chrono::hours(48);
        order.outbound_courier = "ZTO";
        order.outbound_waybill = "75312480963571";
        order.provider = "sandbox";
        order.payee = payee.id;
        order.payment_reference = "payment-" + std::to_string(number);
        changes.contacts.push_back(std::move(payee));
        changes.orders.push_back(std::move(order));
    }
    return changes;
}

store::Changes buyers(const World& world, std::int64_t first, std::int64_t last, Instant now, bool is_held) {
    store::Changes changes;
    changes.at = now;
    for (std::int64_t number = first; number < last; ++number) {
        CreditLine line;
        line.buyer = buyer_of(world, number);
        line.stars = 5;
        const Fen all = kAmountFen * ((world.cases - number + world.buyers - 1) / world.buyers);
        line.held_fen = is_held ? all : 0;
        line.line_fen = std::max<Fen>(120'000, all);
        line.bound_fen = line.line_fen;
        changes.lines.push_back(line);
    }
    return changes;
}

std::string collected_push(const World& world, std::int64_t number, const std::string& path,
                           const std::string& secret, Instant now) {
    const CaseNames names = names_of(world, number);
    const std::string xml =
        "<UpdateInfo><logisticProviderID>YTO</logisticProviderID><clientID>K210000000</clientID><mailNo>" +
        names.waybill + "</mailNo><txLogisticID>" + names.reference.value +
        "</txLogisticID><infoType>STATUS</infoType><infoContent>GOT</infoContent><acceptTime>" +
        format_shanghai(now) + "</acceptTime><remark></remark><weight>1.25</weight></UpdateInfo>";
    const std::string digest = crypto::to_base64(crypto::md5({xml, secret}));
    const std::string body = http::encode_form({{"logistics_interface", xml},
                                                {"data_digest", digest},
                                                {"clientId", "K210000000"},
                                                {"type", "online"}});
    return "POST " + path +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string application(const World& world, std::int64_t number, const std::string& key) {
    const std::string body =
        R"({"buyer_id":")" + buyer_of(world, number).value + R"(","order_id":")" + order_of(number).value +
        R"(","after_sale_id":"after-sale-)" + std::to_string(number) +
        R"(","items":[{"item_id":"item-1","quantity":1}],"reason":"seven_day_no_reason","pictures":["p-1"],)" +
        R"("pickup":{"now":true,"contact":{"name":"张三","phone":"+8613800000000","province":"浙江省",)" +
        R"("city":"杭州市","county":"西湖区","address":"文三路1号"}}})";
    return "POST /v1/returns HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
           "Authorization: Bearer " +
           key + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace returngate::bench
