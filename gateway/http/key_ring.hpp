// Bearer keys: made here, known by their SHA-256 only, looked up in memory. Any thread.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/digest.hpp"
#include "gateway/http/identity.hpp"

namespace returngate::api {

// A row of api_key.
struct StoredKey {
    Identity identity;
    crypto::Sha256 hash{};
    Instant expires_at{};
    bool is_revoked = false;
    std::string client_certificate{};  // the only one that it may come with, SHA-256 in hex; "": none needed
};

// "rgk_" and 64 hex digits: 256 random bits, with a prefix that scanners for leaked keys can look for.
[[nodiscard]] std::string make_key(const std::array<std::uint8_t, 16>& first,
                                   const std::array<std::uint8_t, 16>& second);
[[nodiscard]] crypto::Sha256 hash_of_key(std::string_view key);

class KeyRing {
public:
    KeyRing();
    ~KeyRing();

    // Takes the place of what was there.
    void replace(std::vector<StoredKey> keys);
    // False until the first replace: nobody can be refused for a key that was never looked for.
    [[nodiscard]] bool is_loaded() const;
    // Known, not expired and not revoked at `now`, and with the certificate that it is bound to, if any.
    [[nodiscard]] std::optional<Identity> find(std::string_view key, Instant now,
                                               std::string_view client_certificate = {}) const;
    // After a miss: whether the database may be asked now, since the key may be new. At most once a second.
    [[nodiscard]] bool may_reload(std::chrono::steady_clock::time_point now);

private:
    struct Snapshot;
    mutable std::mutex mutex_;
    std::shared_ptr<const Snapshot> keys_;
    bool is_loaded_ = false;
    std::chrono::steady_clock::time_point reload_after_{};
};

}  // namespace returngate::api
