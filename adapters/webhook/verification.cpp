// Signed content as in signature.cpp; times and texts that two readers could read differently are refused.
#include "adapters/webhook/verification.hpp"

#include <algorithm>
#include <cstdlib>

#include "adapters/crypto/digest.hpp"

namespace returngate::webhook {
namespace {

constexpr std::int64_t kToleranceSeconds = 300;
constexpr std::size_t kMostDigits = 18;
constexpr std::size_t kMostSignatures = 16;

// As one sender writes it and all receivers read it: digits alone, without a zero in front.
std::optional<std::int64_t> parse_timestamp(std::string_view text) {
    const bool is_plain = !text.empty() && text.size() <= kMostDigits && text.front() != '0' &&
                          text.find_first_not_of("0123456789") == text.npos;
    return is_plain ? std::optional<std::int64_t>(std::stoll(std::string(text))) : std::nullopt;
}

std::int64_t seconds_of(Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

// Among what is presented, in any order; entries of other versions are passed over.
bool is_among(std::string_view presented, std::string_view expected) {
    for (std::size_t i = 0; i < kMostSignatures && !presented.empty(); ++i) {
        const std::string_view entry = presented.substr(0, presented.find(' '));
        if (crypto::equal_in_constant_time(entry, expected)) return true;
        presented.remove_prefix(std::min(entry.size() + 1, presented.size()));
    }
    return false;
}

}  // namespace

Result<void> verify(std::span<const Secret> secrets, const http::Headers& headers, std::string_view body,
                    Instant now) {
    const auto id = headers.find("webhook-id");
    const auto timestamp = parse_timestamp(headers.find("webhook-timestamp").value_or(""));
    const auto presented = headers.find("webhook-signature");
    // With a full stop in it, part of an id could be read as the timestamp and the rest as the body.
    if (!id || id->empty() || id->find('.') != id->npos || !timestamp || !presented)
        return fail(ErrorKind::unauthorized, "unsigned",
                    "webhook-id, webhook-timestamp or webhook-signature is missing or unreadable.");
    if (std::abs(seconds_of(now) - *timestamp) > kToleranceSeconds)
        return fail(ErrorKind::unauthorized, "stale_timestamp",
                    "webhook-timestamp is more than five minutes from our clock.");
    const Message message{std::string(*id), std::string(body)};
    for (const Secret& secret : secrets)
        if (is_among(*presented, signature_of({secret}, message, *timestamp))) return {};
    return fail(ErrorKind::unauthorized, "bad_signature", "webhook-signature has no v1 entry that fits.");
}

}  // namespace returngate::webhook
