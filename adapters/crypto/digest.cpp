// OpenSSL's EVP behind plain functions. Algorithms are fetched once: a fetch costs more than a small digest.
#include "adapters/crypto/digest.hpp"

#include <algorithm>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdexcept>

namespace returngate::crypto {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

// One algorithm as fetched from OpenSSL's default provider; lives as long as the process.
class Algorithm {
public:
    explicit Algorithm(const char* name) : md_(EVP_MD_fetch(nullptr, name, nullptr), &EVP_MD_free) {
        if (!md_) throw std::runtime_error(std::string("OpenSSL lacks the digest ") + name);
    }
    [[nodiscard]] const EVP_MD* get() const { return md_.get(); }

private:
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> md_;
};

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

template <std::size_t Size>
std::array<std::uint8_t, Size> hash(EVP_MD_CTX* context, const Algorithm& algorithm,
                                    std::initializer_list<std::string_view> parts) {
    std::array<std::uint8_t, Size> digest{};
    bool done = context != nullptr && EVP_DigestInit_ex2(context, algorithm.get(), nullptr) == 1;
    for (const std::string_view part : parts)
        done = done && EVP_DigestUpdate(context, part.data(), part.size()) == 1;
    unsigned size = 0;
    done = done && EVP_DigestFinal_ex(context, digest.data(), &size) == 1 && size == Size;
    if (!done) throw std::runtime_error("OpenSSL could not compute a digest");
    return digest;
}

// 0…63, or -1 outside the alphabet.
constexpr std::array<std::int8_t, 256> kBase64Values = [] {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < kBase64.size(); ++i)
        values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
    return values;
}();

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

// The contexts are per thread and reused: initialising a used one for the same algorithm allocates nothing.
Md5 md5(std::initializer_list<std::string_view> parts) {
    static const Algorithm algorithm("MD5");
    thread_local const Context context(EVP_MD_CTX_new());
    return hash<16>(context.get(), algorithm, parts);
}

Sha256 sha256(std::initializer_list<std::string_view> parts) {
    static const Algorithm algorithm("SHA256");
    thread_local const Context context(EVP_MD_CTX_new());
    return hash<32>(context.get(), algorithm, parts);
}

Sm3 sm3(std::initializer_list<std::string_view> parts) {
    static const Algorithm algorithm("SM3");
    thread_local const Context context(EVP_MD_CTX_new());
    return hash<32>(context.get(), algorithm, parts);
}

Sha256 hmac_sha256(std::string_view key, std::string_view message) {
    const std::vector<std::uint8_t> bytes = hmac(HmacHash::sha256, key, message);
    Sha256 mac{};
    std::copy(bytes.begin(), bytes.end(), mac.begin());
    return mac;
}

std::vector<std::uint8_t> hmac(HmacHash hash, std::string_view key, std::string_view message) {
    static const std::array<Algorithm, 4> algorithms{Algorithm("MD5"), Algorithm("SHA1"), Algorithm("SHA256"),
                                                     Algorithm("SHA512")};
    std::vector<std::uint8_t> mac(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    // A null key pointer would mean "as last time" to OpenSSL.
    const char* key_bytes = key.empty() ? "" : key.data();
    if (HMAC(algorithms.at(static_cast<std::size_t>(hash)).get(), key_bytes, static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac.data(),
             &size) == nullptr)
        throw std::runtime_error("OpenSSL could not compute an HMAC");
    mac.resize(size);
    return mac;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += kHex[byte >> 4];
        text += kHex[byte & 15];
    }
    return text;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16 |
                                    static_cast<std::uint32_t>(left > 1 ? bytes[i + 1] : 0) << 8 |
                                    static_cast<std::uint32_t>(left > 2 ? bytes[i + 2] : 0);
        text += kBase64[group >> 18];
        text += kBase64[group >> 12 & 63];
        text += left > 1 ? kBase64[group >> 6 & 63] : '=';
        text += left > 2 ? kBase64[group & 63] : '=';
    }
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    text.remove_suffix(padding);
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::int8_t value = kBase64Values[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 0xff);
        }
    }
    const bool leftover_is_zero = (bits & ((1U << count) - 1)) == 0;
    if (!leftover_is_zero) return std::nullopt;
    return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool equal_in_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool base64_digest_matches(std::span<const std::uint8_t> digest, std::string_view presented) {
    std::string restored(presented);
    std::replace(restored.begin(), restored.end(), ' ', '+');
    return equal_in_constant_time(to_base64(digest), restored);
}

bool hex_digest_matches(std::span<const std::uint8_t> digest, std::string_view presented) {
    const auto bytes = from_hex(presented);
    return bytes &&
           equal_in_constant_time({reinterpret_cast<const char*>(digest.data()), digest.size()}, *bytes);
}

}  // namespace returngate::crypto
