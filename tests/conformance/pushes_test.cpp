// What every courier must do with pushes: prove, read, answer.
#include <gtest/gtest.h>
#include <set>

#include "adapters/http/form.hpp"
#include "adapters/json/writer.hpp"
#include "tests/conformance/kit.hpp"

namespace returngate::conformance {
namespace {

using courier::Account;
using courier::AckOutcome;
using courier::Courier;
using courier::Push;

// What a push does to us: its events, or "refused", or "unreadable".
std::string effect(const Courier& courier, const Account& account, const Push& push) {
    if (!courier.authenticate(account, push)) return "refused";
    const auto events = courier.decode_push(account, push);
    return events ? render_events(*events) : "unreadable";
}

std::vector<std::string> signed_fields(const RecordedPush& recorded) {
    std::vector<std::string> names;
    for (const json::Value& name : recorded.expected["signed_fields"].items())
        names.emplace_back(name.string().value_or(""));
    return names;
}

// What a courier pushes as a form, or as a JSON object.
bool is_json(const Push& push) {
    return push.request.body.starts_with('{');
}

// "@body", or "@" and a header's name, stand outside of both.
bool is_outside(std::string_view field) {
    return field.starts_with('@');
}

// nullopt drops the part.
void set_outside(http::Request& request, std::string_view field, const std::optional<std::string>& value) {
    const std::string name(field.substr(1));
    if (name == "body") {
        request.body = value.value_or("");
    } else if (value) {
        request.headers.set(name, *value);
    } else {
        std::erase_if(request.headers.fields, [&](const auto& header) { return header.first == name; });
    }
}

std::string field_in(const Push& push, std::string_view field) {
    if (field == "@body") return push.request.body;
    if (is_outside(field)) return std::string(push.request.headers.find(field.substr(1)).value());
    if (is_json(push)) {
        const json::Value document = json::parse(push.request.body).value();
        return std::string(document[field].string().value_or(""));
    }
    const http::FormPairs pairs = http::parse_form(push.request.body).value();
    return std::string(http::form_value(pairs, field).value());
}

// The push with one field passed through `change`; nullopt from `change` drops the field.
template <class Change>
Push with_field(const Push& push, std::string_view field, Change change) {
    const std::string value = field_in(push, field);
    const std::optional<std::string> next = change(value);
    Push changed = push;
    if (is_outside(field)) {
        set_outside(changed.request, field, next);
        return changed;
    }
    if (is_json(push)) {
        const json::Value document = json::parse(push.request.body).value();
        json::Writer w;
        w.begin_object();
        for (const json::Member& member : document.members()) {
            if (member.name != field) w.raw_member(member.name, render(member.value));
            if (member.name == field && next) w.member(member.name, *next);
        }
        changed.request.body = w.end_object().take();
        return changed;
    }
    const http::FormPairs pairs = http::parse_form(push.request.body).value();
    http::FormPairs kept;
    for (const auto& [name, text] : pairs) {
        if (name != field) kept.emplace_back(name, text);
        if (name == field && next) kept.emplace_back(name, *next);
    }
    changed.request.body = http::encode_form(kept);
    return changed;
}

class CourierPushes : public CourierKit {};
INSTANTIATE_TEST_SUITE_P(Registry, CourierPushes, every_courier(), courier_name);

TEST_P(CourierPushes, PushesAuthenticateAndDecodeAsRecorded) {
    bool has_collection = false;
    for (const RecordedPush& recorded : recording_.pushes) {
        SCOPED_TRACE(recorded.name);
        const auto proof = courier().authenticate(account(), recorded.push);
        ASSERT_TRUE(proof) << proof.error().message;
        EXPECT_EQ(to_string(*proof), recorded.expected["proof"].string());
        const auto events = courier().decode_push(account(), recorded.push);
        ASSERT_TRUE(events) << events.error().message;
        EXPECT_EQ(render_events(*events), render(recorded.expected["events"]));
        for (const TrackingEvent& event : *events)
            has_collection |= event.status == TrackingStatus::collected;
    }
    EXPECT_TRUE(has_collection) << "record a push that reports the collection";
}

TEST_P(CourierPushes, DedupeKeysOfDifferentEventsDiffer) {
    std::set<std::pair<std::string, std::string>> seen;
    std::set<std::string> keys;
    for (const RecordedPush& recorded : recording_.pushes)
        for (const TrackingEvent& event : events_of(courier(), account(), recorded.push)) {
            seen.emplace(event.dedupe_key, event.raw_status);
            keys.insert(event.dedupe_key);
        }
    EXPECT_EQ(seen.size(), keys.size());
}

TEST_P(CourierPushes, EveryChangedByteOfASignedFieldIsRefused) {
    for (const RecordedPush& recorded : recording_.pushes) {
        const auto fields = signed_fields(recorded);
        EXPECT_TRUE(!fields.empty() || !signs_its_pushes()) << recorded.name << " must name what is signed";
        for (const std::string& field : fields) {
            const std::size_t size = field_in(recorded.push, field).size();
            for (std::size_t at = 0; at < size; ++at) {
                const Push changed = with_field(recorded.push, field, [at](std::string value) {
                    value[at] = static_cast<char>(value[at] ^ 1);
                    return std::optional(value);
                });
                const auto proof = courier().authenticate(account(), changed);
                ASSERT_FALSE(proof) << recorded.name << ": " << field << " byte " << at;
                ASSERT_EQ(proof.error().kind, ErrorKind::unauthorized);
            }
        }
    }
}

// Also of the unsigned fields: whatever passes must mean the same. (Where the URL is the only proof, a
// spoilt field name leaves an unreadable push, which is quarantined.)
TEST_P(CourierPushes, NoChangedByteOfASignedPushChangesItsEffect) {
    for (const RecordedPush& recorded : recording_.pushes) {
        if (signed_fields(recorded).empty()) continue;
        const std::string intended = effect(courier(), account(), recorded.push);
        Push changed = recorded.push;
        for (char& byte : changed.request.body) {
            for (const int flip : {1, 2, 32}) {
                byte = static_cast<char>(byte ^ flip);
                const std::string now = effect(courier(), account(), changed);
                ASSERT_TRUE(now == intended || now == "refused" ||
                            (now == "unreadable" && !signs_its_pushes()))

                    << recorded.name << ": " << changed.request.body;
                byte = static_cast<char>(byte ^ flip);
            }
        }
    }
}

TEST_P(CourierPushes, PushesWithoutTheirSignatureAreRefused) {
    for (const RecordedPush& recorded : recording_.pushes)
        for (const std::string& field : signed_fields(recorded)) {
            const Push dropped =
                with_field(recorded.push, field, [](const auto&) { return std::optional<std::string>(); });
            const Push emptied =
                with_field(recorded.push, field, [](const auto&) { return std::optional<std::string>(""); });
            EXPECT_NE(effect(courier(), account(), dropped), effect(courier(), account(), recorded.push));
            EXPECT_NE(effect(courier(), account(), emptied), effect(courier(), account(), recorded.push));
            EXPECT_TRUE(!signs_its_pushes() || !courier().authenticate(account(), dropped)) << recorded.name;
            EXPECT_FALSE(courier().authenticate(account(), emptied)) << recorded.name << ": " << field;
        }
}

TEST_P(CourierPushes, AForeignSecretIsRefusedAndThePreviousOneStillCounts) {
    for (const RecordedPush& recorded : recording_.pushes) {
        if (signed_fields(recorded).empty()) continue;
        Account rotated = account();
        Account foreign = account();
        for (const std::string& key : recording_.secret_settings) {
            rotated.settings[key + "_previous"] = account().get(key);
            rotated.settings[key] = "the-new-one";
            foreign.settings[key] = "the-new-one";
        }
        EXPECT_TRUE(courier().authenticate(rotated, recorded.push)) << recorded.name;
        EXPECT_FALSE(courier().authenticate(foreign, recorded.push)) << recorded.name;
    }
}

TEST_P(CourierPushes, EveryTruncatedPushIsRefusedOrUnreadableOrMeansTheSame) {
    for (const RecordedPush& recorded : recording_.pushes) {
        const std::string intended = effect(courier(), account(), recorded.push);
        Push cut = recorded.push;
        while (!cut.request.body.empty()) {
            cut.request.body.pop_back();
            const std::string now = effect(courier(), account(), cut);
            ASSERT_TRUE(now == "refused" || now == "unreadable" || now == intended) << cut.request.body;
        }
    }
}

TEST_P(CourierPushes, AcknowledgementsAreExactToTheByte) {
    bool has_refusal = false;
    bool has_failure = false;
    for (const RecordedPush& recorded : recording_.pushes) {
        SCOPED_TRACE(recorded.name);
        const auto ack = [&](AckOutcome outcome) {
            return render(courier().acknowledge(account(), recorded.push, outcome));
        };
        EXPECT_EQ(ack(AckOutcome::taken), recorded.taken);
        if (!recorded.refused.empty()) {
            EXPECT_EQ(ack(AckOutcome::refused), recorded.refused);
        }
        if (!recorded.failed.empty()) {
            EXPECT_EQ(ack(AckOutcome::failed), recorded.failed);
        }
        has_refusal |= !recorded.refused.empty();
        has_failure |= !recorded.failed.empty();
    }
    EXPECT_TRUE(has_refusal && has_failure)
        << "record what is answered to a bad signature and to a failed save";
}

TEST_P(CourierPushes, ForeignBodiesAreNeverEventsAndAreAnsweredInTheCouriersForm) {
    for (const std::string_view body :
         {"", "hello", "{}", "[]", "{\"a\":", "<x/>", "a=b", "%", "content=", "null"}) {
        Push push = recording_.pushes.front().push;
        push.request.body = body;
        const std::string result = effect(courier(), account(), push);
        EXPECT_TRUE(result == "refused" || result == "unreadable") << body;
        EXPECT_EQ(courier().acknowledge(account(), push, AckOutcome::taken).status, 200);
        EXPECT_EQ(courier().acknowledge(account(), push, AckOutcome::refused).status, 401);
        EXPECT_FALSE(courier().acknowledge(account(), push, AckOutcome::refused).body.empty());
    }
}

}  // namespace
}  // namespace returngate::conformance
