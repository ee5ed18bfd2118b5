// Kuaidi100's signature in all its uses, and the salt that we give each order.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "adapters/crypto/digest.hpp"

namespace returngate::courier {

// Upper-case hex MD5 of the parts, nothing between them:
//   order API         param + t + key + secret
//   tracking query    param + key + customer
//   pushes to us      param + salt (crypto::hex_digest_matches: the letters' case is not documented)
[[nodiscard]] std::string kuaidi100_sign(std::initializer_list<std::string_view> parts);

// The salt is all that authenticates a push. It is made from the account's key and the reference in the
// callback URL, so that nothing needs to be looked up to verify one: the first 32 characters of the
// lower-case hex HMAC-SHA256(key, reference).
[[nodiscard]] std::string kuaidi100_salt(std::string_view account_key, std::string_view reference);

}  // namespace returngate::courier
