// A look-up by hash tells an attacker nothing: what differs in time is the hash, not the key.
#include "gateway/http/key_ring.hpp"

#include <cstring>
#include <unordered_map>

namespace returngate::api {
namespace {

struct ByLeadingBytes {
    std::size_t operator()(const crypto::Sha256& hash) const noexcept {
        std::size_t value = 0;
        std::memcpy(&value, hash.data(), sizeof value);
        return value;
    }
};

constexpr std::string_view kPrefix = "rgk_";
constexpr std::size_t kKeyBytes = 4 + 64;
constexpr std::chrono::seconds kBetweenReloads{1};

}  // namespace

struct KeyRing::Snapshot {
    std::unordered_map<crypto::Sha256, StoredKey, ByLeadingBytes> keys;
};

std::string make_key(const std::array<std::uint8_t, 16>& first, const std::array<std::uint8_t, 16>& second) {
    return std::string(kPrefix) + crypto::to_hex(first) + crypto::to_hex(second);
}

crypto::Sha256 hash_of_key(std::string_view key) {
    return crypto::sha256(key);
}

KeyRing::KeyRing() : keys_(std::make_shared<const Snapshot>()) {}
KeyRing::~KeyRing() = default;

void KeyRing::replace(std::vector<StoredKey> keys) {
    auto snapshot = std::make_shared<Snapshot>();
    for (auto& key : keys) snapshot->keys.emplace(key.hash, std::move(key));
    const std::lock_guard lock(mutex_);
    keys_ = std::move(snapshot);
    is_loaded_ = true;
}

bool KeyRing::is_loaded() const {
    const std::lock_guard lock(mutex_);
    return is_loaded_;
}

std::optional<Identity> KeyRing::find(std::string_view key, Instant now,
                                      std::string_view client_certificate) const {
    if (key.size() != kKeyBytes || !key.starts_with(kPrefix)) return std::nullopt;
    std::shared_ptr<const Snapshot> keys;
    {
        const std::lock_guard lock(mutex_);
        keys = keys_;
    }
    const auto found = keys->keys.find(hash_of_key(key));
    if (found == keys->keys.end() || found->second.is_revoked || found->second.expires_at <= now)
        return std::nullopt;
    const std::string& bound_to = found->second.client_certificate;
    if (!bound_to.empty() && bound_to != client_certificate) return std::nullopt;
    return found->second.identity;
}

bool KeyRing::may_reload(std::chrono::steady_clock::time_point now) {
    const std::lock_guard lock(mutex_);
    if (now < reload_after_) return false;
    reload_after_ = now + kBetweenReloads;
    return true;
}

}  // namespace returngate::api
