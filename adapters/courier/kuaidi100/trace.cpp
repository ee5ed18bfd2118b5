// A parcel's traces, as pushed and as queried.
#include "adapters/courier/kuaidi100/trace.hpp"

#include <algorithm>

#include "adapters/courier/kuaidi100/tables.hpp"

namespace returngate::courier {
namespace {

using namespace kuaidi100_tables;

constexpr std::size_t kMaxRows = 256;  // the whole history comes each time

// A row's own code or word; the newest row has the parcel's state to fall back on.
std::string_view code_of(const json::Value& row, std::string_view state) {
    for (const std::string_view name : {"statusCode", "status"})
        if (const auto text = row[name].text(); text && !text->empty()) return *text;
    return state;
}

Result<TrackingEvent> read_row(const json::Value& row, std::string_view code, std::string_view waybill,
                               std::string_view key_prefix) {
    const auto at = parse_shanghai(row["time"].string().value_or(""));
    if (!at) return malformed("trace_row", "A row of Kuaidi100's traces has no readable time.");
    TrackingEvent event;
    event.waybill = std::string(waybill);
    event.status = status_of(kTraceStatuses, code);
    event.raw_status = code;
    event.occurred_at = *at;
    event.dedupe_key =
        std::string(key_prefix) + std::string(waybill) + ":" + event.raw_status + ":" + format_rfc3339(*at);
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

}  // namespace

Result<std::vector<TrackingEvent>> read_kuaidi100_traces(const json::Value& result,
                                                         std::string_view key_prefix) {
    const auto waybill = result["nu"].text().value_or("");
    const auto rows = result["data"].items();
    if (waybill.empty() || !result["data"].is_array() || rows.size() > kMaxRows)
        return malformed("traces", "Kuaidi100's traces lack nu or data, or have too many rows.");
    std::vector<TrackingEvent> events;
    for (const json::Value& row : rows) {
        const bool is_newest = &row == rows.data();
        const std::string_view code =
            code_of(row, is_newest ? result["state"].text().value_or("") : std::string_view());
        if (code.empty()) continue;  // says where the parcel is, not how it is
        auto event = read_row(row, code, waybill, key_prefix);
        if (!event) return tl::unexpected(event.error());
        events.push_back(*std::move(event));
    }
    std::ranges::reverse(events);
    return events;
}

}  // namespace returngate::courier
