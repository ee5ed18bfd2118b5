// Wiring of a scene, and the bodies that its parties send.
#include "tests/e2e/scene.hpp"

#include <algorithm>
#include <array>
#include <future>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "adapters/sandbox/world.hpp"

namespace returngate::e2e {
namespace {

using testing::GatewaySecrets;
using testing::own_file_of;
using testing::PlainRequest;
using testing::secret_in;

struct KeyRequest {
    As caller;
    const char* word;
    const char* seller;
    const char* owner = nullptr;  // absent: one for each word
};
constexpr std::array kKeyRequests{
    KeyRequest{As::platform, "platform", nullptr}, KeyRequest{As::buyer_app, "buyer-app", nullptr},
    KeyRequest{As::seller, "seller", "seller-a"},  KeyRequest{As::other_seller, "seller", "seller-b"},
    KeyRequest{As::finance, "finance", nullptr},   KeyRequest{As::operations, "operations", nullptr},
};
constexpr std::array kSecondPersons{
    KeyRequest{As::superior, "seller", "seller-a", "e2e superior"},
    KeyRequest{As::second_operations, "operations", nullptr, "e2e second"},
};
constexpr std::chrono::seconds kPatience{60};

// Couriers with a configuration file of their own.
struct FurtherCourier {
    std::string_view code;
    std::string_view root{};                 // in the sandbox
    std::string_view our_origin{};           // the setting that names it
    std::string_view their_second_origin{};  // likewise
    bool has_one_url = true;                 // else each order names where to call back
};
constexpr std::array kFurtherCouriers{
    FurtherCourier{.code = "DEPPON", .their_second_origin = "query_base_url"},
    FurtherCourier{.code = "EMS"},
    FurtherCourier{.code = "JD"},
    FurtherCourier{.code = "JT", .root = "/webopenplatformapi/api"},
    FurtherCourier{.code = "KDNIAO"},
    FurtherCourier{.code = "KUAIDI100", .our_origin = "callback_base", .has_one_url = false},
    FurtherCourier{.code = "OPEN", .root = "/fleet"},
    FurtherCourier{.code = "STO"},
    FurtherCourier{.code = "ZTO"},
};

std::string callback_token_of(std::string_view code) {
    std::string file;
    std::ranges::transform(code, std::back_inserter(file),
                           [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return secret_in(file + "_callback_token");
}

void migrate(const std::string& dsn) {
    const testing::TemporaryFolder folder;
    const auto file = testing::write_gateway_files(
        folder.path(), {.dsn = dsn, .port = 1, .world_url = "http://127.0.0.1:1", .settings = {}});
    (void)testing::run_returngate({"migrate", "--config", file.string()});
}

std::string create_key(const KeyRequest& request, const std::filesystem::path& configuration) {
    std::vector<std::string> arguments{
        "keys",     "create",
        "--config", configuration.string(),
        "--caller", request.word,
        "--owner",  request.owner != nullptr ? request.owner : std::string("e2e ") + request.word};
    if (request.seller != nullptr) arguments.insert(arguments.end(), {"--seller", request.seller});
    std::string key = testing::run_returngate(arguments);
    while (key.ends_with('\n')) key.pop_back();
    return key;
}

std::string seller_body() {
    json::Writer w;
    w.begin_object().member("name", "示例女装店").member("pilot", true).key("return_address");
    write_party(w, "退货仓", "上海市", "世纪大道2号");
    return w.end_object().take();
}

json::Value parsed(const PlainAnswer& answer) {
    return json::parse(answer.body).value_or(json::Value());
}

// A failed step shows what was answered.
void expect_good(const PlainAnswer& answer, const std::string& step) {
    EXPECT_TRUE(answer.is_good()) << step << " was answered " << answer.status << ": " << answer.body;
}

sandbox::Options world_options(const SceneOptions& options, const std::filesystem::path& folder,
                               std::uint16_t callback_port, std::chrono::seconds clock_offset) {
    const GatewaySecrets secrets;
    const std::string gateway = "http://127.0.0.1:" + std::to_string(callback_port) + "/v1/couriers/";
    sandbox::Options world = couriers_that_know_us();
    world.callback_urls["YTO"] = gateway + "YTO/callbacks/" + secrets.yto_callback_token;
    world.callback_urls["SF"] = gateway + "SF/callbacks/" + secrets.sf_callback_token;
    for (const FurtherCourier& courier : kFurtherCouriers)
        if (courier.has_one_url)
            world.callback_urls[std::string(courier.code)] =
                gateway + std::string(courier.code) + "/callbacks/" + callback_token_of(courier.code);
    world.provider_book = folder / "provider.book";
    world.provider_api_key = secrets.payout;
    world.pace.speed = options.speed;
    world.clock_offset = clock_offset;
    world.clock = options.clock;
    return world;
}

std::vector<TomlSetting> own_settings(const std::string& code, int priority, const std::string& world_url,
                                      std::uint16_t callback_port) {
    const auto* courier = std::ranges::find(kFurtherCouriers, code, &FurtherCourier::code);
    if (courier == kFurtherCouriers.end()) throw std::invalid_argument("no account of " + code);
    const std::string table = "couriers." + code;
    const std::string root = world_url + std::string(courier->root);
    std::vector<TomlSetting> settings{{"couriers.toml", table, "priority", std::to_string(priority)},
                                      {"couriers.toml", table, "base_url", json::quoted(root)},
                                      {"couriers.toml", table, "timeout_ms", "700"}};
    const auto set = [&](std::string_view key, const std::string& value) {
        if (!key.empty())
            settings.push_back({"couriers.toml", table + ".settings", std::string(key), json::quoted(value)});
    };
    set(courier->our_origin, "http://127.0.0.1:" + std::to_string(callback_port));
    set(courier->their_second_origin, world_url);
    return settings;
}

std::vector<std::pair<std::string, int>> own_couriers(const SceneOptions& options) {
    auto couriers = options.further;
    if (!own_file_of(options.first).empty()) couriers.emplace_back(options.first, 5);
    return couriers;
}

std::vector<TomlSetting> settings_of(const SceneOptions& options, const std::string& world_url,
                                     std::uint16_t callback_port) {
    const bool is_sf_first = options.first == "SF";
    std::vector<TomlSetting> settings{
        {"couriers.toml", "couriers.YTO", "priority", is_sf_first ? "20" : "10"},
        {"couriers.toml", "couriers.SF", "priority", is_sf_first ? "10" : "20"}};
    for (const auto& [code, priority] : own_couriers(options))
        std::ranges::move(own_settings(code, priority, world_url, callback_port),
                          std::back_inserter(settings));
    settings.insert(settings.end(), options.settings.begin(), options.settings.end());
    return settings;
}

}  // namespace

sandbox::Options couriers_that_know_us() {
    const GatewaySecrets secrets;
    sandbox::Options world;
    // As config/couriers.toml spells what the couriers issued.
    world.yto = {"CUSTOMER", "TOKEN", secrets.yto, secrets.yto_push};
    world.sf = {"PARTNERID", secrets.sf, "standard"};
    world.kuaidi100 = {secrets.kuaidi100_key, secrets.kuaidi100, "CUSTOMER"};
    world.zto = {"APPKEY", secret_in("zto_app_secret")};
    world.sto = {"APPKEY", "CODE",         secret_in("sto_secret_key"),   "SOURCE",
                 "666666", "666666000001", secret_in("sto_site_password")};
    world.jd = {"APPKEY", secret_in("jd_app_secret"), secret_in("jd_access_token"), "010K000001"};
    world.jt = {"APIACCOUNT", secret_in("jt_private_key"), "CUSTOMERCODE", secret_in("jt_password")};
    world.deppon = {"COMPANYCODE", secret_in("deppon_app_key"), "CUSTOMERCODE", "SIGN"};
    world.open = {secret_in("open_secret"), secret_in("open_push_secret")};
    world.ems = {"1100000000000", secret_in("ems_authorization"), secret_in("ems_sign_key")};
    world.kdniao = {"EBUSINESSID", secret_in("kdniao_api_key")};
    return world;
}

struct Scene::World {
    explicit World(sandbox::Options options) : thread(std::move(options)) {}
    sandbox::WorldThread thread;
};

Scene::Scene(SceneOptions options)
    : options_(std::move(options)), database_("returngate_e2e", migrate, options_.cluster) {
    const auto clock_offset = options_.clock ? std::chrono::seconds(0) : testing::offset_to_ten_in_shanghai();
    std::vector<std::uint16_t> ports;
    for (int i = 0; i < options_.gateways; ++i) ports.push_back(testing::free_port());
    world_ = std::make_unique<World>(world_options(options_, folder_.path(), ports.front(), clock_offset));
    if (options_.detour)
        std::ranges::move(options_.detour(world_->thread->port()), std::back_inserter(options_.settings));
    for (std::size_t i = 0; i < ports.size(); ++i) {
        const auto folder = folder_.path() / ("gateway" + std::to_string(i));
        std::filesystem::create_directory(folder);
        const std::string world_url = "http://127.0.0.1:" + std::to_string(world_->thread->port());
        testing::GatewayFiles files{options_.link ? options_.link(dsn()) : dsn(), ports[i], world_url,
                                    clock_offset, settings_of(options_, world_url, ports.front())};
        for (const auto& [code, priority] : own_couriers(options_))
            files.more_couriers.push_back(own_file_of(code));
        const auto configuration = testing::write_gateway_files(folder, files);
        if (i == 0) create_keys(configuration);
        gateways_.push_back(
            std::make_unique<testing::GatewayProcess>(configuration, ports[i], folder / "gateway.log"));
        gateways_.back()->start();
    }
    put_sellers();
}

Scene::~Scene() {
    for (const auto& gateway : gateways_) {
        gateway->kill_outright();
        if (::testing::Test::HasFailure())
            std::cerr << "--- the gateway's log ends:\n" << gateway->end_of_log() << '\n';
    }
}

void Scene::create_keys(const std::filesystem::path& configuration) {
    std::vector<KeyRequest> requests(kKeyRequests.begin(), kKeyRequests.end());
    if (options_.has_second_persons)
        requests.insert(requests.end(), kSecondPersons.begin(), kSecondPersons.end());
    std::vector<std::future<std::string>> made;
    for (const auto& request : requests)
        made.push_back(
            std::async(std::launch::async, create_key, std::cref(request), std::cref(configuration)));
    for (auto& key : made) keys_.push_back(key.get());
}

void Scene::put_sellers() {
    for (const char* seller : {"seller-a", "seller-b"}) {
        const std::string target = std::string("/v1/sellers/") + seller;
        expect_good(call(As::platform, "PUT", target, {.body = seller_body()}), "PUT " + target);
    }
}

PlainRequest Scene::request(As caller, std::string method, std::string target, CallOptions options) const {
    PlainRequest made{gateways_.at(options.gateway)->port(), std::move(method), std::move(target), {}, {}};
    made.headers.emplace_back("Authorization", "Bearer " + key(caller));
    if (!options.idempotency_key.empty())
        made.headers.emplace_back("Idempotency-Key", options.idempotency_key);
    if (!options.body.empty()) made.headers.emplace_back("Content-Type", "application/json");
    made.body = std::move(options.body);
    return made;
}

PlainAnswer Scene::call(As caller, std::string method, std::string target, CallOptions options) const {
    return testing::send_plain(request(caller, std::move(method), std::move(target), std::move(options)));
}

std::string Scene::callback_target(std::string_view courier) const {
    const GatewaySecrets secrets;
    const std::string& token = courier == "YTO"  ? secrets.yto_callback_token
                               : courier == "SF" ? secrets.sf_callback_token
                                                 : secrets.kuaidi100_callback_token;
    return "/v1/couriers/" + std::string(courier) + "/callbacks/" + token;
}

PlainAnswer Scene::call_back(std::string_view courier, std::string_view content_type, const std::string& body,
                             std::size_t gateway) const {
    const PlainRequest push{gateways_.at(gateway)->port(),
                            "POST",
                            callback_target(courier),
                            {{"Content-Type", std::string(content_type)}},
                            body};
    return testing::send_plain(push);
}

Shopper Scene::new_shopper(std::int64_t amount_fen) {
    const std::string name = std::to_string(++shoppers_);
    return {"buyer-" + name, "order-" + name,        "after-sale-" + name,
            "payee-" + name, "文三路" + name + "号", amount_fen};
}

void Scene::introduce(const Shopper& shopper, int stars, std::optional<std::int64_t> line_fen) {
    json::Writer trust;
    trust.begin_object().member("stars", stars);
    if (line_fen) trust.member("line_fen", *line_fen);
    const std::string trust_target = "/v1/buyers/" + shopper.buyer + "/trust";
    expect_good(call(As::platform, "PUT", trust_target, {.body = trust.end_object().take()}),
                "PUT " + trust_target);
    const std::string order_target = "/v1/orders/" + shopper.order;
    expect_good(call(As::platform, "PUT", order_target, {.body = order_body(shopper)}),
                "PUT " + order_target);
}

Shopper Scene::introduced(std::int64_t amount_fen, int stars) {
    Shopper shopper = new_shopper(amount_fen);
    introduce(shopper, stars);
    return shopper;
}

std::string Scene::apply(const Shopper& shopper, bool with_pickup) {
    const auto answer =
        call(As::buyer_app, "POST", "/v1/returns", {.body = application_body(shopper, with_pickup)});
    expect_good(answer, "POST /v1/returns");
    return std::string(parsed(answer)["return_id"].string().value_or(""));
}

std::string Scene::book_pickup(const Shopper& shopper, const std::string& return_id) {
    const auto answer = call(As::buyer_app, "POST", "/v1/returns/" + return_id + "/pickup",
                             {.body = pickup_body(shopper), .idempotency_key = "pickup-" + return_id});
    expect_good(answer, "POST pickup");
    return std::string(parsed(answer)["pickup_id"].string().value_or(""));
}

json::Value Scene::get(As caller, const std::string& target) const {
    const auto answer = call(caller, "GET", target);
    expect_good(answer, "GET " + target);
    return parsed(answer);
}

Timeline Scene::timeline(const std::string& return_id) const {
    const json::Value body = get(As::buyer_app, "/v1/returns/" + return_id + "/timeline");
    Timeline timeline;
    for (const auto& event : body["events"].items())
        timeline.events.push_back({event["seq"].integer().value_or(0),
                                   std::string(event["at"].string().value_or("")),
                                   std::string(event["type"].string().value_or("")), event["data"]});
    return timeline;
}

::testing::AssertionResult Scene::comes_to(const std::string& return_id, std::string_view type) const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    Timeline seen;
    while (std::chrono::steady_clock::now() < deadline && !::testing::Test::HasFailure()) {
        seen = timeline(return_id);
        if (seen.count(type) > 0) return ::testing::AssertionSuccess();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return ::testing::AssertionFailure() << return_id << " did not come to " << type << ":" << seen.words();
}

void Scene::receive_and_recover(const Shopper& shopper, const std::string& return_id) {
    ASSERT_TRUE(comes_to(return_id, "parcel.delivered"));
    ASSERT_TRUE(comes_to(return_id, "advance.paid"));
    expect_good(call(As::seller, "POST", "/v1/returns/" + return_id + "/receipt",
                     {.body = R"({"outcome":"confirmed"})", .idempotency_key = "receipt-" + return_id}),
                "POST receipt");
    json::Writer w;
    w.begin_object().member("return_id", return_id).member("amount_fen", shopper.amount_fen);
    w.member("currency", "CNY").member("reference", "escrow-" + return_id).end_object();
    expect_good(call(As::platform, "POST", "/v1/finance/recoveries",
                     {.body = w.take(), .idempotency_key = "recovery-" + return_id}),
                "POST recovery");
}

json::Value Scene::ask_world(const std::string& method, const std::string& target,
                             const std::string& body) const {
    const PlainRequest question{world_->thread->port(), method, "/sandbox" + target, {}, body};
    const auto answer = testing::send_plain(question);
    expect_good(answer, "the sandbox's " + target);
    return parsed(answer);
}

void Scene::script(std::string_view courier, std::string_view call, std::string_view behaviour,
                   std::string_view match) {
    json::Writer w;
    w.begin_object().member("courier", courier).member("call", call).member("match", match);
    w.raw_member("behaviour", behaviour).end_object();
    ask_world("POST", "/script", w.take());
}

void Scene::script_provider(std::string_view behaviour, std::string_view match, std::string_view key) {
    json::Writer w;
    w.begin_object().member("courier", "provider").member("match", match).member_if_set("key", key);
    w.raw_member("behaviour", behaviour).end_object();
    ask_world("POST", "/script", w.take());
}

void Scene::clear_script(std::string_view actor) {
    ask_world("DELETE", "/script?courier=" + std::string(actor));
}

void Scene::advance(std::string_view courier, const std::string& reference, std::string_view stage,
                    std::string_view hold_before) {
    json::Writer w;
    w.begin_object().member("courier", courier).member("reference", reference).member("stage", stage);
    w.member_if_set("hold_before", hold_before).end_object();
    ask_world("POST", "/advance", w.take());
}

json::Value Scene::hand_in(std::string_view courier) {
    json::Writer w;
    w.begin_object().member("courier", courier).end_object();
    return ask_world("POST", "/parcel", w.take());
}

json::Value Scene::courier_book(std::string_view courier) const {
    return ask_world("GET", "/couriers/" + std::string(courier) + "/book");
}

json::Value Scene::deliveries(std::string_view courier) const {
    return ask_world("GET", "/couriers/" + std::string(courier) + "/callbacks");
}

json::Value Scene::provider_book() const {
    return ask_world("GET", "/provider/book");
}

json::Value Scene::provider_attempts() const {
    return ask_world("GET", "/provider/attempts")["attempts"];
}

json::Value Scene::only_parcel(std::string_view courier) const {
    const json::Value book = courier_book(courier);
    const auto bookings = book["bookings"].items();
    return bookings.size() == 1 ? bookings[0] : json::Value();
}

int Timeline::count(std::string_view type) const {
    return static_cast<int>(std::ranges::count(events, type, &Event::type));
}

const Event* Timeline::first(std::string_view type) const {
    const auto found = std::ranges::find(events, type, &Event::type);
    return found == events.end() ? nullptr : &*found;
}

std::string Timeline::words() const {
    std::string words;
    for (const auto& event : events) words += " " + event.type;
    return words;
}

void write_party(json::Writer& w, std::string_view name, std::string_view city, std::string_view address) {
    w.begin_object()
        .member("name", name)
        .member("phone", "13800000000")
        .member("province", city)
        .member("city", city)
        .member("address", address)
        .end_object();
}

std::string order_body(const Shopper& shopper) {
    const Instant now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) +
                        testing::offset_to_ten_in_shanghai();
    json::Writer w;
    w.begin_object().member("buyer_id", shopper.buyer).member("seller_id", "seller-a");
    w.key("items").begin_array().begin_object();
    w.member("item_id", "item-1").member("title", "连衣裙").member("quantity", 1);
    w.member("amount_fen", shopper.amount_fen).end_object().end_array();
    w.member("paid_fen", shopper.amount_fen).member("currency", "CNY");
    w.member("trade_kind", "ordinary").member("category", "womens_wear").member("state", "received");
    w.member("received_at", format_rfc3339(now - std::chrono::days(2)));
    w.key("outbound").begin_object().member("courier", shopper.outbound_courier);
    w.member("waybill", shopper.outbound_waybill).end_object();
    w.member("payee_reference", shopper.payee).member("payment_reference", "payment-" + shopper.order);
    return w.member("provider", "sandbox").end_object().take();
}

namespace {

void write_pickup(json::Writer& w, const Shopper& shopper) {
    w.begin_object().member("now", true).key("contact");
    write_party(w, "张三", "杭州市", shopper.door);
    w.end_object();
}

}  // namespace

std::string application_body(const Shopper& shopper, bool with_pickup) {
    json::Writer w;
    w.begin_object().member("buyer_id", shopper.buyer).member("order_id", shopper.order);
    w.member("after_sale_id", shopper.after_sale).key("items").begin_array().begin_object();
    w.member("item_id", "item-1").member("quantity", 1).end_object().end_array();
    w.member("reason", "seven_day_no_reason").key("pictures").begin_array().value("picture-1").end_array();
    if (with_pickup) {
        w.key("pickup");
        write_pickup(w, shopper);
    }
    return w.end_object().take();
}

std::string pickup_body(const Shopper& shopper) {
    json::Writer w;
    write_pickup(w, shopper);
    return w.take();
}

}  // namespace returngate::e2e
