// Working days of Asia/Shanghai: Monday to Friday, but for the holidays and the weekends worked instead.
#pragma once

#include <span>

#include "src/base/time.hpp"

namespace returngate {

struct WorkingDays {
    std::span<const std::chrono::year_month_day> holidays;
    std::span<const std::chrono::year_month_day> worked_weekends;
    [[nodiscard]] bool is_worked(std::chrono::year_month_day day) const;
};

// The end of the `count`th working day after the day of `start`: midnight, as the next day begins.
[[nodiscard]] Instant end_of_working_day(Instant start, int count, const WorkingDays& days);

}  // namespace returngate
