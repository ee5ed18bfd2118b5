// Wires the actors to one port.
#include "adapters/sandbox/world.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <stdexcept>

#include "adapters/sandbox/actors.hpp"

namespace returngate::sandbox {

namespace asio = boost::asio;

namespace {

struct Place {
    std::string_view first_segment;
    std::string_view actor;
};
// Each actor answers under its own name and at the root too, but for Cainiao, whose path is STO's.
constexpr auto kRootPlaces = std::to_array<Place>({
    {"open", "yto"},
    {"std", "sf"},
    {"order", "kuaidi100"},
    {"poll", "kuaidi100"},
    {"zto.open.createOrder", "zto"},
    {"zto.open.cancelPreOrder", "zto"},
    {"zto.open.getOrderInfo", "zto"},
    {"zto.merchant.waybill.track.query", "zto"},
    {"gateway", "sto"},
    {"ecap", "jd"},
    {"webopenplatformapi", "jt"},
    {"dop-interface-async", "deppon"},
    {"dop-interface-sync", "deppon"},
    {"fleet", "open"},
    {"api", "kdniao"},
    {"Ebusiness", "kdniao"},
    {"amp-prod-api", "ems"},
    {"openapi-api", "yunda"},
    {"openapi", "yunda"},
    {"payouts", "provider"},
    {"book", "provider"},
});

// Who is meant: "/yto/open/…" and "/open/…" are YTO's; the target is left as the actor knows it.
std::string take_actor(std::string& target) {
    const std::size_t end = std::min(target.find_first_of("/?", 1), target.size());
    std::string segment = target.empty() ? std::string() : target.substr(1, end - 1);
    for (const Place& place : kRootPlaces)
        if (place.first_segment == segment) return std::string(place.actor);
    target.erase(0, end);
    if (!target.starts_with('/')) target.insert(0, "/");
    return segment;
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

}  // namespace

World::World(asio::io_context& context, Options options)
    : context_(context),
      options_(std::move(options)),
      client_(http::make_client(context, http::ClientLimits{})) {
    const WorldClock clock(options_.clock_offset, options_.clock);
    std::vector<std::unique_ptr<Dialect>> dialects;
    dialects.push_back(make_yto(options_.yto, clock));
    dialects.push_back(make_sf(options_.sf, clock));
    dialects.push_back(make_kuaidi100(options_.kuaidi100));
    dialects.push_back(make_zto(options_.zto));
    dialects.push_back(make_sto(options_.sto));
    dialects.push_back(make_jd(options_.jd));
    dialects.push_back(make_jt(options_.jt));
    dialects.push_back(make_deppon(options_.deppon, clock));
    dialects.push_back(make_open(options_.open, clock));
    dialects.push_back(make_kdniao(options_.kdniao, clock));
    dialects.push_back(make_ems(options_.ems, clock));
    dialects.push_back(make_yunda(options_.yunda));
    dialects.push_back(make_cainiao(options_.cainiao));
    std::uint64_t seed = options_.seed;
    for (auto& dialect : dialects) {
        couriers_.push_back(std::make_unique<CourierDesk>(context_, *client_, std::move(dialect), clock,
                                                          options_.pace, seed));
        if (seed != 0) ++seed;
    }
    for (const auto& [code, url] : options_.callback_urls) courier(code).callbacks().set_url(url);
    provider_ =
        std::make_unique<PaymentDesk>(context_, options_.provider_book, options_.provider_api_key, clock);
    if (!options_.gateway_url.empty()) gateway_ = std::make_unique<Gateway>(*client_, options_.gateway_url);
    front_ = std::make_unique<Front>(context_, options_.address, options_.port,
                                     [this](http::Request request) { return route(std::move(request)); });
}

std::string World::base_url(std::string_view actor) const {
    return "http://" + options_.address + ":" + std::to_string(port()) + "/" + std::string(actor);
}

CourierDesk* World::find_courier(std::string_view code) {
    for (const auto& courier : couriers_)
        if (courier->code() == code) return courier.get();
    return nullptr;
}

CourierDesk& World::courier(std::string_view code) {
    CourierDesk* found = find_courier(code);
    if (found == nullptr) throw std::out_of_range("the sandbox has no courier " + std::string(code));
    return *found;
}

bool World::watch(const std::string& return_id) {
    if (gateway_ == nullptr) return false;
    asio::co_spawn(context_, play_seller_and_escrow(*gateway_, options_.keys, return_id), asio::detached);
    return true;
}

Controlled World::controlled() {
    Controlled world;
    world.courier = [this](std::string_view code) { return find_courier(code); };
    world.provider = provider_.get();
    world.watch = [this](const std::string& return_id) { return watch(return_id); };
    return world;
}

asio::awaitable<Reply> World::route(http::Request request) {
    const std::string actor = take_actor(request.target);
    Reply reply;
    if (actor == "sandbox") {
        reply.response = control(controlled(), request);
    } else if (actor == "provider") {
        reply = co_await provider_->handle(std::move(request));
    } else if (CourierDesk* courier_desk = find_courier(upper(actor)); courier_desk != nullptr) {
        reply = co_await courier_desk->handle(std::move(request));
    } else if (actor != "healthz") {
        reply.response.status = 404;
    }
    co_return reply;
}

WorldThread::WorldThread(Options options) : world_(std::make_unique<World>(context_, std::move(options))) {
    thread_ = std::thread([this] {
        const auto work = asio::make_work_guard(context_);
        context_.run();
    });
}

WorldThread::~WorldThread() {
    context_.stop();
    thread_.join();
}

}  // namespace returngate::sandbox
