// Numbers that are printed in public: well formed, and everybody's. They never trigger a refund.
#pragma once

#include <string_view>

namespace returngate::waybill {

[[nodiscard]] bool is_published_sample(std::string_view canonical);

}  // namespace returngate::waybill
