// Kuaidi100's own protocol over real sockets: what it refuses, what it answers, whom it calls back.
#include <gtest/gtest.h>

#include "adapters/json/writer.hpp"
#include "adapters/sandbox/form.hpp"
#include "adapters/sandbox/signatures.hpp"
#include "tests/adapters/sandbox/support.hpp"

namespace returngate::sandbox {
namespace {

const Kuaidi100Account kAccount;

http::Request post_form(std::string target, const FormFields& fields) {
    http::Request request;
    request.method = "POST";
    request.target = std::move(target);
    request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    request.body = render_form(fields);
    return request;
}

http::Request order_call(const std::string& method, const std::string& param,
                         const std::string& secret = kAccount.secret) {
    const std::string t = "1735689600000";
    return post_form("/order/borderapi.do", {{"method", method},
                                             {"key", kAccount.key},
                                             {"sign", upper_hex_md5(param + t + kAccount.key + secret)},
                                             {"t", t},
                                             {"param", param}});
}

http::Request query(const std::string& number) {
    const std::string param = R"({"com":"jtexpress","num":")" + number + R"("})";
    return post_form("/poll/query.do", {{"customer", kAccount.customer},
                                        {"sign", upper_hex_md5(param + kAccount.key + kAccount.customer)},
                                        {"param", param}});
}

std::string booking(const std::string& reference, const std::string& callback_url,
                    const std::string& salt = "s4lt") {
    json::Writer w;
    w.begin_object().member("kuaidicom", "jtexpress");
    for (const char* role : {"recMan", "sendMan"}) {
        const std::string name(role);
        w.member(name + "Name", "张三").member(name + "Mobile", "13800000000");
        w.member(name + "PrintAddr", "浙江省杭州市西湖区文三路1号");
    }
    w.member("dayType", "今天").member("pickupStartTime", "14:00").member("pickupEndTime", "16:00");
    w.member("callBackUrl", callback_url).member("salt", salt).member("thirdOrderId", reference);
    return w.end_object().take();
}

http::Response kuaidi100_ack() {
    http::Response response;
    response.body = R"({"result":true,"returnCode":"200","message":"成功"})";
    return response;
}

class SandboxKuaidi100 : public testing::Test {
protected:
    json::Value send(const http::Request& request) {
        const auto response = caller_.send(world_->base_url("kuaidi100"), request);
        EXPECT_TRUE(response && response->status == 200);
        return response ? json::parse(response->body).value_or(json::Value{}) : json::Value{};
    }
    std::string order_url(const std::string& reference) {
        return receiver_.url() + "?reference=" + reference;
    }
    json::Value book(const std::string& reference) {
        return send(order_call("bOrder", booking(reference, order_url(reference))))["data"];
    }
    void script(std::string_view behaviour) {
        world_->courier("KUAIDI100")
            .scripts()
            .add(Call::book, Match{}, parse_behaviour(*json::parse(behaviour)).value());
    }
    static std::string named(const json::Value& order) {
        return R"({"taskId":")" + std::string(order["taskId"].string().value_or("")) + R"(","orderId":")" +
               std::string(order["orderId"].string().value_or("")) + R"(","cancelMsg":"买家取消"})";
    }

    TemporaryFile book_;
    Receiver receiver_{[](const http::Request&) { return kuaidi100_ack(); }};
    WorldThread world_{fast_options(book_)};
    Caller caller_;
};

TEST_F(SandboxKuaidi100, GivesTheFirstAnswerAgainForTheSameOrder) {
    const auto first = book("RG00EEEEEE01");
    const std::string number(first["kuaidinum"].string().value_or(""));
    EXPECT_EQ(number.size(), 15U);
    EXPECT_TRUE(number.starts_with("JT"));
    const auto again = send(order_call("bOrder", booking("RG00EEEEEE01", order_url("x"), "another")))["data"];
    EXPECT_EQ(again["kuaidinum"].string(), number);
    EXPECT_EQ(again["taskId"].string(), first["taskId"].string());
    EXPECT_EQ(world_->courier("KUAIDI100").book().all().size(), 1U);
}

TEST_F(SandboxKuaidi100, RefusesWrongSignaturesKeysMethodsAndMembersByCode) {
    const std::string param = booking("RG00EEEEEE02", order_url("RG00EEEEEE02"));
    EXPECT_EQ(send(order_call("bOrder", param, "another secret"))["returnCode"].string(), "503");
    EXPECT_EQ(send(order_call("noSuch", param))["returnCode"].string(), "400");
    EXPECT_EQ(send(order_call("bOrder", R"({"kuaidicom":"jtexpress"})"))["returnCode"].string(), "400");
    EXPECT_EQ(
        send(order_call("bOrder", booking("RG00EEEEEE02", "https://gw.example.com")))["returnCode"].string(),
        "700");
    http::Request stranger = order_call("bOrder", param);
    stranger.body.replace(stranger.body.find(kAccount.key), kAccount.key.size(), "STRANGERkey1");
    EXPECT_EQ(send(stranger)["returnCode"].string(), "600");
    EXPECT_TRUE(world_->courier("KUAIDI100").book().all().empty());
}

TEST_F(SandboxKuaidi100, CancelsByItsOwnNamesOnceAndSays500AfterThat) {
    script(R"({"hold_before":"collected"})");
    const auto order = book("RG00EEEEEE03");
    const std::string orders_own = R"({"taskId":"","orderId":""})";
    EXPECT_EQ(send(order_call("cancel", orders_own))["returnCode"].string(), "400");
    EXPECT_EQ(send(order_call("cancel", named(order)))["result"].boolean(), true);
    EXPECT_EQ(send(order_call("cancel", named(order)))["returnCode"].string(), "500");
    EXPECT_FALSE(world_->courier("KUAIDI100").book().find("RG00EEEEEE03")->is_live);
    EXPECT_EQ(send(order_call("detail", named(order)))["data"]["status"].string(), "9");
}

TEST_F(SandboxKuaidi100, CallsTheUrlOfTheOrderSignedWithItsSalt) {
    (void)book("RG00EEEEEE04");
    std::string states;
    for (const http::Request& callback : receiver_.wait_for(6)) {
        EXPECT_EQ(callback.target, "/callbacks/secret?reference=RG00EEEEEE04");
        const auto form = parse_form(callback.body).value_or(FormFields{});
        const std::string param(field(form, "param"));
        EXPECT_EQ(field(form, "sign"), upper_hex_md5(param + "s4lt"));
        states += std::string(json::parse(param)->operator[]("data")["status"].text().value_or("?")) + " ";
    }
    EXPECT_EQ(states, "1 2 10 15 101 13 ");
}

TEST_F(SandboxKuaidi100, TellsALateNumberByCallback) {
    script(R"({"waybill":"later","hold_before":"courier_assigned"})");
    EXPECT_EQ(book("RG00EEEEEE05")["kuaidinum"].string(), "");
    const auto form = parse_form(receiver_.wait_for(1).at(0).body).value_or(FormFields{});
    const auto param = json::parse(field(form, "param")).value_or(json::Value{});
    EXPECT_EQ(param["kuaidinum"].string(), world_->courier("KUAIDI100").book().find("RG00EEEEEE05")->waybill);
}

TEST_F(SandboxKuaidi100, TheQueryKnowsTheParcelOnceItIsCollected) {
    const std::string number(book("RG00EEEEEE06")["kuaidinum"].string().value_or(""));
    (void)receiver_.wait_for(6);
    const auto traces = send(query(number));
    EXPECT_EQ(traces["state"].string(), "3");
    ASSERT_EQ(traces["data"].items().size(), 3U);
    EXPECT_EQ(traces["data"].items()[2]["statusCode"].string(), "1");
    EXPECT_EQ(send(query("JT3600000000000"))["returnCode"].string(), "500");
}

TEST_F(SandboxKuaidi100, ARefusalIsTheCarriersAndTakesNothingDown) {
    script(R"({"answer":"refuse"})");
    const auto refused = send(order_call("bOrder", booking("RG00EEEEEE07", order_url("RG00EEEEEE07"))));
    EXPECT_EQ(refused["returnCode"].string(), "500");
    EXPECT_TRUE(world_->courier("KUAIDI100").book().all().empty());
}

TEST_F(SandboxKuaidi100, AForgeryCarriesNoValidSignature) {
    script(R"({"sends_forgery":true,"hold_before":"courier_assigned"})");
    (void)book("RG00EEEEEE08");
    const auto form = parse_form(receiver_.wait_for(2).at(1).body).value_or(FormFields{});
    EXPECT_NE(field(form, "sign"), upper_hex_md5(std::string(field(form, "param")) + "s4lt"));
    EXPECT_EQ(world_->courier("KUAIDI100").book().find("RG00EEEEEE08")->stage, Stage::accepted);
}

}  // namespace
}  // namespace returngate::sandbox
