// Type, timestamp and data, as Standard Webhooks recommends.
#include "gateway/work/webhook_message.hpp"

#include "adapters/json/writer.hpp"

namespace returngate::work {

std::string body_of(const postgres::FeedEvent& event) {
    json::Writer w;
    w.begin_object().member("type", event.type).member("timestamp", format_rfc3339(event.at)).key("data");
    w.begin_object().member("return_id", to_string(event.position.return_id));
    w.member("seq", event.position.seq).raw_member("facts", event.data).end_object().end_object();
    return w.take();
}

webhook::Message message_of(const postgres::FeedEvent& event) {
    const std::string id =
        "evt_" + detail::to_hex(event.position.return_id.bytes) + "_" + std::to_string(event.position.seq);
    return {id, body_of(event)};
}

webhook::Message test_message(webhook::EndpointId endpoint, const std::array<std::uint8_t, 16>& id,
                              Instant at) {
    json::Writer w;
    w.begin_object().member("type", "webhook.test").member("timestamp", format_rfc3339(at)).key("data");
    w.begin_object().member("endpoint_id", to_string(endpoint)).end_object().end_object();
    return {"evt_test_" + detail::to_hex(id), w.take()};
}

}  // namespace returngate::work
