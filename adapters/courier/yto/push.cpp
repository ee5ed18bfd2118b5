// YTO's pushes. POST form: logistics_interface (XML text), data_digest, clientId, type (online | offline);
//   data_digest = Base64(MD5(logistics_interface + secret)), over the text decoded once.
//   <UpdateInfo><logisticProviderID>YTO</…><clientID/><mailNo/><txLogisticID/><infoType>STATUS</…>
//     <infoContent>GOT</…><acceptTime>2026-01-10 15:20:00</…><weight>1.25</…>…</UpdateInfo>
#include "adapters/courier/yto/push.hpp"

#include <pugixml.hpp>

#include "adapters/courier/xml.hpp"
#include "adapters/courier/yto/tables.hpp"
#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"
#include "adapters/json/decimal.hpp"

namespace returngate::courier {
namespace {

using namespace yto_tables;

constexpr std::string_view kReferenceTag = "<txLogisticID>";

// Taken from the text as it stands, since every push passes here; anything but a plain word is dropped.
std::string reference_in(std::string_view xml) {
    const std::size_t at = xml.find(kReferenceTag);
    if (at == xml.npos) return {};
    const std::string_view rest = xml.substr(at + kReferenceTag.size());
    const std::string_view word = rest.substr(0, rest.find('<'));
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const bool is_plain = word.size() <= 64 && word.find_first_not_of(kPlain) == word.npos;
    return is_plain ? std::string(word) : std::string();
}

// The one XML text of a push, decoded once; malformed when it is not there exactly once.
Result<std::string> signed_text(const Push& push) {
    const auto form = http::parse_form(push.request.body);
    if (!form) return malformed("push_form", "YTO's push is no readable form.");
    const auto xml = http::form_value(*form, "logistics_interface");
    if (!xml) return malformed("push_form", "YTO's push has no logistics_interface, or two.");
    return std::string(*xml);
}

Result<TrackingEvent> read_update(const pugi::xml_node& update) {
    const std::string_view waybill = child_text(update, "mailNo");
    const std::string_view reference = child_text(update, "txLogisticID");
    // The format is not printed in the sources: seconds, fractions and a zone are all taken.
    const auto at = parse_shanghai(child_text(update, "acceptTime"));
    TrackingEvent event;
    event.raw_status = child_text(update, "infoContent");
    if (!at || event.raw_status.empty() || (waybill.empty() && reference.empty()))
        return malformed("push_fields",
                         "YTO's push lacks infoContent, a readable acceptTime, or whom it is about.");
    event.occurred_at = *at;
    event.waybill = if_set(waybill);
    if (!reference.empty()) event.booking_reference = BookingReference{std::string(reference)};
    event.courier_person = child_text(update, "empName");
    if (event.courier_person.empty()) event.courier_person = child_text(update, "empCode");
    event.courier_phone = child_text(update, "contactInfo");
    if (child_text(update, "infoType") == "STATUS") event.status = status_of(kStatuses, event.raw_status);
    if (event.status == TrackingStatus::accepted && !event.courier_person.empty())
        event.status = TrackingStatus::courier_assigned;
    event.weight_grams = json::parse_scaled(child_text(update, "weight"), 3);
    event.dedupe_key = waybill.empty() ? reference : waybill;
    event.dedupe_key += ":" + event.raw_status + ":" + format_rfc3339(event.occurred_at);
    // Taken down and handed to a person are one word, and may be of one second.
    if (event.status == TrackingStatus::courier_assigned) event.dedupe_key += ":assigned";
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    return event;
}

}  // namespace

Result<Proof> authenticate_yto_push(const Account& account, const Push& push) {
    const auto form = http::parse_form(push.request.body);
    if (!form) return fail(ErrorKind::unauthorized, "unsigned_push", "The push is no readable form.");
    const auto xml = http::form_value(*form, "logistics_interface");
    const auto digest = http::form_value(*form, "data_digest");
    if (!xml || !digest)
        return fail(ErrorKind::unauthorized, "unsigned_push",
                    "The push lacks logistics_interface or data_digest.");
    const std::string_view name = account.get("push_secret").empty() ? "secret" : "push_secret";
    for (const std::string_view secret : live_secrets(account, name))
        if (!secret.empty() && crypto::base64_digest_matches(crypto::md5({*xml, secret}), *digest))
            return Proof::weak_signature;
    return fail(ErrorKind::unauthorized, "bad_signature", "The push's data_digest does not match.");
}

Result<std::vector<TrackingEvent>> decode_yto_push(const Push& push) {
    const auto xml = signed_text(push);
    if (!xml) return tl::unexpected(xml.error());
    pugi::xml_document document;
    if (const auto loaded = load_xml(*xml, document); !loaded) return tl::unexpected(loaded.error());
    const pugi::xml_node update = document.child("UpdateInfo");
    if (!update) return malformed("push_root", "YTO's push is no UpdateInfo.");
    auto event = read_update(update);
    if (!event) return tl::unexpected(event.error());
    std::vector<TrackingEvent> events;
    events.push_back(*std::move(event));
    return events;
}

http::Response acknowledge_yto_push(const Push& push, AckOutcome outcome) {
    constexpr std::string_view kType = "application/xml; charset=UTF-8";
    if (outcome == AckOutcome::refused)
        return answer(401, kType,
                      "<Response><success>false</success><reason>bad signature</reason></Response>");
    const std::string reference = reference_in(signed_text(push).value_or(""));
    const bool is_taken = outcome == AckOutcome::taken;
    std::string body = "<Response><logisticProviderID>YTO</logisticProviderID><txLogisticID>" + reference +
                       "</txLogisticID><success>";
    body += is_taken ? "true</success></Response>" : "false</success><reason>system busy</reason></Response>";
    return answer(is_taken ? 200 : 503, kType, std::move(body));
}

}  // namespace returngate::courier
