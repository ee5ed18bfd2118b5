// Each chore is one turn; a loop of its own repeats it, so that a slow one holds up no other.
#include "gateway/chores.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>

#include "gateway/api/dispatch.hpp"
#include "gateway/certificates.hpp"
#include "gateway/log.hpp"
#include "gateway/work/silence_sweep.hpp"

namespace asio = boost::asio;

namespace returngate {
namespace {

constexpr std::chrono::seconds kBetweenKeyReloads{2};
// A callback that waited for its number may be all that an advance is waiting for.
constexpr std::chrono::milliseconds kBetweenBindings{200};
constexpr std::chrono::seconds kBetweenLooksAtCertificates{3};
constexpr std::chrono::seconds kBetweenRecords{30};
// A round over all silent parcels takes an hour.
constexpr std::chrono::seconds kBetweenSilenceSweeps{60};
constexpr int kSilenceSlices = 60;
// Reading the records walks the bookings of some hours: no more than this share of the time is spent on it.
constexpr int kShareOfRecords = 20;

using Turn = std::function<asio::awaitable<void>()>;

asio::awaitable<void> keep_doing(std::chrono::milliseconds pause, Turn turn) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    while (true) {
        timer.expires_after(pause);
        const auto [error] = co_await timer.async_wait(token);
        if (error) co_return;
        co_await turn();
    }
}

asio::awaitable<void> take_new_keys(api::Services& services) {
    const bool is_loaded = co_await api::reload_keys(services);
    if (!is_loaded) log::write(log::Level::warning, "keys_not_loaded", {});
}

asio::awaitable<void> bind_parked(api::CallbackIntake& callbacks, std::string& next) {
    next = co_await callbacks.bind_parked(std::move(next));
}

struct RecordsRead {
    std::chrono::steady_clock::time_point next{};
};

// Asked too late or not at all, the order of couriers goes by what was known before.
asio::awaitable<void> read_records(api::Services& services, work::CourierRecords& records,
                                   std::shared_ptr<RecordsRead> read) {
    const auto started = std::chrono::steady_clock::now();
    if (started < read->next) co_return;
    const Instant now = services.clock.now();
    const auto in_force = services.policies.policy_at(now);
    const auto& rules = in_force->broker;
    auto ask = [now, rules](postgres::Desk& desk) { return desk.read().courier_records(now, rules); };
    auto answer = co_await services.queries.run(std::move(ask));
    read->next = started + (std::chrono::steady_clock::now() - started) * kShareOfRecords;
    if (answer) {
        records.replace(*std::move(answer));
    } else {
        log::write(log::Level::warning, "courier_records_not_read", {{"code", answer.error().code}});
    }
}

asio::awaitable<void> look_for_silence(work::SilenceSweep& sweep) {
    const int watched = co_await sweep.turn();
    if (watched > 0)
        log::write(log::Level::info, "silent_parcels", {{"asked_about", std::to_string(watched)}});
}

asio::awaitable<void> look_at_certificates(http::ServerTls& tls) {
    reload_certificates(tls);
    co_return;
}

}  // namespace

void start_chores(asio::io_context& context, api::Services& services, work::CourierRecords& records,
                  const std::shared_ptr<http::ServerTls>& tls) {
    const auto start = [&context](std::chrono::milliseconds pause, Turn turn) {
        asio::co_spawn(context, keep_doing(pause, std::move(turn)), asio::detached);
    };
    start(kBetweenKeyReloads, [&services] { return take_new_keys(services); });
    start(kBetweenBindings, [&callbacks = services.callbacks, next = std::make_shared<std::string>()] {
        return bind_parked(callbacks, *next);
    });
    start(kBetweenRecords, [&services, &records, read = std::make_shared<RecordsRead>()] {
        return read_records(services, records, read);
    });
    const work::SilenceSweep::Around around{services.policies, services.clock, services.random,
                                            services.pipeline, services.queries};
    start(kBetweenSilenceSweeps, [sweep = std::make_shared<work::SilenceSweep>(around, kSilenceSlices)] {
        return look_for_silence(*sweep);
    });
    if (tls) start(kBetweenLooksAtCertificates, [tls] { return look_at_certificates(*tls); });
}

}  // namespace returngate
