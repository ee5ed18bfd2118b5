// The couriers' digests as the couriers compute them; apart from our dialects on purpose.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace returngate::sandbox {

// YTO open platform: Base64(MD5(param + method + version + secret)).
[[nodiscard]] std::string yto_sign(std::string_view param, std::string_view method, std::string_view version,
                                   std::string_view secret);
// YTO push: Base64(MD5(logistics_interface + secret)).
[[nodiscard]] std::string yto_push_digest(std::string_view xml, std::string_view secret);

// SF /std/service, T = msgData + timestamp + checkword: Base64(MD5(URLEncode(T))), Base64(MD5(T)) or
// hex SM3(T), chosen per account.
enum class SfDigest { standard, simple, sm3 };
[[nodiscard]] std::optional<SfDigest> parse_sf_digest(std::string_view name);
[[nodiscard]] std::string sf_digest(SfDigest mode, std::string_view msg_data, std::string_view timestamp,
                                    std::string_view checkword);

// ZTO (x-dataDigest, data_digest), STO and J&T (its headers), in both directions: Base64(MD5(payload +
// secret)).
[[nodiscard]] std::string payload_digest(std::string_view payload, std::string_view secret);
// J&T inside bizContent: Base64(MD5(customerCode + upper hex MD5(password + "jadada236t2") + privateKey)).
[[nodiscard]] std::string jt_business_digest(std::string_view customer_code, std::string_view password,
                                             std::string_view private_key);

// Deppon, requests and pushes: Base64 of the hex text of MD5(params + appkey + timestamp).
[[nodiscard]] std::string deppon_digest(std::string_view params, std::string_view app_key,
                                        std::string_view timestamp);

// Kuaidi100 in all its uses: upper-case hex MD5 of the texts run together, the secret last.
[[nodiscard]] std::string upper_hex_md5(const std::string& text);

}  // namespace returngate::sandbox
