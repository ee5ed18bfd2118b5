// Names are written with and without their rank (浙江省, 浙江); the name alone is compared.
#include "src/pickup/region.hpp"

#include <algorithm>
#include <array>

namespace returngate {
namespace {

// The longer ones first: 自治区 ends several of them.
constexpr std::array<std::string_view, 10> kRanks{
    "维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "地区", "省", "市", "盟"};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// Never to nothing: a name that is a rank alone stays.
std::string_view without_rank(std::string_view name) {
    name = trimmed(name);
    const auto rank = std::ranges::find_if(
        kRanks, [&](std::string_view one) { return name.size() > one.size() && name.ends_with(one); });
    if (rank != kRanks.end()) name.remove_suffix(rank->size());
    return name;
}

}  // namespace

std::string region_of(std::string_view province, std::string_view city) {
    const auto name = without_rank(province);
    return name.empty() ? std::string() : std::string(name) + '/' + std::string(without_rank(city));
}

std::string area_of(std::string_view written) {
    const auto slash = written.find('/');
    if (slash == written.npos) return std::string(without_rank(written));
    return region_of(written.substr(0, slash), written.substr(slash + 1));
}

bool lies_in(std::string_view region, const std::vector<std::string>& areas) {
    const auto province = region.substr(0, region.find('/'));
    return std::ranges::any_of(areas,
                               [&](const std::string& area) { return area == region || area == province; });
}

}  // namespace returngate
