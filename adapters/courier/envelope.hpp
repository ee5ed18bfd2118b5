// Envelopes that several couriers share: requests as JSON or as a form, digests over several parts, pushes
// with one signed form field, acknowledgements in JSON.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/courier/toolbox.hpp"
#include "adapters/http/form.hpp"

namespace returngate::courier {

// Composites: the parts are hashed as if they were one text, and the digest is written in one of three ways.
// Which parts, in which order, is the dialect's: {content, secret}, {body, "_", secret}, {body, key, time}.
[[nodiscard]] std::string md5_base64(std::initializer_list<std::string_view> parts);
[[nodiscard]] std::string md5_hex(std::initializer_list<std::string_view> parts);  // lower case
// Base64 of the lower-case hex text, not of the bytes: 44 characters.
[[nodiscard]] std::string md5_hex_base64(std::initializer_list<std::string_view> parts);
// java.net.URLEncoder.encode(text, "UTF-8"): letters, digits and *-._ stay, a space becomes '+', the rest
// upper-case %XX. It works byte by byte, so parts may be encoded one by one.
[[nodiscard]] std::string java_url_encode(std::string_view text);

// A setting with few values; without a value it means the first of them.
struct Choice {
    std::string_view setting;
    std::string_view values;  // one space between
};
// `invalid`, naming the setting and its values, unless each is one of them or not set.
[[nodiscard]] Result<void> require_choices(const Account& account, std::span<const Choice> choices);

// base_url's own path, then `path`: the origin-form target of a request.
[[nodiscard]] std::string target_of(const Account& account, std::string_view path);
[[nodiscard]] http::Request post_json(std::string target, std::string body);
[[nodiscard]] http::Request post_form(std::string target, const http::FormPairs& fields);

// The text under a signature, decoded once from its form field, and the signature beside it.
struct SignedField {
    std::string payload;
    std::string digest;
};
// `unauthorized` unless the body is a form with both fields, each once.
[[nodiscard]] Result<SignedField> signed_field(const Push& push, std::string_view payload_name,
                                               std::string_view digest_name);
// Base64(MD5(payload + secret)) under a live value of the setting `secret_name`: a keyed MD5 without a
// timestamp, so that the proof is weak.
[[nodiscard]] Result<Proof> prove_md5_base64(const Account& account, const SignedField& field,
                                             std::string_view secret_name);

// A document that came in a push; `malformed` when it is no readable JSON.
[[nodiscard]] Result<json::Value> read_pushed_json(std::string_view text);
// A member's text (of a string or a number), or "".
[[nodiscard]] std::string_view text_in(const json::Value& object, std::string_view name);
// The member by its name in letters of any case, for senders whose documents disagree; null when missing.
[[nodiscard]] const json::Value& member_in_any_case(const json::Value& object, std::string_view name);

// Fit to be kept in a row and sent back in a request: 1 to 64 letters, digits, '-' and '_'.
[[nodiscard]] bool is_plain_id(std::string_view id);

// 16 hex digits of a payload's SHA-256, for dedupe keys that would otherwise swallow real changes.
[[nodiscard]] std::string short_hash(std::string_view payload);
// The only event of a push, its texts bounded.
[[nodiscard]] Result<std::vector<TrackingEvent>> only_event(TrackingEvent event);

// 200, 401 and 503, each with its body.
struct JsonAcknowledgement {
    std::string_view taken;
    std::string_view refused;
    std::string_view failed;
};
[[nodiscard]] http::Response answer_in_json(const JsonAcknowledgement& bodies, AckOutcome outcome);

}  // namespace returngate::courier
