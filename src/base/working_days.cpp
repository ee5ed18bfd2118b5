// Counted day by day: deadlines are a few days long.
#include "src/base/working_days.hpp"

#include <algorithm>

namespace returngate {

bool WorkingDays::is_worked(std::chrono::year_month_day day) const {
    if (std::ranges::find(holidays, day) != holidays.end()) return false;
    if (std::ranges::find(worked_weekends, day) != worked_weekends.end()) return true;
    const std::chrono::weekday weekday{std::chrono::sys_days{day}};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

Instant end_of_working_day(Instant start, int count, const WorkingDays& days) {
    std::chrono::sys_days day{shanghai(start).date};
    for (int left = count; left > 0;) {
        day += std::chrono::days{1};
        if (days.is_worked(day)) --left;
    }
    return from_shanghai(day + std::chrono::days{1}, {});
}

}  // namespace returngate
