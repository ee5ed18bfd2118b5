// Envelopes that several couriers share.
#include "adapters/courier/envelope.hpp"

#include <algorithm>

#include "adapters/crypto/digest.hpp"

namespace returngate::courier {
namespace {

constexpr std::size_t kShortHash = 16;
constexpr std::size_t kLongestId = 64;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_word_of(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word) return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

tl::unexpected<Error> unsigned_push() {
    return fail(ErrorKind::unauthorized, "unsigned_push",
                "The push is no form, or lacks the signed field or its signature.");
}

http::Request post(std::string target, std::string_view content_type, std::string body) {
    http::Request request;
    request.method = "POST";
    request.target = std::move(target);
    request.headers.fields.emplace_back("Content-Type", content_type);
    request.body = std::move(body);
    return request;
}

}  // namespace

std::string md5_base64(std::initializer_list<std::string_view> parts) {
    return crypto::to_base64(crypto::md5(parts));
}

std::string md5_hex(std::initializer_list<std::string_view> parts) {
    return crypto::to_hex(crypto::md5(parts));
}

std::string md5_hex_base64(std::initializer_list<std::string_view> parts) {
    const std::string hex = md5_hex(parts);
    const std::vector<std::uint8_t> bytes(hex.begin(), hex.end());
    return crypto::to_base64(bytes);
}

std::string java_url_encode(std::string_view text) {
    return http::encode_form_component(text);
}

Result<void> require_choices(const Account& account, std::span<const Choice> choices) {
    for (const Choice& choice : choices) {
        const std::string_view value = account.get(choice.setting);
        if (!value.empty() && !is_word_of(choice.values, value))
            return fail(
                ErrorKind::invalid, "bad_setting",
                "Set \"" + std::string(choice.setting) + "\" to one of: " + std::string(choice.values) + ".");
    }
    return {};
}

std::string target_of(const Account& account, std::string_view path) {
    std::string_view root = path_of(account.base_url);
    if (root.ends_with('/')) root.remove_suffix(1);
    std::string target(root);
    return target.append(path);
}

http::Request post_json(std::string target, std::string body) {
    return post(std::move(target), "application/json; charset=utf-8", std::move(body));
}

http::Request post_form(std::string target, const http::FormPairs& fields) {
    return post(std::move(target), "application/x-www-form-urlencoded; charset=utf-8",
                http::encode_form(fields));
}

Result<SignedField> signed_field(const Push& push, std::string_view payload_name,
                                 std::string_view digest_name) {
    const auto form = http::parse_form(push.request.body);
    if (!form) return unsigned_push();
    const auto payload = http::form_value(*form, payload_name);
    const auto digest = http::form_value(*form, digest_name);
    if (!payload || !digest) return unsigned_push();
    return SignedField{std::string(*payload), std::string(*digest)};
}

Result<Proof> prove_md5_base64(const Account& account, const SignedField& field,
                               std::string_view secret_name) {
    for (const std::string_view secret : live_secrets(account, secret_name))
        if (!secret.empty() &&
            crypto::base64_digest_matches(crypto::md5({field.payload, secret}), field.digest))
            return Proof::weak_signature;
    return fail(ErrorKind::unauthorized, "bad_signature", "The push's signature does not match.");
}

Result<json::Value> read_pushed_json(std::string_view text) {
    auto document = json::parse(text);
    if (!document) return malformed("push_" + document.error().code, "The push is no readable JSON.");
    return document;
}

std::string_view text_in(const json::Value& object, std::string_view name) {
    return object[name].text().value_or("");
}

const json::Value& member_in_any_case(const json::Value& object, std::string_view name) {
    static const json::Value kNone;
    const auto is_named = [name](const json::Member& member) {
        return std::ranges::equal(member.name, name, {}, lower, lower);
    };
    const auto members = object.members();
    const auto found = std::ranges::find_if(members, is_named);
    return found == members.end() ? kNone : found->value;
}

bool is_plain_id(std::string_view id) {
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return !id.empty() && id.size() <= kLongestId && id.find_first_not_of(kPlain) == id.npos;
}

std::string short_hash(std::string_view payload) {
    return crypto::to_hex(crypto::sha256(payload)).substr(0, kShortHash);
}

Result<std::vector<TrackingEvent>> only_event(TrackingEvent event) {
    if (const auto bounded = bound_texts(event); !bounded) return tl::unexpected(bounded.error());
    std::vector<TrackingEvent> events;
    events.push_back(std::move(event));
    return events;
}

http::Response answer_in_json(const JsonAcknowledgement& bodies, AckOutcome outcome) {
    constexpr std::string_view kType = "application/json; charset=UTF-8";
    switch (outcome) {
        case AckOutcome::taken: return answer(200, kType, std::string(bodies.taken));
        case AckOutcome::refused: return answer(401, kType, std::string(bodies.refused));
        case AckOutcome::failed: break;
    }
    return answer(503, kType, std::string(bodies.failed));
}

}  // namespace returngate::courier
