// Orders in JSON: strict, and for every courier of the registry the bytes that were recorded.
#include "gateway/commands/courier_order.hpp"

#include "gateway/commands/raw_request.hpp"
#include "tests/gateway/commands/recorded.hpp"

namespace returngate::commands {
namespace {

using courier::Operation;

constexpr Operation kOperations[] = {Operation::book,  Operation::cancel, Operation::find,
                                     Operation::track, Operation::price,  Operation::move};

class EncodedOrder : public ::testing::TestWithParam<const courier::Courier*> {
protected:
    const courier::Courier& courier() const { return *GetParam(); }
    conformance::Recording recording_ = conformance::load_recording(GetParam()->profile().code);
};
INSTANTIATE_TEST_SUITE_P(Registry, EncodedOrder, every_courier(), code_of);

TEST_P(EncodedOrder, IsTheRecordedRequest) {
    for (const auto& recorded : recording_.operations) {
        const auto request = encode_order(courier(), recording_.account, recorded.moment, recorded.operation,
                                          order_json(courier().profile().code, recorded.operation));
        ASSERT_TRUE(request) << to_string(recorded.operation) << request.error().message;
        EXPECT_EQ(conformance::render(*request), recorded.request);
        // And so it stays on its way through standard output.
        const auto bytes = render_raw_request(*request, recording_.account.base_url);
        ASSERT_TRUE(bytes) << bytes.error().message;
        auto read_back = parse_raw_request(*bytes);
        ASSERT_TRUE(read_back) << read_back.error().message;
        EXPECT_TRUE(read_back->headers.find("Host"));
        EXPECT_EQ(read_back->headers.find("Content-Length"), std::to_string(request->body.size()));
        read_back->headers = request->headers;
        EXPECT_EQ(conformance::render(*read_back), recorded.request);
    }
}

TEST_P(EncodedOrder, OfAnOperationThatTheCourierLacksSaysWhichItHas) {
    for (const Operation operation : kOperations) {
        if (courier().profile().can(operation)) continue;
        const auto request = encode_order(courier(), recording_.account, {}, operation, "{}");
        ASSERT_FALSE(request);
        EXPECT_EQ(request.error().kind, ErrorKind::unsupported);
        EXPECT_NE(request.error().message.find(to_string(operation)), std::string::npos);
        EXPECT_NE(request.error().message.find("book"), std::string::npos) << request.error().message;
    }
}

TEST_P(EncodedOrder, WithAnUnknownMemberIsRefusedByItsName) {
    for (const Operation operation : courier().profile().offers) {
        std::string order = order_json(courier().profile().code, operation);
        order.insert(1, R"("colour":"red",)");
        const auto request = encode_order(courier(), recording_.account, {}, operation, order);
        ASSERT_FALSE(request) << to_string(operation);
        EXPECT_EQ(request.error().kind, ErrorKind::invalid);
        EXPECT_NE(request.error().message.find("/colour"), std::string::npos) << request.error().message;
    }
}

// A dialect that takes whatever the reader made of an order.
class Taking : public ::testing::Test {
protected:
    const courier::Courier& sf_ = *courier::find_courier("SF");
    conformance::Recording recording_ = conformance::load_recording("SF");

    Result<http::Request> encode(Operation operation, std::string_view json) const {
        return encode_order(sf_, recording_.account, {}, operation, json);
    }
    std::string faults(Operation operation, std::string_view json) const {
        const auto request = encode(operation, json);
        EXPECT_FALSE(request) << json;
        return request ? "" : request.error().message;
    }
};
using Order = Taking;

TEST_F(Order, NamesEveryFaultAtOnce) {
    const std::string faults = this->faults(
        Operation::book, R"({"reference":"A","sender":{"nmae":"x","phone":1},)"
                         R"("window":{"start":"today","end":"2026-01-10T10:00:00Z"},"recipient":[],)"
                         R"("parcel":{"description":"x","quantity":0,"weight_grams":1.5}})");
    for (const std::string_view pointer :
         {"/sender/name:", "/sender/nmae:", "/sender/phone:", "/sender/city:", "/recipient:",
          "/window/start:", "/parcel/quantity:", "/parcel/weight_grams:"})
        EXPECT_NE(faults.find(pointer), std::string::npos) << pointer << " in " << faults;
}

TEST_F(Order, WindowEndsAfterItsStart) {
    const std::string order = order_json("SF", Operation::book);
    std::string turned = order;
    turned.replace(turned.find("\"start\""), 7, "\"tmp\"");
    turned.replace(turned.find("\"end\""), 5, "\"start\"");
    turned.replace(turned.find("\"tmp\""), 5, "\"end\"");
    EXPECT_NE(faults(Operation::book, turned).find("/window/end"), std::string::npos);
}

TEST_F(Order, MayLeaveOutWhatHasADefault) {
    EXPECT_TRUE(encode(Operation::cancel, R"({"reference":"RG01"})"));
    EXPECT_TRUE(encode(Operation::track, R"({"waybill":"SF7444400043266"})"));
    EXPECT_TRUE(encode(Operation::track, R"({"reference":"RG01"})"));
    EXPECT_FALSE(encode(Operation::track, "{}"));
    EXPECT_FALSE(encode(Operation::find, "{}"));
}

TEST_F(Order, IsOneJsonObject) {
    for (const std::string_view text : {"", "[]", "{", "{\"reference\":\"A\",\"reference\":\"B\"}", "null"})
        EXPECT_FALSE(encode(Operation::find, text)) << text;
}

TEST_F(Order, OfATrialNeedsNoReference) {
    std::string order = order_json("SF", Operation::book);
    const auto at = order.find("\"reference\"");
    order.erase(at, order.find(',', at) + 1 - at);
    EXPECT_TRUE(read_trial_order(order));
    EXPECT_FALSE(encode(Operation::book, order));
}

}  // namespace
}  // namespace returngate::commands
