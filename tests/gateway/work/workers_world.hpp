// A gateway's workers over a database, with SF, YTO and a payment provider that answer by script.
#pragma once

#include <boost/asio/io_context.hpp>
#include <spdlog/spdlog.h>

#include "adapters/payout/sandbox/sandbox.hpp"
#include "gateway/work/workers.hpp"
#include "src/waybill/check.hpp"
#include "tests/gateway/pipeline/world.hpp"
#include "tests/gateway/work/scripted_client.hpp"

namespace returngate::test {

using namespace std::chrono_literals;
using work::Workers;

inline constexpr const char* kSfBook = "SF EXP_RECE_CREATE_ORDER";
inline constexpr const char* kSfFind = "SF EXP_RECE_SEARCH_ORDER_RESP";
inline constexpr const char* kSfCancel = "SF EXP_RECE_UPDATE_ORDER";
inline constexpr const char* kSfTrack = "SF EXP_RECE_SEARCH_ROUTES";
inline constexpr const char* kYtoBook = "YTO privacy_create_adapter";
inline constexpr const char* kYtoCancel = "YTO korder_cancel_adapter";
inline constexpr const char* kPay = "POST /payouts";
inline constexpr const char* kAsk = "GET /payouts/KEY";

// A number with SF's check digit that is nobody's sample.
inline std::string sf_number() {
    for (long candidate = 1486203957100; candidate < 1486203957200; ++candidate) {
        auto number = "SF" + std::to_string(candidate);
        if (waybill::check(number, "SF").verdict == waybill::Verdict::ok) return number;
    }
    ADD_FAILURE() << "no number passes";
    return {};
}

inline CourierOptions a_courier(std::string_view code, std::string_view base_url,
                                std::map<std::string, std::string> settings) {
    CourierOptions options;
    options.code.value = code;
    options.account.base_url = base_url;
    options.account.settings = std::move(settings);
    return options;
}

inline Configuration a_configuration(const std::string& dsn) {
    Configuration configuration;
    configuration.database.dsn = dsn;
    configuration.drain = 0s;
    configuration.workers.poll = 5ms;
    configuration.payout.base_url = "http://provider.test";
    configuration.couriers = {a_courier("SF", "http://sf.test", {{"partner_id", "P"}, {"secret", "S"}}),
                              a_courier("YTO", "http://yto.test",
                                        {{"book_path", "/open/privacy_create_adapter/v1/T/C"},
                                         {"cancel_path", "/open/korder_cancel_adapter/v1/T/C"},
                                         {"track_path", "/open/track_query_adapter/v1/T/C"},
                                         {"secret", "S"}})};
    return configuration;
}

inline Policy sf_then_yto() {
    Policy policy;
    CourierTerms sf;
    sf.code.value = "SF";
    sf.priority = 10;
    sf.finds_by_reference = true;
    sf.moves_bookings = true;
    CourierTerms yto;
    yto.code.value = "YTO";
    yto.priority = 20;
    yto.accepts_by_answer = false;
    yto.repeats_reference = true;
    policy.couriers = {sf, yto};
    return policy;
}

class WorkersWorld : public World {
protected:
    WorkersWorld() {
        outside_.on(kSfBook,
                    [this](const std::string& body) { return ok(sf_booking(reference_in(body), number_)); });
        outside_.on(kYtoBook, [this](const std::string& body) {
            return ok(yto_booking(reference_in(body), trade_.waybill));
        });
        outside_.on(kPay, [this](const std::string& body) {
            const auto order = json::parse(body).value();
            return ok(outside_.pay(std::string(order["key"].string().value()),
                                   std::string(order["payee_reference"].string().value()),
                                   order["amount_fen"].integer().value()));
        });
        outside_.on(kAsk, [this](const std::string& target) { return outside_.look_up(target.substr(9)); });
        const auto address = detail::to_hex(ContactId{{0, 7}}.bytes);
        database_.run("INSERT INTO contact VALUES (0, '" + address +
                      "', 'return_address', '某店', '13900000002', '广东省', '广州市', '', '某街 2 号', '')");
        database_.run("INSERT INTO seller VALUES ('" + kSeller.value + "', '某店', true, '" + address +
                      "', now())");
    }

    static GatewaySetup with_policy(Policy policy) {
        GatewaySetup setup;
        setup.policy = std::move(policy);
        return setup;
    }
    void start() {
        // As the program does, before it has threads: spdlog makes its logger on first use.
        (void)spdlog::default_logger();
        workers_ = std::make_unique<Workers>(work::WorkersContext{
            configuration_, *provider_, clock_, random_, gateway_.pipeline(), breakers_,
            [this](bool halted) { is_halted_ = halted; },
            [this](boost::asio::io_context& io) { return std::make_unique<ScriptedClient>(io, outside_); }});
    }
    void stop() { workers_.reset(); }

    // An application with a pickup at once; the buyer's and the payee's contacts with it.
    void apply(Fen amount_fen = 9900) { apply(trade_, amount_fen); }
    void apply(const Trade& trade, Fen amount_fen) {
        auto put = a_submission(trade.put_order(amount_fen));
        put.contacts = {contact(trade.payee, "payee")};
        put.contacts[0].payee_reference = "payer-token";
        gateway_.must(std::move(put));
        gateway_.must(trade.set_trust());
        auto application = a_submission(trade.apply_with_pickup());
        application.contacts = {contact(trade.contact, "pickup")};
        gateway_.must(std::move(application));
    }
    static Contact contact(ContactId id, std::string kind) {
        return Contact{id,       std::move(kind), "张三", "13900000001", "浙江省", "杭州市",
                       "西湖区", "某路 1 号",     ""};
    }
    // Up to a committed advance whose payout is due; no worker has run.
    void bring_to_the_payout() {
        apply();
        const auto reference = reference_of(trade_);
        auto accepted = trade_.accepted(reference);
        accepted.waybill = number_;
        gateway_.must(accepted);
        gateway_.must(a_callback("SF", reference, {an_event(TrackingStatus::collected, at("10:00"))}, "body",
                                 Proof::strong_signature));
        ASSERT_EQ(count("advance WHERE state = 'committed'"), 1);
        database_.run("DELETE FROM job WHERE kind NOT IN ('pay', 'resolve_payout')");
        key_ = database_.text("SELECT provider_key FROM advance");
    }
    template <class Condition>
    void expect_soon(Condition holds, const char* what) {
        EXPECT_TRUE(testing::eventually(holds)) << what;
    }
    bool has(const std::string& rows) { return count(rows) > 0; }

    Outside outside_;
    Trade trade_{1};
    std::string number_ = sf_number();
    std::string key_;  // of the one advance; scripts run on another thread than the database's session
    Configuration configuration_ = a_configuration(database_.dsn());
    std::unique_ptr<payout::Provider> provider_ = payout::make_sandbox_provider({});
    SystemRandom random_;
    work::Breakers breakers_{{.hangs_after = std::chrono::milliseconds(100)}};
    std::atomic<bool> is_halted_{false};
    Gateway gateway_{database_.dsn(), clock_, with_policy(sf_then_yto())};
    std::unique_ptr<Workers> workers_;
};

}  // namespace returngate::test
