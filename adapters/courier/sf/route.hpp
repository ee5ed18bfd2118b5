// One route node of SF, as pushed or as queried.
#pragma once

#include "adapters/courier/courier.hpp"

namespace returngate::courier {

struct SfRoute {
    std::string_view mailno;
    std::string_view orderid;  // "" when queried
    std::string_view id;       // SF's event id; "" when queried
    std::string_view accept_time;
    std::string_view op_code;
    std::string_view remark;
};
// Without an id, the key is made of waybill, code and time, under `query:`.
[[nodiscard]] Result<TrackingEvent> read_sf_route(const SfRoute& route);

}  // namespace returngate::courier
