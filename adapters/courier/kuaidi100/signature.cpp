// MD5 with a trailing secret, and our salts. Sources: README.md beside this file.
#include "adapters/courier/kuaidi100/signature.hpp"

#include <algorithm>

namespace returngate::courier {

std::string kuaidi100_sign(std::initializer_list<std::string_view> parts) {
    std::string text = crypto::to_hex(crypto::md5(parts));
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

std::string kuaidi100_salt(std::string_view account_key, std::string_view reference) {
    return crypto::to_hex(crypto::hmac_sha256(account_key, reference)).substr(0, 32);
}

}  // namespace returngate::courier
