// Shared pieces of the kit.
#include "tests/conformance/kit.hpp"

namespace returngate::conformance {

std::string render_events(const std::vector<TrackingEvent>& events) {
    std::string text = "[";
    for (const TrackingEvent& event : events) text += (text.size() > 1 ? "," : "") + render(event);
    return text + "]";
}

std::vector<TrackingEvent> events_of(const courier::Courier& courier, const courier::Account& account,
                                     const courier::Push& push) {
    return courier.decode_push(account, push).value();
}

}  // namespace returngate::conformance
