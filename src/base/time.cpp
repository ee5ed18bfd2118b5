// RFC 3339 and the couriers' wall clock, by hand: these run for every command, without streams or locales.
#include "src/base/time.hpp"

#include <cstdint>
#include <date/tz.h>

namespace returngate {
namespace {

using std::chrono::microseconds;

const date::time_zone& shanghai_zone() {
    static const date::time_zone* const zone = date::locate_zone("Asia/Shanghai");
    return *zone;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes characters off the front of a text; every step says whether it matched.
class Cursor {
public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    bool take(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool take_number(std::size_t digits, int& value) {
        if (rest_.size() < digits) return false;
        value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!is_digit(rest_[i])) return false;
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(digits);
        return true;
    }

    // One to nine digits behind the dot; what is finer than a microsecond is cut off.
    bool take_fraction(microseconds& value) {
        std::size_t digits = 0;
        std::int64_t nanoseconds = 0;
        while (digits < rest_.size() && digits < 10 && is_digit(rest_[digits])) {
            nanoseconds = nanoseconds * 10 + (rest_[digits++] - '0');
        }
        if (digits == 0 || digits > 9) return false;
        for (std::size_t i = digits; i < 9; ++i) nanoseconds *= 10;
        value = microseconds{nanoseconds / 1000};
        rest_.remove_prefix(digits);
        return true;
    }

private:
    std::string_view rest_;
};

bool take_date(Cursor& cursor, std::chrono::year_month_day& date) {
    int year = 0;
    int month = 0;
    int day = 0;
    if (!cursor.take_number(4, year) || !cursor.take('-') || !cursor.take_number(2, month) ||
        !cursor.take('-') || !cursor.take_number(2, day)) {
        return false;
    }
    date = std::chrono::year{year} / month / day;
    return date.ok();
}

// hh:mm:ss with an optional fraction. Leap seconds are refused: sys_time cannot hold one.
bool take_time(Cursor& cursor, microseconds& since_midnight) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!cursor.take_number(2, hour) || !cursor.take(':') || !cursor.take_number(2, minute) ||
        !cursor.take(':') || !cursor.take_number(2, second)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 59) return false;
    microseconds fraction{0};
    if (cursor.take('.') && !cursor.take_fraction(fraction)) return false;
    since_midnight =
        std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second} + fraction;
    return true;
}

// Z, +hh:mm or -hh:mm, to the end of the text.
std::optional<std::chrono::minutes> take_zone(Cursor& cursor) {
    if (cursor.take('Z')) return cursor.at_end() ? std::optional{std::chrono::minutes{0}} : std::nullopt;
    const bool is_west = cursor.take('-');
    if (!is_west && !cursor.take('+')) return std::nullopt;
    int hour = 0;
    int minute = 0;
    if (!cursor.take_number(2, hour) || !cursor.take(':') || !cursor.take_number(2, minute)) {
        return std::nullopt;
    }
    if (hour > 23 || minute > 59 || !cursor.at_end()) return std::nullopt;
    const std::chrono::minutes offset{hour * 60 + minute};
    return is_west ? -offset : offset;
}

// Years 1 to 9999 in UTC: what our texts and the database can hold. An offset may lead out of them.
std::optional<Instant> within_calendar(Instant instant) {
    constexpr std::chrono::sys_days first{std::chrono::year{1} / 1 / 1};
    constexpr std::chrono::sys_days end{std::chrono::year{10000} / 1 / 1};
    return instant >= first && instant < end ? std::optional{instant} : std::nullopt;
}

void append_two(std::string& out, std::int64_t value) {
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

void append_date(std::string& out, std::chrono::year_month_day date) {
    const int year = int{date.year()};
    if (year < 0 || year > 9999) {
        out += std::to_string(year);  // no text form of ours can hold it; readable in a log at least
    } else {
        append_two(out, year / 100);
        append_two(out, year % 100);
    }
    out += '-';
    append_two(out, unsigned{date.month()});
    out += '-';
    append_two(out, unsigned{date.day()});
}

void append_time(std::string& out, microseconds since_midnight) {
    const std::int64_t seconds = since_midnight.count() / 1'000'000;
    append_two(out, seconds / 3600);
    out += ':';
    append_two(out, seconds / 60 % 60);
    out += ':';
    append_two(out, seconds % 60);
}

}  // namespace

LocalTime shanghai(Instant instant) {
    const auto offset = shanghai_zone().get_info(instant).offset;
    const Instant wall = instant + offset;
    const auto day = std::chrono::floor<std::chrono::days>(wall);
    return LocalTime{std::chrono::year_month_day{day}, wall - day};
}

Instant from_shanghai(std::chrono::year_month_day date, std::chrono::microseconds since_midnight) {
    const auto wall = std::chrono::sys_days{date}.time_since_epoch() + since_midnight;
    const date::local_time<microseconds> local{wall};
    // The earlier of two when a clock was set back (Shanghai had summer time until 1991).
    return shanghai_zone().to_sys(local, date::choose::earliest);
}

std::string format_rfc3339(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const microseconds since_midnight = instant - day;
    std::string out;
    out.reserve(27);
    append_date(out, std::chrono::year_month_day{day});
    out += 'T';
    append_time(out, since_midnight);
    const std::int64_t fraction = since_midnight.count() % 1'000'000;
    if (fraction != 0) {
        out += '.';
        append_two(out, fraction / 10'000);
        append_two(out, fraction / 100 % 100);
        append_two(out, fraction % 100);
    }
    out += 'Z';
    return out;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    Cursor cursor{text};
    std::chrono::year_month_day date;
    microseconds since_midnight{0};
    if (!take_date(cursor, date) || !cursor.take('T') || !take_time(cursor, since_midnight)) {
        return std::nullopt;
    }
    const auto offset = take_zone(cursor);
    if (!offset) return std::nullopt;
    return within_calendar(Instant{std::chrono::sys_days{date} + since_midnight - *offset});
}

std::string format_shanghai(Instant instant) {
    const LocalTime local = shanghai(instant);
    std::string out;
    out.reserve(19);
    append_date(out, local.date);
    out += ' ';
    append_time(out, local.since_midnight);
    return out;
}

std::optional<Instant> parse_shanghai(std::string_view text) {
    Cursor cursor{text};
    std::chrono::year_month_day date;
    microseconds since_midnight{0};
    if (!take_date(cursor, date) || (!cursor.take(' ') && !cursor.take('T')) ||
        !take_time(cursor, since_midnight)) {
        return std::nullopt;
    }
    Instant instant{};
    if (cursor.at_end()) {
        instant = from_shanghai(date, since_midnight);
    } else {
        const auto offset = take_zone(cursor);
        if (!offset) return std::nullopt;
        instant = Instant{std::chrono::sys_days{date} + since_midnight - *offset};
    }
    // A clock at zero is a clock that was never set.
    if (instant == Instant{}) return std::nullopt;
    return within_calendar(instant);
}

}  // namespace returngate
