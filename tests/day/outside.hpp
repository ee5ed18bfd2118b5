// The world outside on a virtual clock: couriers that speak their own wire formats, and a payment provider.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "adapters/courier/courier.hpp"
#include "adapters/http/message.hpp"
#include "adapters/sandbox/dialect.hpp"
#include "gateway/configuration.hpp"
#include "gateway/work/breaker.hpp"
#include "tests/day/day.hpp"

namespace returngate::test {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    bool one_in(std::uint64_t count) { return below(count) == 0; }
    Duration between(Duration from, Duration to) {
        const auto span = static_cast<std::uint64_t>((to - from).count());
        return from + Duration(static_cast<Duration::rep>(below(span + 1)));
    }

private:
    std::mt19937_64 random_;
};

// What happens next, in virtual time; equal times in the order in which they were planned.
class Agenda {
public:
    explicit Agenda(Instant begins) : now(begins) {}

    Instant now;
    void at(Instant when, std::function<void()> what) {
        planned_.emplace(std::max(when, now), std::move(what));
    }
    void in(Duration wait, std::function<void()> what) { at(now + wait, std::move(what)); }
    [[nodiscard]] Instant next() const { return planned_.empty() ? Instant::max() : planned_.begin()->first; }
    void run_next() {
        auto first = planned_.extract(planned_.begin());
        now = std::max(now, first.key());
        first.mapped()();
    }

private:
    std::multimap<Instant, std::function<void()>> planned_;
};

// True: acknowledged. The request is the courier's own callback, byte for byte.
using TakeCallback = std::function<bool(const std::string& code, const http::Request& request)>;

class Outside {
public:
    Outside(Agenda& agenda, Chance& chance, Day& day);

    [[nodiscard]] const std::vector<CourierOptions>& contracts() const { return contracts_; }
    void on_callback(TakeCallback take) { take_ = std::move(take); }
    void on_delivery(std::function<void(const std::string& reference)> told) {
        on_delivery_ = std::move(told);
    }
    void heal() { is_healed_ = true; }

    // What a client would get. `latency`: when it would get it.
    [[nodiscard]] Result<http::Response> call(const std::string& host, const http::Request& request,
                                              Duration& latency);
    [[nodiscard]] std::vector<CourierCode> open_breakers() const;
    // A parcel that a buyer takes there: the number on its slip.
    [[nodiscard]] std::string take_parcel(const std::string& code, const std::string& name);

private:
    struct Actor {
        std::string code;
        std::unique_ptr<sandbox::ParcelBook> book;
        sandbox::NumberShape shape{};
        work::Breaker breaker;
        Instant dead_from{}, dead_until{};
    };
    struct Fate {
        bool is_silent = false;
        bool changes_number = false;
    };

    [[nodiscard]] bool faulty(std::uint64_t one_in, const char* name);
    [[nodiscard]] std::unique_ptr<sandbox::Dialect> dialect_of(const Actor& actor) const;
    [[nodiscard]] work::Breaker::Time breaker_time() const;
    [[nodiscard]] Result<http::Response> call_courier(Actor& actor, const http::Request& request,
                                                      Duration& latency);
    [[nodiscard]] http::Response execute(Actor& actor, sandbox::Dialect& dialect,
                                         const sandbox::ReadCall& call);
    [[nodiscard]] Result<http::Response> call_provider(const http::Request& request, Duration& latency);
    void begin_life(Actor& actor, const std::string& reference);
    void plan_stage(Actor& actor, const std::string& reference, sandbox::Stage stage, Instant when,
                    Fate fate);
    void announce(Actor& actor, sandbox::Recorded recorded, Fate fate);
    // The nth message about it, signed when it goes out.
    void send(const Actor& actor, const sandbox::Recorded& recorded, std::size_t nth, Duration delay,
              int attempt);

    Agenda& agenda_;
    Chance& chance_;
    Day& day_;
    std::vector<CourierOptions> contracts_;
    std::vector<std::unique_ptr<Actor>> actors_;
    std::unique_ptr<sandbox::NumberIssuer> strangers_;
    TakeCallback take_;
    std::function<void(const std::string&)> on_delivery_;
    bool is_healed_ = false;
};

}  // namespace returngate::test
