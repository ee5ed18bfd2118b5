// Hex and base-32 forms of identifiers; ids drawn from a seed by SipHash-2-4.
#include "src/base/ids.hpp"

#include <bit>
#include <cstddef>

namespace returngate {
namespace {

constexpr std::string_view kHexLower = "0123456789abcdef";
constexpr std::string_view kHexUpper = "0123456789ABCDEF";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // RFC 4648
constexpr std::string_view kReferencePrefix = "RG";
constexpr std::size_t kReferenceLength = 2 + 2 + 24;

std::optional<std::uint8_t> hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
    return std::nullopt;
}

std::uint64_t load_little_endian(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i) value = value << 8 | bytes[i];
    return value;
}

struct SipState {
    std::uint64_t v0, v1, v2, v3;

    void round() {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }

    void absorb(std::uint64_t word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }
};

// SipHash-2-4 (Aumasson, Bernstein 2012) of the eight little-endian bytes of `message`. A keyed
// one-way mix: who sees one id learns neither the seed nor its sibling ids.
std::uint64_t siphash_2_4(const std::array<std::uint8_t, 16>& key, std::uint64_t message) {
    const std::uint64_t k0 = load_little_endian(key.data());
    const std::uint64_t k1 = load_little_endian(key.data() + 8);
    SipState state{k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU, k0 ^ 0x6c7967656e657261U,
                   k1 ^ 0x7465646279746573U};
    state.absorb(message);
    state.absorb(std::uint64_t{8} << 56);  // the last block carries the message's length
    state.v2 ^= 0xff;
    for (int i = 0; i < 4; ++i) state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

// Eight characters for each group of five bytes.
void append_base32(std::string& out, const std::uint8_t* bytes, std::size_t size) {
    for (std::size_t group = 0; group < size; group += 5) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < 5; ++i) bits = bits << 8 | bytes[group + i];
        for (int shift = 35; shift >= 0; shift -= 5) out += kBase32[bits >> shift & 31];
    }
}

}  // namespace

namespace detail {

std::string to_hex(const std::array<std::uint8_t, 16>& bytes) {
    std::string text(32, '0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text[2 * i] = kHexLower[bytes[i] >> 4];
        text[2 * i + 1] = kHexLower[bytes[i] & 15];
    }
    return text;
}

std::optional<std::array<std::uint8_t, 16>> from_hex(std::string_view text) {
    std::array<std::uint8_t, 16> bytes{};
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '-') continue;
        const auto value = hex_value(c);
        if (!value || digits == 32) return std::nullopt;
        bytes[digits / 2] = static_cast<std::uint8_t>(bytes[digits / 2] << 4 | *value);
        ++digits;
    }
    if (digits != 32) return std::nullopt;
    return bytes;
}

}  // namespace detail

Cell cell_of(std::string_view key) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a, 64 bits
    for (const char c : key) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
    hash ^= hash >> 32;
    hash ^= hash >> 16;
    hash ^= hash >> 8;
    return static_cast<Cell>(hash);
}

std::optional<Cell> cell_of(const BookingReference& reference) {
    const std::string_view text = reference.value;
    if (text.size() != kReferenceLength || !text.starts_with(kReferencePrefix)) return std::nullopt;
    const std::size_t high = kHexUpper.find(text[2]);
    const std::size_t low = kHexUpper.find(text[3]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    if (text.find_first_not_of(kBase32, 4) != std::string_view::npos) return std::nullopt;
    return static_cast<Cell>(high << 4 | low);
}

std::optional<std::array<std::uint8_t, 16>> bytes_of(const BookingReference& reference) {
    const auto cell = cell_of(reference);
    if (!cell) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{*cell};
    std::uint64_t bits = 0;
    std::size_t at = 1;
    for (std::size_t i = 4; i < reference.value.size(); ++i) {
        bits = bits << 5 | kBase32.find(reference.value[i]);
        if ((i - 4) % 8 != 7) continue;  // eight characters are five bytes
        for (int shift = 32; shift >= 0; shift -= 8)
            bytes.at(at++) = static_cast<std::uint8_t>(bits >> shift);
        bits = 0;
    }
    return bytes;
}

std::array<std::uint8_t, 16> IdSource::next_bytes(Cell cell) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t half = 0; half < 2; ++half) {
        const std::uint64_t word = siphash_2_4(seed_, counter_++);
        for (std::size_t i = 0; i < 8; ++i) {
            bytes[8 * half + i] = static_cast<std::uint8_t>(word >> (8 * i));
        }
    }
    bytes[0] = cell;
    return bytes;
}

BookingReference IdSource::next_booking_reference(Cell cell) {
    const auto bytes = next_bytes(cell);
    BookingReference reference;
    reference.value.reserve(kReferenceLength);
    reference.value += kReferencePrefix;
    reference.value += kHexUpper[cell >> 4];
    reference.value += kHexUpper[cell & 15];
    append_base32(reference.value, bytes.data() + 1, bytes.size() - 1);
    return reference;
}

}  // namespace returngate
