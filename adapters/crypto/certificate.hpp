// What we want to know of an X.509 certificate: which one it is, and until when it is good.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/crypto/digest.hpp"
#include "src/base/result.hpp"
#include "src/base/time.hpp"

namespace returngate::crypto {

struct Certificate {
    Sha256 fingerprint{};  // of its DER bytes, as `openssl x509 -fingerprint -sha256` shows it
    Instant expires_at{};
};

// All certificates of a PEM text in their order, at least one; other blocks are passed over. `malformed`
// when one cannot be read or there is none.
[[nodiscard]] Result<std::vector<Certificate>> read_certificates(std::string_view pem);

}  // namespace returngate::crypto
