// Time goes from clock to clock, and no further before everything that was due is done.
#include "tests/e2e/virtual_day.hpp"

#include <thread>

#include "src/returns/job.hpp"

namespace returngate::e2e {
namespace {

constexpr std::chrono::seconds kSettlesWithin{20};
constexpr const char* kSilentCourier = R"({"calls_back":false,"accepts":false,"waybill":"later"})";

SceneOptions options_of(testing::VirtualClock& clock, std::vector<TomlSetting> rules) {
    SceneOptions options;
    options.clock = [&clock] { return clock.now(); };
    options.further = {{"JT", 20}, {"JD", 30}};
    options.has_second_persons = true;
    options.settings = {{"couriers.toml", "couriers.SF", "priority", "90"},
                        {"policy.toml", "advance", "confirm_poll_seconds", "60"},
                        {"policy.toml", "scope", "excluded_sellers", R"(["seller-out"])"},
                        {"policy.toml", "scope", "excluded_items", R"(["item-out"])"}};
    // The couriers of the scenarios come at all hours.
    for (const char* courier : {"YTO", "SF", "JT", "JD"}) {
        const std::string section = std::string("couriers.") + courier;
        options.settings.push_back({"couriers.toml", section, "cut_off", "\"24:00\""});
        // A budget goes by the machine's minutes, of which a month here has few.
        options.settings.push_back({"couriers.toml", section, "questions_per_minute", "6000"});
    }
    std::ranges::move(rules, std::back_inserter(options.settings));
    return options;
}

// What runs out by itself, as SQL.
std::string timer_kinds() {
    std::string kinds = "'look_at_order'";
    for (std::size_t i = 0; i < kJobKinds; ++i) {
        const auto kind = static_cast<JobKind>(i);
        if (is_timer(kind)) kinds.append(",'").append(to_string(kind)).append("'");
    }
    return kinds;
}

}  // namespace

std::string uuid_of(const std::string& return_id) {
    return return_id.substr(return_id.find('_') + 1);
}

std::string sql(Instant instant) {
    return "'" + format_rfc3339(instant) + "'::timestamptz";
}

VirtualDay::VirtualDay(Instant start, std::vector<TomlSetting> rules)
    : clock_(start), scene(options_of(clock_, std::move(rules))), books(scene.dsn()) {
    for (const char* courier : {"YTO", "JT", "JD"}) scene.script(courier, "book", kSilentCourier, "always");
    // No failure, which would open its breaker for half a minute of the machine's.
    scene.script_provider(R"({"way":"busy_before"})", "always");
}

bool VirtualDay::settle() {
    const std::string due = "SELECT kind || ' of ' || return_id FROM job WHERE due_at <= " + sql(now());
    const auto deadline = std::chrono::steady_clock::now() + kSettlesWithin;
    while (std::chrono::steady_clock::now() < deadline) {
        if (books.column(due).empty()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    for (const auto& job : books.column(due))
        ADD_FAILURE() << "at " << format_shanghai(now()) << " it stays undone: " << job;
    return false;
}

std::optional<Instant> VirtualDay::next_timer() {
    static const std::string kNext =
        "SELECT (extract(epoch FROM min(due_at)) * 1000000)::bigint FROM job WHERE kind IN (" +
        timer_kinds() + ")";
    const auto due = books.column(kNext).at(0);
    if (due.empty()) return std::nullopt;
    return Instant{std::chrono::microseconds(std::stoll(due))};
}

void VirtualDay::pass_until(Instant when) {
    for (auto timer = next_timer(); timer && *timer <= when; timer = next_timer()) {
        clock_.set(std::max(*timer, now()));
        if (!settle()) return;
    }
    clock_.set(when);
    (void)settle();
}

bool VirtualDay::bring_forward(const std::string& return_id, const std::vector<std::string>& kinds) {
    std::string list;
    for (const auto& kind : kinds) list += (list.empty() ? "'" : ",'") + kind + "'";
    const auto moved = books.column("UPDATE job SET due_at = " + sql(now()) + ", run_at = " + sql(now()) +
                                    " WHERE return_id = '" + uuid_of(return_id) + "' AND kind IN (" + list +
                                    ") RETURNING kind");
    return settle() && !moved.empty();
}

void VirtualDay::end() {
    scene.clear_script("provider");
    pass_until(now() + std::chrono::hours(1));
}

}  // namespace returngate::e2e
