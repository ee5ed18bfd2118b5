// ISO 3166 codes of the 191 posts that tracking_number_data lists from the UPU's member countries.
#include "src/waybill/s10_countries.hpp"

#include <array>
#include <cstddef>

namespace returngate::waybill {
namespace {

constexpr std::string_view kCountries =
    "AEAFAGALAMAOARATAUAZBABBBDBEBFBGBHBIBJBNBOBRBSBTBWBYBZCACDCFCGCHCICLCMCNCOCRCUCVCYCZDEDJDKDMDODZ"
    "ECEEEGERESETFIFJFRGAGBGDGEGHGMGNGQGRGTGWGYHKHNHRHTHUIDIEILINIQIRISITJMJOJPKEKGKHKIKMKNKPKRKWKZLA"
    "LBLCLILKLRLSLTLULVLYMAMCMDMEMGMKMLMMMNMRMTMUMVMWMXMYMZNANENGNINLNONPNRNZOMPAPEPGPHPKPLPTPYQARORS"
    "RURWSASBSCSDSESGSISKSLSMSNSOSRSSSTSVSYSZTDTGTHTJTLTMTNTOTRTTTVTZUAUGUSUYUZVAVCVEVNVUWSYEZAZMZW";
static_assert(kCountries.size() == 2 * 191);

constexpr std::size_t index_of(char first, char second) {
    return static_cast<std::size_t>(first - 'A') * 26 + static_cast<std::size_t>(second - 'A');
}

constexpr auto kKnown = [] {
    std::array<bool, 26 * 26> known{};
    for (std::size_t i = 0; i < kCountries.size(); i += 2)
        known[index_of(kCountries[i], kCountries[i + 1])] = true;
    return known;
}();

}  // namespace

bool is_s10_country(std::string_view code) {
    return kKnown[index_of(code[0], code[1])];
}

}  // namespace returngate::waybill
