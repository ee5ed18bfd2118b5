// OpenSSL's EVP_aes_256_gcm; its default nonce of 12 bytes and tag of 16 are ours.
#include "adapters/crypto/aead.hpp"

#include <memory>
#include <openssl/evp.h>
#include <stdexcept>

namespace returngate::crypto {
namespace {

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* bytes_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL: AES-256-GCM failed");
}

}  // namespace

std::string seal(const AesKey& key, const GcmNonce& nonce, std::string_view plain,
                 std::string_view associated) {
    const Context context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX* gcm = context.get();
    std::string sealed(plain.size() + kGcmTagBytes, '\0');
    int done = 0;
    require(gcm != nullptr &&
            EVP_EncryptInit_ex2(gcm, EVP_aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1);
    require(EVP_EncryptUpdate(gcm, nullptr, &done, bytes_of(associated),
                              static_cast<int>(associated.size())) == 1);
    require(EVP_EncryptUpdate(gcm, bytes_of(sealed), &done, bytes_of(plain),
                              static_cast<int>(plain.size())) == 1);
    require(EVP_EncryptFinal_ex(gcm, bytes_of(sealed) + done, &done) == 1);
    require(EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kGcmTagBytes),
                                bytes_of(sealed) + plain.size()) == 1);
    return sealed;
}

std::optional<std::string> open(const AesKey& key, const GcmNonce& nonce, std::string_view sealed,
                                std::string_view associated) {
    if (sealed.size() < kGcmTagBytes) return std::nullopt;
    const std::string_view cipher = sealed.substr(0, sealed.size() - kGcmTagBytes);
    std::string tag(sealed.substr(cipher.size()));
    const Context context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX* gcm = context.get();
    std::string plain(cipher.size(), '\0');
    int done = 0;
    require(gcm != nullptr &&
            EVP_DecryptInit_ex2(gcm, EVP_aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1);
    require(EVP_DecryptUpdate(gcm, nullptr, &done, bytes_of(associated),
                              static_cast<int>(associated.size())) == 1);
    require(EVP_DecryptUpdate(gcm, bytes_of(plain), &done, bytes_of(cipher),
                              static_cast<int>(cipher.size())) == 1);
    require(EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kGcmTagBytes), tag.data()) == 1);
    if (EVP_DecryptFinal_ex(gcm, bytes_of(plain) + done, &done) != 1) return std::nullopt;
    return plain;
}

}  // namespace returngate::crypto
