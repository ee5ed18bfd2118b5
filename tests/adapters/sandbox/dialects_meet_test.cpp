// Our courier dialects against the sandbox's couriers: written apart from the same documents, they must
// agree.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <mutex>
#include <set>

#include "adapters/courier/registry.hpp"
#include "tests/adapters/sandbox/support.hpp"

namespace returngate::sandbox {
namespace {

using namespace std::chrono_literals;

using courier::Account;
using courier::AckOutcome;
using courier::BookingOrder;
using courier::Courier;
using courier::Moment;
using courier::Party;
using courier::Push;

struct Meeting {
    std::string_view code;
    std::string_view root;   // of the courier, below the sandbox's origin
    std::size_t pushes = 0;  // of one life
    std::map<std::string, std::string> settings;
    std::vector<TrackingStatus> statuses;  // of all callbacks of one life, in order
    Proof proof = Proof::secret_url;
    bool tells_cancelled_from_failed = true;
    bool find_tells_all = true;  // number and state; else only that the order is there
    std::size_t pushes_before_collection = 2;
    std::size_t repeated_events = 0;  // that come again in later pushes of the life
    bool repeat_tells_number = true;  // of a booking sent twice; else only that it stands
};

const Meeting kMeetings[] = {
    {"YTO",
     "yto",
     5,
     {{"book_path", "/yto/open/privacy_create_adapter/v1/AbCdEf/K21000000"},
      {"cancel_path", "/yto/open/korder_cancel_adapter/v1/AbCdEf/K21000000"},
      {"track_path", "/yto/open/track_query_adapter/v1/AbCdEf/K21000000"},
      {"secret", YtoAccount{}.secret},
      {"push_secret", YtoAccount{}.push_secret}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::in_transit, TrackingStatus::delivered},
     Proof::weak_signature},
    {"SF",
     "sf/std/service",
     6,
     {{"partner_id", SfAccount{}.partner_id}, {"secret", SfAccount{}.checkword}, {"digest_mode", "standard"}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::collected, TrackingStatus::in_transit, TrackingStatus::in_transit,
      TrackingStatus::out_for_delivery, TrackingStatus::delivered},
     Proof::secret_url},
    {"KUAIDI100",
     "kuaidi100",
     6,
     {{"key", Kuaidi100Account{}.key},
      {"secret", Kuaidi100Account{}.secret},
      {"customer", Kuaidi100Account{}.customer},
      {"carrier", "jtexpress"},
      {"callback_token", "sandboxToken0123456789abcdef01234"}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::fee, TrackingStatus::in_transit, TrackingStatus::delivered},
     Proof::weak_signature,
     false},
    {"ZTO",
     "zto",
     7,
     {{"app_key", ZtoAccount{}.app_key}, {"app_secret", ZtoAccount{}.app_secret}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::collected, TrackingStatus::fee, TrackingStatus::in_transit, TrackingStatus::delivered},
     Proof::weak_signature},
    {"STO",
     "sto",
     7,
     {{"from_appkey", StoAccount{}.from_appkey},
      {"from_code", StoAccount{}.from_code},
      {"secret_key", StoAccount{}.secret_key},
      {"order_source", StoAccount{}.order_source},
      {"site_code", StoAccount{}.site_code},
      {"customer_name", StoAccount{}.customer_name},
      {"site_password", StoAccount{}.site_password}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::collected, TrackingStatus::fee, TrackingStatus::in_transit, TrackingStatus::delivered},
     Proof::weak_signature,
     true,
     false},
    // Its path is signed, so that it is met at the root.
    {"JD",
     "",
     6,
     {{"app_key", JdAccount{}.app_key},
      {"app_secret", JdAccount{}.app_secret},
      {"access_token", JdAccount{}.access_token},
      {"customer_code", JdAccount{}.customer_code}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::in_transit, TrackingStatus::out_for_delivery, TrackingStatus::delivered},
     Proof::secret_url,
     false,
     false},
    {"JT",
     "jt/webopenplatformapi/api",
     6,
     {{"api_account", JtAccount{}.api_account},
      {"private_key", JtAccount{}.private_key},
      {"customer_code", JtAccount{}.customer_code},
      {"password", JtAccount{}.password}},
     {TrackingStatus::courier_assigned, TrackingStatus::collected, TrackingStatus::collected,
      TrackingStatus::in_transit, TrackingStatus::delivered, TrackingStatus::fee},
     Proof::weak_signature,
     true,
     true,
     1},
    {"DEPPON",
     "deppon",
     7,
     {{"company_code", DepponAccount{}.company_code},
      {"app_key", DepponAccount{}.app_key},
      {"customer_code", DepponAccount{}.customer_code},
      {"sign_prefix", DepponAccount{}.sign_prefix}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::collected, TrackingStatus::collected, TrackingStatus::in_transit,
      TrackingStatus::delivered, TrackingStatus::collected, TrackingStatus::in_transit,
      TrackingStatus::delivered},
     Proof::weak_signature,
     true,
     true,
     2,
     3},
    {"OPEN",
     "fleet",
     5,
     {{"secret", OpenAccount{}.secret}, {"push_secret", OpenAccount{}.push_secret}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::fee, TrackingStatus::in_transit, TrackingStatus::delivered},
     Proof::strong_signature},
    {"KDNIAO",
     "kdniao",
     5,
     {{"e_business_id", KdniaoAccount{}.e_business_id},
      {"api_key", KdniaoAccount{}.api_key},
      {"shipper_code", "JTSD"}},
     {TrackingStatus::accepted, TrackingStatus::courier_assigned, TrackingStatus::collected,
      TrackingStatus::in_transit, TrackingStatus::delivered},
     Proof::weak_signature,
     true,
     true,
     2,
     0,
     false},
    // Nothing is pushed before the collection.
    {"EMS",
     "ems/amp-prod-api/f/amp/api/open",
     4,
     {{"sender_no", EmsAccount{}.sender_no},
      {"authorization", EmsAccount{}.authorization},
      {"sign_key", EmsAccount{}.sign_key}},
     {TrackingStatus::collected, TrackingStatus::in_transit, TrackingStatus::out_for_delivery,
      TrackingStatus::delivered},
     Proof::secret_url,
     false,
     false,
     0},
};

class DialectsMeet : public testing::TestWithParam<Meeting> {
protected:
    DialectsMeet()
        : dialect_(courier::find_courier(GetParam().code)),
          receiver_([this](const http::Request& request) { return take(request); }),
          world_(fast_options(book_, receiver_.url())) {
        account_.base_url = world_->base_url(GetParam().root);
        account_.settings = GetParam().settings;
        const std::string own_url = receiver_.url();  // for couriers who are told with each order
        account_.settings["callback_base"] = own_url.substr(0, own_url.find('/', 7));
        moment_.now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        moment_.nonce = "7c1b2f3e-0000-4000-8000-000000000002";
        order_.reference.value = "RG00DDDDDDDD01";
        order_.sender = Party{"张三", "13800000000", "浙江省", "杭州市", "西湖区", "文三路1号"};
        order_.recipient = Party{"退货仓", "13900000000", "上海市", "上海市", "浦东新区", "世纪大道2号"};
        // Tomorrow: two hours from now may end on another day, which not every courier takes.
        const auto start = 10h;
        const auto tomorrow = shanghai(moment_.now + std::chrono::days(1)).date;
        order_.window = Window{from_shanghai(tomorrow, start), from_shanghai(tomorrow, start + 2h)};
        order_.parcel.description = "衣服";
    }

    // What the gateway does with a callback: prove it, read it, acknowledge it.
    http::Response take(const http::Request& request) {
        const Push push{request, moment_.now};
        const auto proof = dialect_->authenticate(account_, push);
        const auto events = dialect_->decode_push(account_, push);
        const std::lock_guard lock(mutex_);
        if (!proof || *proof != GetParam().proof || !events) {
            faults_ += request.body + "\n";
            return dialect_->acknowledge(account_, push, AckOutcome::refused);
        }
        for (const TrackingEvent& event : *events) {
            statuses_.push_back(event.status);
            keys_.insert(event.dedupe_key);
        }
        return dialect_->acknowledge(account_, push, AckOutcome::taken);
    }

    // The dialects' targets are whole paths below the courier's origin.
    std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

    http::Response send(const Result<http::Request>& request) {
        EXPECT_TRUE(request) << (request ? "" : request.error().message);
        const auto response = caller_.send(origin(), request.value_or(http::Request{}));
        EXPECT_TRUE(response);
        return response.value_or(http::Response{});
    }

    courier::Booking book() {
        const auto response = send(dialect_->encode_book(account_, moment_, order_));
        const auto booking = dialect_->decode_book(account_, order_, response);
        EXPECT_TRUE(booking) << response.body;
        return booking.value_or(courier::Booking{});
    }

    const Courier* dialect_;
    std::mutex mutex_;
    std::vector<TrackingStatus> statuses_;
    std::set<std::string> keys_;
    std::string faults_;
    Account account_;
    Moment moment_;
    BookingOrder order_;
    TemporaryFile book_;
    Receiver receiver_;
    WorldThread world_;
    Caller caller_;
    std::uint16_t port_ = world_->port();
};

TEST_P(DialectsMeet, ABookingIsUnderstoodAndItsWholeLifeIsReadBack) {
    ASSERT_TRUE(dialect_->check(account_));
    const courier::Booking booking = book();
    ASSERT_TRUE(booking.waybill);
    CourierDesk& desk = world_->courier(GetParam().code);
    EXPECT_EQ(desk.unproved_calls(), 0);
    EXPECT_EQ(*booking.waybill, desk.book().find(order_.reference.value)->waybill);

    (void)receiver_.wait_for(GetParam().pushes);
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(faults_, "");
    EXPECT_EQ(statuses_, GetParam().statuses);
    EXPECT_EQ(keys_.size() + GetParam().repeated_events, statuses_.size());
    // Nothing was sent twice: every acknowledgement was one to this courier.
    for (const Delivery& delivery : desk.callbacks().deliveries()) EXPECT_LE(delivery.attempts, 1);
}

TEST_P(DialectsMeet, TheQueryConfirmsTheCollection) {
    const courier::Booking booking = book();
    ASSERT_TRUE(booking.waybill);
    (void)receiver_.wait_for(GetParam().pushes);
    const auto response = send(dialect_->encode_track(account_, moment_, order_.reference, *booking.waybill));
    const auto events = dialect_->decode_track(account_, *booking.waybill, response);
    ASSERT_TRUE(events) << response.body;
    ASSERT_FALSE(events->empty());
    EXPECT_NE(std::ranges::find(*events, TrackingStatus::collected, &TrackingEvent::status), events->end());
    EXPECT_EQ(events->back().status, TrackingStatus::delivered);
}

TEST_P(DialectsMeet, ACancellationIsUnderstoodTwice) {
    Behaviour held;
    held.hold_before = Stage::accepted;
    world_->courier(GetParam().code).scripts().add(Call::book, Match{}, held);
    const courier::BookedOrder booked(order_.reference, book().courier_key);
    for (int i = 0; i < 2; ++i) {
        const auto response = send(dialect_->encode_cancel(account_, moment_, booked, "买家取消"));
        const bool is_plain = i == 0 || GetParam().tells_cancelled_from_failed;
        const auto cancelled = dialect_->decode_cancel(account_, order_.reference, response);
        EXPECT_TRUE(cancelled || (!is_plain && cancelled.error().kind == ErrorKind::rejected))
            << response.body;
    }
    EXPECT_FALSE(world_->courier(GetParam().code).book().find(order_.reference.value)->is_live);
}

TEST_P(DialectsMeet, ALostAnswerIsFoundAgain) {
    Behaviour lost;
    lost.answer = AnswerWay::close;
    world_->courier(GetParam().code).scripts().add(Call::book, Match{}, lost);
    const auto request = dialect_->encode_book(account_, moment_, order_);
    ASSERT_TRUE(request);
    EXPECT_FALSE(caller_.send(origin(), *request));
    const std::string waybill = world_->courier(GetParam().code).book().find(order_.reference.value)->waybill;
    if (dialect_->profile().lost_answer == courier::LostAnswer::find_by_reference) {
        const auto response = send(dialect_->encode_find(account_, moment_, order_.reference));
        const auto found = dialect_->decode_find(account_, order_.reference, response);
        ASSERT_TRUE(found) << response.body;
        if (GetParam().find_tells_all) {
            EXPECT_EQ(found->waybill, waybill);
        }
    } else if (dialect_->profile().lost_answer == courier::LostAnswer::repeat_same_reference) {
        const auto again = book();
        EXPECT_EQ(again.waybill.value_or(""), GetParam().repeat_tells_number ? waybill : "");
    }
    EXPECT_EQ(world_->courier(GetParam().code).book().all().size(), 1u);
}

TEST_P(DialectsMeet, AnOrderIsFoundByTheNameThatItsCourierGave) {
    if (!dialect_->profile().can(courier::Operation::find)) return;
    Behaviour held;
    held.hold_before = Stage::collected;
    world_->courier(GetParam().code).scripts().add(Call::book, Match{}, held);
    const courier::Booking booking = book();
    (void)receiver_.wait_for(GetParam().pushes_before_collection);
    const courier::BookedOrder booked(order_.reference, booking.courier_key);
    const auto response = send(dialect_->encode_find(account_, moment_, booked));
    const auto found = dialect_->decode_find(account_, order_.reference, response);
    ASSERT_TRUE(found) << response.body;
    if (!GetParam().find_tells_all) return;
    EXPECT_EQ(found->state, courier::BookingState::accepted);
    EXPECT_EQ(found->waybill, booking.waybill);
    EXPECT_EQ(found->carrying_courier, booking.carrying_courier);
}

TEST_P(DialectsMeet, AuthenticGarbageIsMalformedAndNoEvent) {
    Behaviour bad;
    bad.sends_garbage = true;
    if (GetParam().pushes_before_collection > 0) bad.hold_before = Stage::collected;
    world_->courier(GetParam().code).scripts().add(Call::book, Match{}, bad);
    (void)book();
    const auto requests = receiver_.wait_for(2);
    const Push garbage{requests.at(0), moment_.now};
    ASSERT_TRUE(dialect_->authenticate(account_, garbage));
    const auto events = dialect_->decode_push(account_, garbage);
    ASSERT_FALSE(events);
    EXPECT_EQ(events.error().kind, ErrorKind::malformed);
}

INSTANTIATE_TEST_SUITE_P(Couriers, DialectsMeet, testing::ValuesIn(kMeetings),
                         [](const testing::TestParamInfo<Meeting>& meeting) {
                             return std::string(meeting.param.code);
                         });

}  // namespace
}  // namespace returngate::sandbox
