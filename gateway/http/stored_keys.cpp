// A row that cannot be a key of ours could never be matched, so it is no fault.
#include "gateway/http/stored_keys.hpp"

#include <algorithm>

namespace returngate::api {
namespace {

StoredKey stored_key(const postgres::KeyView& view, Caller caller) {
    StoredKey key;
    key.identity = Identity{view.key_id, caller, view.owner, view.seller_id};
    std::ranges::copy(view.hash.substr(0, key.hash.size()), key.hash.begin());
    key.expires_at = view.expires_at;
    key.is_revoked = view.revoked_at.has_value();
    key.client_certificate = view.client_certificate;
    return key;
}

}  // namespace

std::vector<StoredKey> stored_keys(const std::vector<postgres::KeyView>& views) {
    std::vector<StoredKey> keys;
    for (const auto& view : views) {
        const auto caller = parse_caller(view.caller);
        if (caller) keys.push_back(stored_key(view, *caller));
    }
    return keys;
}

}  // namespace returngate::api
