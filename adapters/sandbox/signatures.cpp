// The couriers' digests, computed once more from their documents.
#include "adapters/sandbox/signatures.hpp"

#include "adapters/crypto/digest.hpp"
#include "adapters/sandbox/form.hpp"

namespace returngate::sandbox {
namespace {

std::string base64_md5(const std::string& text) {
    return crypto::to_base64(crypto::md5(text));
}

}  // namespace

std::string yto_sign(std::string_view param, std::string_view method, std::string_view version,
                     std::string_view secret) {
    std::string text(param);
    text.append(method).append(version).append(secret);
    return base64_md5(text);
}

std::string yto_push_digest(std::string_view xml, std::string_view secret) {
    return base64_md5(std::string(xml).append(secret));
}

std::string payload_digest(std::string_view payload, std::string_view secret) {
    return base64_md5(std::string(payload).append(secret));
}

std::string upper_hex_md5(const std::string& text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const unsigned byte : crypto::md5(text)) {
        out += kDigits[byte / 16];
        out += kDigits[byte % 16];
    }
    return out;
}

std::string jt_business_digest(std::string_view customer_code, std::string_view password,
                               std::string_view private_key) {
    const std::string cipher = upper_hex_md5(std::string(password).append("jadada236t2"));
    return base64_md5(std::string(customer_code).append(cipher).append(private_key));
}

std::string deppon_digest(std::string_view params, std::string_view app_key, std::string_view timestamp) {
    const std::string hex =
        crypto::to_hex(crypto::md5(std::string(params).append(app_key).append(timestamp)));
    return crypto::to_base64({reinterpret_cast<const std::uint8_t*>(hex.data()), hex.size()});
}

std::optional<SfDigest> parse_sf_digest(std::string_view name) {
    if (name == "standard") return SfDigest::standard;
    if (name == "simple") return SfDigest::simple;
    if (name == "sm3") return SfDigest::sm3;
    return std::nullopt;
}

std::string sf_digest(SfDigest mode, std::string_view msg_data, std::string_view timestamp,
                      std::string_view checkword) {
    std::string text(msg_data);
    text.append(timestamp).append(checkword);
    switch (mode) {
        case SfDigest::standard: return base64_md5(java_url_encode(text));
        case SfDigest::simple: return base64_md5(text);
        case SfDigest::sm3: return crypto::to_hex(crypto::sm3(text));
    }
    return {};
}

}  // namespace returngate::sandbox
