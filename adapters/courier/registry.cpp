// All couriers that we speak, one row each. A new one: its folder, its row, its fixtures (docs/couriers.md).
#include "adapters/courier/registry.hpp"

#include <array>

#include "adapters/courier/cainiao/cainiao.hpp"
#include "adapters/courier/deppon/deppon.hpp"
#include "adapters/courier/ems/ems.hpp"
#include "adapters/courier/jd/jd.hpp"
#include "adapters/courier/jt/jt.hpp"
#include "adapters/courier/kdniao/kdniao.hpp"
#include "adapters/courier/kuaidi100/kuaidi100.hpp"
#include "adapters/courier/open/open.hpp"
#include "adapters/courier/sf/sf.hpp"
#include "adapters/courier/sto/sto.hpp"
#include "adapters/courier/yto/yto.hpp"
#include "adapters/courier/yunda/yunda.hpp"
#include "adapters/courier/zto/zto.hpp"

namespace returngate::courier {

std::span<const Courier* const> all_couriers() {
    // One row each, so that two new couriers are two lines.
    // clang-format off
    static const std::array rows{
        &cainiao(),
        &deppon(),
        &ems(),
        &jd(),
        &jt(),
        &kdniao(),
        &kuaidi100(),
        &open_protocol(),
        &sf(),
        &sto(),
        &yto(),
        &yunda(),
        &zto(),
    };
    // clang-format on
    return rows;
}

const Courier* find_courier(std::string_view code) {
    for (const Courier* courier : all_couriers())
        if (courier->profile().code == code) return courier;
    return nullptr;
}

}  // namespace returngate::courier
