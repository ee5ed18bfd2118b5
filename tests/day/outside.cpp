// The couriers are the sandbox's, their books too; here is when they do what, and what goes wrong.
#include "tests/day/outside.hpp"

#include <algorithm>

#include "adapters/courier/registry.hpp"
#include "adapters/json/reader.hpp"
#include "adapters/json/writer.hpp"
#include "adapters/sandbox/options.hpp"

namespace returngate::test {
namespace {

using namespace std::chrono_literals;
using sandbox::Stage;

struct Account {
    const char* code;
    const char* base;  // behind https://CODE.test
    std::map<std::string, std::string> settings;
};

std::vector<Account> accounts() {
    const sandbox::Options box;
    const std::string token = "sandboxToken0123456789abcdef01234";
    const std::string back = "http://gateway.test";
    return {
        {"YTO",
         "",
         {{"book_path", "/open/privacy_create_adapter/v1/" + box.yto.token + "/" + box.yto.customer_code},
          {"cancel_path", "/open/korder_cancel_adapter/v1/" + box.yto.token + "/" + box.yto.customer_code},
          {"track_path", "/open/track_query_adapter/v1/" + box.yto.token + "/" + box.yto.customer_code},
          {"secret", box.yto.secret},
          {"push_secret", box.yto.push_secret}}},
        {"SF",
         "",
         {{"partner_id", box.sf.partner_id}, {"secret", box.sf.checkword}, {"digest_mode", "standard"}}},
        {"ZTO", "", {{"app_key", box.zto.app_key}, {"app_secret", box.zto.app_secret}}},
        {"STO",
         "/gateway/link.do",
         {{"from_appkey", box.sto.from_appkey},
          {"from_code", box.sto.from_code},
          {"secret_key", box.sto.secret_key},
          {"order_source", box.sto.order_source},
          {"site_code", box.sto.site_code},
          {"customer_name", box.sto.customer_name},
          {"site_password", box.sto.site_password}}},
        {"JT",
         "/webopenplatformapi/api",
         {{"api_account", box.jt.api_account},
          {"private_key", box.jt.private_key},
          {"customer_code", box.jt.customer_code},
          {"password", box.jt.password}}},
        {"JD",
         "",
         {{"app_key", box.jd.app_key},
          {"app_secret", box.jd.app_secret},
          {"access_token", box.jd.access_token},
          {"customer_code", box.jd.customer_code}}},
        {"EMS",
         "/amp-prod-api/f/amp/api/open",
         {{"sender_no", box.ems.sender_no},
          {"authorization", box.ems.authorization},
          {"sign_key", box.ems.sign_key}}},
        {"DEPPON",
         "",
         {{"company_code", box.deppon.company_code},
          {"app_key", box.deppon.app_key},
          {"customer_code", box.deppon.customer_code},
          {"sign_prefix", box.deppon.sign_prefix}}},
        {"YUNDA",
         "",
         {{"app_key", box.yunda.app_key},
          {"app_secret", box.yunda.app_secret},
          {"callback_base", back},
          {"callback_token", token}}},
        {"CAINIAO",
         "",
         {{"logistic_provider_id", box.cainiao.logistic_provider_id},
          {"secret", box.cainiao.secret},
          {"access_code", box.cainiao.access_code},
          {"cn_account_id", box.cainiao.cn_account_id},
          {"item_id", "3000000040"}}},
        {"KUAIDI100",
         "",
         {{"key", box.kuaidi100.key},
          {"secret", box.kuaidi100.secret},
          {"customer", box.kuaidi100.customer},
          {"carrier", "jtexpress"},
          {"callback_base", back},
          {"callback_token", token}}},
        {"KDNIAO",
         "",
         {{"e_business_id", box.kdniao.e_business_id},
          {"api_key", box.kdniao.api_key},
          {"shipper_code", "JTSD"}}},
        {"OPEN", "/fleet", {{"secret", box.open.secret}, {"push_secret", box.open.push_secret}}},
    };
}

std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

using Make = std::unique_ptr<sandbox::Dialect> (*)(const sandbox::WorldClock&);
const std::map<std::string, Make> kDialects{
    {"YTO", [](const sandbox::WorldClock& clock) { return sandbox::make_yto({}, clock); }},
    {"SF", [](const sandbox::WorldClock& clock) { return sandbox::make_sf({}, clock); }},
    {"ZTO", [](const sandbox::WorldClock&) { return sandbox::make_zto({}); }},
    {"STO", [](const sandbox::WorldClock&) { return sandbox::make_sto({}); }},
    {"JT", [](const sandbox::WorldClock&) { return sandbox::make_jt({}); }},
    {"JD", [](const sandbox::WorldClock&) { return sandbox::make_jd({}); }},
    {"EMS", [](const sandbox::WorldClock& clock) { return sandbox::make_ems({}, clock); }},
    {"DEPPON", [](const sandbox::WorldClock& clock) { return sandbox::make_deppon({}, clock); }},
    {"YUNDA", [](const sandbox::WorldClock&) { return sandbox::make_yunda({}); }},
    {"CAINIAO", [](const sandbox::WorldClock&) { return sandbox::make_cainiao({}); }},
    {"KUAIDI100", [](const sandbox::WorldClock&) { return sandbox::make_kuaidi100({}); }},
    {"KDNIAO", [](const sandbox::WorldClock& clock) { return sandbox::make_kdniao({}, clock); }},
    {"OPEN", [](const sandbox::WorldClock& clock) { return sandbox::make_open({}, clock); }},
};

Result<http::Response> lost(const char* code) {
    return fail(ErrorKind::in_doubt, code, "No answer came.");
}

http::Request request_of(const std::string& code, const sandbox::CallbackMessage& message) {
    http::Request request;
    request.method = "POST";
    request.target = "/v1/couriers/" + code + "/callbacks/token";
    if (const auto query = message.url.find('?'); query != std::string::npos)
        request.target += message.url.substr(query);
    request.headers.set("Content-Type", message.content_type);
    for (const auto& [name, value] : message.headers) request.headers.set(name, value);
    request.body = message.body;
    return request;
}

}  // namespace

Outside::Outside(Agenda& agenda, Chance& chance, Day& day) : agenda_(agenda), chance_(chance), day_(day) {
    for (const auto& account : accounts()) {
        CourierOptions contract;
        contract.code = CourierCode{account.code};
        contract.account.base_url = "https://" + lower(account.code) + ".test" + account.base;
        contract.account.settings = account.settings;
        contract.questions_per_minute = 6000;
        contracts_.push_back(std::move(contract));
        auto actor = std::make_unique<Actor>();
        actor->code = account.code;
        actor->shape = dialect_of(*actor)->shape();
        actor->book = std::make_unique<sandbox::ParcelBook>(actor->shape, 1 + chance.below(1U << 30U), 1);
        // Each one is away for twenty minutes of the day, one of them for three hours.
        const bool is_worst = std::string_view(account.code) == "ZTO";
        actor->dead_from = agenda.now + (is_worst ? 4h : 2h) + chance.between(0s, 9h);
        actor->dead_until = actor->dead_from + (is_worst ? 180min : 20min);
        actors_.push_back(std::move(actor));
    }
    strangers_ =
        std::make_unique<sandbox::NumberIssuer>(sandbox::NumberShape::yto, 1 + chance.below(1U << 30U));
}

std::unique_ptr<sandbox::Dialect> Outside::dialect_of(const Actor& actor) const {
    return kDialects.at(actor.code)(sandbox::WorldClock({}, [this] { return agenda_.now; }));
}

bool Outside::faulty(std::uint64_t one_in, const char* name) {
    const bool is_drawn = chance_.one_in(one_in);
    if (!is_drawn || is_healed_) return false;
    ++day_.counts[name];
    return true;
}

work::Breaker::Time Outside::breaker_time() const {
    return work::Breaker::Time(agenda_.now.time_since_epoch());
}

std::vector<CourierCode> Outside::open_breakers() const {
    std::vector<CourierCode> open;
    for (const auto& actor : actors_) {
        if (actor->breaker.is_open(breaker_time())) open.push_back(CourierCode{actor->code});
    }
    return open;
}

Result<http::Response> Outside::call(const std::string& host, const http::Request& request,
                                     Duration& latency) {
    latency = chance_.between(20ms, 300ms);
    if (host == "provider.test") return call_provider(request, latency);
    for (const auto& actor : actors_) {
        if (lower(actor->code) + ".test" != host) continue;
        if (!actor->breaker.allows(breaker_time())) {
            ++day_.counts["stopped by a breaker"];
            return fail(ErrorKind::unavailable, "breaker_open", "The courier has been failing; not asked.");
        }
        auto answer = call_courier(*actor, request, latency);
        answer ? actor->breaker.succeeded(breaker_time()) : actor->breaker.failed(breaker_time());
        return answer;
    }
    return fail(ErrorKind::unavailable, "no_such_host", "Nobody listens.");
}

Result<http::Response> Outside::call_courier(Actor& actor, const http::Request& request, Duration& latency) {
    const bool is_dead = agenda_.now >= actor.dead_from && agenda_.now < actor.dead_until;
    if (is_dead) {
        ++day_.counts["calls to a dead courier"];
        latency = 5s;
        return lost("timeout");
    }
    if (faulty(60, "lost questions")) return lost("reset");  // before anything was done
    auto dialect = dialect_of(actor);
    const auto read = dialect->read(request);
    if (const auto* refusal = std::get_if<http::Response>(&read)) {
        const bool is_understood = refusal->status < 400;  // and refused in its own words
        ++day_.counts[is_understood ? "calls that the courier refused"
                                    : "calls that the courier did not understand"];
        return *refusal;
    }
    ++day_.counts["calls to " + actor.code];
    auto answer = execute(actor, *dialect, std::get<sandbox::ReadCall>(read));
    if (faulty(30, "lost answers")) {
        latency = 5s;
        return lost("timeout");
    }
    return answer;
}

http::Response Outside::execute(Actor& actor, sandbox::Dialect& dialect, const sandbox::ReadCall& call) {
    using sandbox::Verdict;
    sandbox::Answered answered{call, Verdict::not_found, {}, {}};
    if (call.call == sandbox::Call::book) {
        if (faulty(40, "refused bookings")) {
            answered.verdict = Verdict::refused;
            return dialect.answer(answered);
        }
        const auto placement = actor.book->place(call.order, {});
        answered.parcel = placement.parcel;
        constexpr std::array kVerdicts{Verdict::done, Verdict::repeated, Verdict::changed,
                                       Verdict::cancelled_before};
        answered.verdict = kVerdicts.at(static_cast<std::size_t>(placement.verdict));
        if (placement.verdict == sandbox::Placed::fresh) begin_life(actor, call.order.reference);
    } else if (call.call == sandbox::Call::cancel) {
        constexpr std::array kVerdicts{Verdict::done, Verdict::cancelled_before, Verdict::too_late,
                                       Verdict::not_found};
        answered.verdict =
            kVerdicts.at(static_cast<std::size_t>(actor.book->cancel(call.reference, agenda_.now)));
        answered.parcel = actor.book->find(call.reference).value_or(sandbox::Parcel{});
        if (answered.verdict == Verdict::done)
            announce(actor, {answered.parcel, answered.parcel.events.back()}, {});
    } else {
        const auto parcel =
            call.waybill.empty() ? actor.book->find(call.reference) : actor.book->find_waybill(call.waybill);
        if (parcel) {
            answered.verdict = Verdict::done;
            answered.parcel = *parcel;
            if (call.call == sandbox::Call::track) answered.events = parcel->events;
        }
    }
    return dialect.answer(answered);
}

void Outside::begin_life(Actor& actor, const std::string& reference) {
    Fate fate;
    fate.is_silent = faulty(15, "silent parcels");
    fate.changes_number = !fate.is_silent && faulty(25, "replaced numbers");
    const bool is_forgotten = faulty(25, "forgotten bookings");
    const bool is_given_up = !is_forgotten && faulty(25, "bookings given up by the courier");
    const Instant taken = agenda_.now;
    if (!fate.is_silent && !is_forgotten && faulty(10, "early pushes")) {
        // Before our call has its answer.
        if (auto recorded = actor.book->record(reference, Stage::accepted, taken)) {
            const auto messages = dialect_of(actor)->callbacks(recorded->parcel, recorded->event);
            for (std::size_t nth = 0; nth < messages.size(); ++nth) send(actor, *recorded, nth, 0ms, 1);
        }
    }
    if (is_forgotten) return;
    const bool is_slow = faulty(20, "acceptances after five minutes");
    Instant when = taken + (is_slow ? chance_.between(6min, 30min) : chance_.between(400ms, 120s));
    plan_stage(actor, reference, Stage::accepted, when, fate);
    when += chance_.between(5s, 10min);
    plan_stage(actor, reference, Stage::courier_assigned, when, fate);
    when += chance_.between(5min, 90min);
    if (faulty(20, "pickups after the promise")) when += chance_.between(2h, 4h);
    if (is_given_up) return plan_stage(actor, reference, Stage::abandoned, when, fate);
    plan_stage(actor, reference, Stage::collected, when, fate);
    when += chance_.between(20min, 3h);
    plan_stage(actor, reference, Stage::in_transit, when, fate);
    plan_stage(actor, reference, Stage::delivered, when + chance_.between(2h, 8h), fate);
}

void Outside::plan_stage(Actor& actor, const std::string& reference, Stage stage, Instant when, Fate fate) {
    agenda_.at(when, [this, &actor, reference, stage, fate] {
        auto recorded = actor.book->record(reference, stage, agenda_.now);
        if (!recorded) return;
        if (stage == Stage::delivered && on_delivery_) on_delivery_(reference);
        announce(actor, std::move(*recorded), fate);
    });
}

void Outside::announce(Actor& actor, sandbox::Recorded recorded, Fate fate) {
    if (fate.is_silent) return;
    if (fate.changes_number && recorded.event.stage == Stage::in_transit)
        recorded.parcel.waybill = strangers_->next();
    const auto messages = dialect_of(actor)->callbacks(recorded.parcel, recorded.event);
    for (std::size_t nth = 0; nth < messages.size(); ++nth) {
        if (faulty(60, "callbacks that never came")) continue;
        Duration delay = chance_.between(30ms, 2s);
        if (faulty(25, "late callbacks")) delay += chance_.between(30min, 3h);
        if (faulty(25, "callbacks in the wrong order")) delay += chance_.between(5min, 20min);
        send(actor, recorded, nth, delay, 1);
        if (!faulty(12, "duplicate callbacks")) continue;
        send(actor, recorded, nth, delay + chance_.between(0s, 2s), 1);
        send(actor, recorded, nth, delay + chance_.between(1min, 60min), 1);
    }
}

void Outside::send(const Actor& actor, const sandbox::Recorded& recorded, std::size_t nth, Duration delay,
                   int attempt) {
    constexpr int kAttempts = 8;
    agenda_.in(delay, [this, &actor, recorded, nth, attempt] {
        ++day_.counts["callbacks"];
        const auto messages = dialect_of(actor)->callbacks(recorded.parcel, recorded.event);
        if (take_(actor.code, request_of(actor.code, messages.at(nth))) || attempt == kAttempts) return;
        ++day_.counts["callbacks sent again"];
        send(actor, recorded, nth, 1min, attempt + 1);
    });
}

std::string Outside::take_parcel(const std::string& code, const std::string& name) {
    for (const auto& actor : actors_) {
        if (actor->code != code) continue;
        sandbox::Order order;
        order.reference = name;
        const auto placed = actor->book->place(order, {});
        Fate fate;
        fate.is_silent = true;  // nobody calls back about what was not booked
        Instant when = agenda_.now + chance_.between(10min, 5h);
        plan_stage(*actor, name, Stage::collected, when, fate);
        plan_stage(*actor, name, Stage::in_transit, when += chance_.between(10min, 2h), fate);
        return placed.parcel.waybill;
    }
    return {};
}

Result<http::Response> Outside::call_provider(const http::Request& request, Duration& latency) {
    if (faulty(40, "lost payout questions")) return lost("reset");
    std::string key;
    if (request.method == "POST") {
        const auto order = json::parse(request.body).value();
        key = std::string(order["key"].string().value());
        Payout& payout = day_.payouts[key];
        if (payout.executions == 0) {
            payout.payee = std::string(order["payee_reference"].string().value());
            payout.amount_fen = order["amount_fen"].integer().value();
            payout.executions = 1;
        } else {
            ++day_.counts["payouts sent twice"];
        }
    } else {
        key = request.target.substr(request.target.rfind('/') + 1);
        ++day_.counts["payouts asked about"];
    }
    json::Writer w;
    const auto found = day_.payouts.find(key);
    if (found == day_.payouts.end()) {
        w.begin_object().member("code", "not_found").member("key", key).end_object();
        return http::Response{404, {}, w.take()};
    }
    if (faulty(20, "lost payout answers")) {
        latency = 10s;
        return lost("timeout");
    }
    w.begin_object().member("key", key).member("payee_reference", found->second.payee);
    w.member("amount_fen", found->second.amount_fen).member("currency", "CNY");
    w.member("status", "executed").member("reference", "trade-" + key).end_object();
    return http::Response{200, {}, w.take()};
}

}  // namespace returngate::test
