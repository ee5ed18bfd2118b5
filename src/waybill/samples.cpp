// Sample numbers of couriers' API documents and of public material on number formats.
#include "src/waybill/samples.hpp"

#include <algorithm>
#include <array>

namespace returngate::waybill {
namespace {

constexpr auto kSamples = [] {
    auto samples = std::to_array<std::string_view>({
        // SF: API documents and sandbox, aggregators' examples, invented favourites.
        "304312442386",
        "118954907573",
        "441003077850",
        "118650888018",
        "444003079772",
        "123454545451",
        "SF1385628716739",
        "SF1613099010320",
        "SF1310510730738",
        "SF1040276461418",
        "SF7444400031887",
        "SF7444400067318",
        "SF7444400043266",
        "SF1000000000001",
        "SF1234567890123",
        "SF1234567890999",
        "SF1234567890",
        // Couriers' and brokers' documents.
        "YT0000000000001",
        "JT0000000000001",
        "JT3002232682242",
        "JDVC00000000001",
        "DPK000000000001",
        "73100000000001",
        "770000000000001",
        "773277027280336",
        "3120000000001",
        "3120052228790",
        "1200000000001",
        "1100000000000",
        "1295780512499",
        "12312334453453",
        "70577935260961",
        "611090452344701",
        // Worked examples of check digits.
        "1115785780598",
        "6152143001",
        "120891456015",
        "7038029040",
        "410849561636",
        "RB123456785GB",
        "1Z5R89390357567127",
        "986578788855",
        "3318810025",
        // Spreadsheet leftovers in public lists, and what people type.
        "660000000000",
        "750000000000",
        "1234567890",
        "12345678",
    });
    std::ranges::sort(samples);
    return samples;
}();

}  // namespace

bool is_published_sample(std::string_view canonical) {
    return std::ranges::binary_search(kSamples, canonical);
}

}  // namespace returngate::waybill
