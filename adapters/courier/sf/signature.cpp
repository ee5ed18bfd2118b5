// SF's three digests. Official document "数字签名认证说明"; vectors in the tests.
#include "adapters/courier/sf/signature.hpp"

#include "adapters/crypto/digest.hpp"
#include "adapters/http/form.hpp"

namespace returngate::courier {

std::optional<SfDigest> parse_sf_digest(std::string_view text) {
    if (text == "standard") return SfDigest::standard;
    if (text == "simple") return SfDigest::simple;
    if (text == "sm3") return SfDigest::sm3;
    return std::nullopt;
}

std::string sf_digest(SfDigest mode, std::string_view msg_data, std::string_view timestamp,
                      std::string_view checkword) {
    if (mode == SfDigest::sm3) return crypto::to_hex(crypto::sm3({msg_data, timestamp, checkword}));
    if (mode == SfDigest::simple) return crypto::to_base64(crypto::md5({msg_data, timestamp, checkword}));
    // The encoder works byte by byte, so the parts may be encoded one by one.
    const std::string encoded_data = http::encode_form_component(msg_data);
    const std::string encoded_checkword = http::encode_form_component(checkword);
    return crypto::to_base64(crypto::md5({encoded_data, timestamp, encoded_checkword}));
}

}  // namespace returngate::courier
