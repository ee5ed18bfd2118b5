// Our dialects against the sandbox's couriers that call nobody back: what they know has to be asked for.
#include <gtest/gtest.h>

#include "adapters/courier/registry.hpp"
#include "tests/adapters/sandbox/support.hpp"

namespace returngate::sandbox {
namespace {

using namespace std::chrono_literals;

struct Silent {
    std::string_view code;
    std::string_view root;  // of the courier, below the sandbox's origin
    std::map<std::string, std::string> settings;
    std::string_view secret;  // the setting
    std::optional<std::string_view> carrier;
};

const Silent kSilent[] = {
    {"YUNDA",
     "yunda",
     {{"app_key", YundaAccount{}.app_key},
      {"app_secret", YundaAccount{}.app_secret},
      {"callback_base", "https://returns.example.com"},
      {"callback_token", "sandboxToken0123456789abcdef01234"}},
     "app_secret",
     std::nullopt},
    {"CAINIAO",
     "cainiao/gateway/link.do",
     {{"logistic_provider_id", CainiaoAccount{}.logistic_provider_id},
      {"secret", CainiaoAccount{}.secret},
      {"access_code", CainiaoAccount{}.access_code},
      {"cn_account_id", CainiaoAccount{}.cn_account_id}},
     "secret",
     "YTO"},
};

class SilentCouriers : public testing::TestWithParam<Silent> {
protected:
    SilentCouriers() : dialect_(*courier::find_courier(GetParam().code)), world_(fast_options(book_)) {
        account_.base_url = world_->base_url(GetParam().root);
        account_.settings = GetParam().settings;
        moment_.now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        order_.reference.value = "RG00DDDDDDDD01";
        order_.sender = {"张三", "13800000000", "浙江省", "杭州市", "西湖区", "文三路1号"};
        order_.recipient = {"退货仓", "13900000000", "上海市", "上海市", "浦东新区", "世纪大道2号"};
        order_.window = Window{moment_.now, moment_.now + 2h};
        order_.parcel.description = "衣服";
    }

    http::Response send(const Result<http::Request>& request) {
        EXPECT_TRUE(request) << (request ? "" : request.error().message);
        const std::string origin = "http://127.0.0.1:" + std::to_string(world_->port());
        const auto response = caller_.send(origin, request.value_or(http::Request{}));
        EXPECT_TRUE(response);
        return response.value_or(http::Response{});
    }
    Result<courier::Booking> book() {
        const auto response = send(dialect_.encode_book(account_, moment_, order_));
        return dialect_.decode_book(account_, order_, response);
    }
    CourierDesk& desk() { return world_->courier(GetParam().code); }
    Parcel parcel() { return desk().book().find(order_.reference.value).value_or(Parcel{}); }
    void hold_before(Stage stage) {
        Behaviour held;
        held.hold_before = stage;
        desk().scripts().add(Call::book, {MatchKind::always, {}}, held);
    }

    const courier::Courier& dialect_;
    courier::Account account_;
    courier::Moment moment_;
    courier::BookingOrder order_;
    TemporaryFile book_;
    WorldThread world_;
    Caller caller_;
};

TEST_P(SilentCouriers, TellNoNumberWhenTheyTakeABooking) {
    const auto booking = book();
    ASSERT_TRUE(booking) << booking.error().message;
    EXPECT_EQ(booking->waybill, std::nullopt);
    EXPECT_EQ(desk().unproved_calls(), 0);
    EXPECT_FALSE(parcel().waybill.empty());
}

TEST_P(SilentCouriers, SayWhenAskedWhatBecameOfTheParcelAndCallNobody) {
    const auto booking = book();
    ASSERT_TRUE(booking);
    ASSERT_TRUE(eventually([this] { return parcel().stage == Stage::delivered; }));
    const std::string waybill = parcel().waybill;
    const courier::BookedOrder booked(order_.reference, booking->courier_key);
    const auto response = send(dialect_.encode_track_booking(account_, moment_, booked, waybill));
    const auto events = dialect_.decode_track(account_, waybill, response);
    ASSERT_TRUE(events) << response.body;
    ASSERT_FALSE(events->empty());
    EXPECT_EQ(events->back().status, TrackingStatus::delivered);
    EXPECT_EQ(events->back().waybill, waybill);
    EXPECT_TRUE(desk().callbacks().deliveries().empty());
}

TEST_P(SilentCouriers, NameTheNumberAndItsCarrierOnceTheParcelIsCollected) {
    if (!dialect_.profile().can(courier::Operation::find)) return;
    hold_before(Stage::in_transit);
    const auto booking = book();
    ASSERT_TRUE(booking);
    const courier::BookedOrder booked(order_.reference, booking->courier_key);
    ASSERT_TRUE(eventually([this] { return parcel().stage == Stage::collected; }));
    const auto response = send(dialect_.encode_find(account_, moment_, booked));
    const auto found = dialect_.decode_find(account_, order_.reference, response);
    ASSERT_TRUE(found) << response.body;
    EXPECT_EQ(found->waybill, parcel().waybill);
    EXPECT_EQ(found->carrying_courier, GetParam().carrier);
}

TEST_P(SilentCouriers, CancelWhatIsNotCollectedAndNothingElse) {
    hold_before(Stage::accepted);
    const auto booking = book();
    ASSERT_TRUE(booking);
    const courier::BookedOrder booked(order_.reference, booking->courier_key);
    const auto cancel = [&] {
        const auto response = send(dialect_.encode_cancel(account_, moment_, booked, "买家取消"));
        return dialect_.decode_cancel(account_, order_.reference, response);
    };
    EXPECT_TRUE(cancel());
    EXPECT_FALSE(parcel().is_live);
    const auto again = cancel();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, ErrorKind::rejected);
}

TEST_P(SilentCouriers, RefuseABookingUnderAnotherSecret) {
    account_.settings[std::string(GetParam().secret)] = "not-the-secret";
    const auto booking = book();
    ASSERT_FALSE(booking);
    EXPECT_EQ(booking.error().kind, ErrorKind::rejected);
    EXPECT_EQ(desk().unproved_calls(), 1);
    EXPECT_TRUE(desk().book().all().empty());
}

INSTANTIATE_TEST_SUITE_P(Couriers, SilentCouriers, testing::ValuesIn(kSilent),
                         [](const auto& silent) { return std::string(silent.param.code); });

}  // namespace
}  // namespace returngate::sandbox
