// OpenSSL's SM4-ECB; its default padding is PKCS#7.
#include "adapters/crypto/sm4.hpp"

#include <algorithm>
#include <memory>
#include <openssl/evp.h>
#include <stdexcept>

#include "adapters/crypto/digest.hpp"

namespace returngate::crypto {
namespace {

constexpr std::size_t kBlockBytes = 16;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// Fetched once; lives as long as the process.
const EVP_CIPHER* sm4_ecb() {
    static const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher(
        EVP_CIPHER_fetch(nullptr, "SM4-ECB", nullptr), &EVP_CIPHER_free);
    if (!cipher) throw std::runtime_error("OpenSSL lacks the cipher SM4-ECB");
    return cipher.get();
}

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}
std::uint8_t* bytes_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
}

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL: SM4-ECB failed");
}

}  // namespace

std::optional<Sm4Key> sm4_key_from_base64(std::string_view text) {
    const auto bytes = from_base64(text);
    Sm4Key key{};
    if (!bytes || bytes->size() != key.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), key.begin());
    return key;
}

std::string sm4_ecb_encrypt(const Sm4Key& key, std::string_view plain) {
    const Context context(EVP_CIPHER_CTX_new());
    std::string cipher(plain.size() + kBlockBytes, '\0');
    int done = 0;
    int rest = 0;
    require(context != nullptr &&
            EVP_EncryptInit_ex2(context.get(), sm4_ecb(), key.data(), nullptr, nullptr) == 1);
    require(EVP_EncryptUpdate(context.get(), bytes_of(cipher), &done, bytes_of(plain),
                              static_cast<int>(plain.size())) == 1);
    require(EVP_EncryptFinal_ex(context.get(), bytes_of(cipher) + done, &rest) == 1);
    cipher.resize(static_cast<std::size_t>(done) + static_cast<std::size_t>(rest));
    return cipher;
}

std::optional<std::string> sm4_ecb_decrypt(const Sm4Key& key, std::string_view cipher) {
    if (cipher.empty() || cipher.size() % kBlockBytes != 0) return std::nullopt;
    const Context context(EVP_CIPHER_CTX_new());
    std::string plain(cipher.size() + kBlockBytes, '\0');
    int done = 0;
    int rest = 0;
    require(context != nullptr &&
            EVP_DecryptInit_ex2(context.get(), sm4_ecb(), key.data(), nullptr, nullptr) == 1);
    require(EVP_DecryptUpdate(context.get(), bytes_of(plain), &done, bytes_of(cipher),
                              static_cast<int>(cipher.size())) == 1);
    if (EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + done, &rest) != 1) return std::nullopt;
    plain.resize(static_cast<std::size_t>(done) + static_cast<std::size_t>(rest));
    return plain;
}

}  // namespace returngate::crypto
