// Identifiers that cannot be mixed up, and the cell that tells which shard a buyer's rows live in.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace returngate {

// Hash of the buyer, 0…255. First in every case-related primary key; chooses the committer.
using Cell = std::uint8_t;

// FNV-1a folded to one byte. Part of the stored data's layout: never change it.
[[nodiscard]] Cell cell_of(std::string_view key);

// 128 bits; the first byte is the cell, the other 120 bits are random.
template <class Tag>
struct Id {
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] Cell cell() const { return bytes[0]; }
    [[nodiscard]] bool is_nil() const { return bytes == std::array<std::uint8_t, 16>{}; }
    auto operator<=>(const Id&) const = default;
};

struct ReturnTag {
    static constexpr std::string_view prefix = "ret_";
};
struct PickupTag {
    static constexpr std::string_view prefix = "pku_";
};
struct AdvanceTag {
    static constexpr std::string_view prefix = "adv_";
};
struct ContactTag {
    static constexpr std::string_view prefix = "con_";
};
struct JournalTag {
    static constexpr std::string_view prefix = "jnl_";
};
struct QuarantineTag {
    static constexpr std::string_view prefix = "qua_";
};
using ReturnId = Id<ReturnTag>;
using PickupId = Id<PickupTag>;
using AdvanceId = Id<AdvanceTag>;
using ContactId = Id<ContactTag>;
using JournalId = Id<JournalTag>;
using QuarantineId = Id<QuarantineTag>;

namespace detail {
[[nodiscard]] std::string to_hex(const std::array<std::uint8_t, 16>& bytes);
// 32 hex digits, dashes allowed anywhere (PostgreSQL prints uuids with dashes).
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> from_hex(std::string_view text);
}  // namespace detail

// "ret_" + 32 hex digits.
template <class Tag>
[[nodiscard]] std::string to_string(const Id<Tag>& id) {
    return std::string(Tag::prefix) + detail::to_hex(id.bytes);
}

template <class Tag>
[[nodiscard]] std::optional<Id<Tag>> parse_id(std::string_view text) {
    if (!text.starts_with(Tag::prefix)) return std::nullopt;
    const auto bytes = detail::from_hex(text.substr(Tag::prefix.size()));
    if (!bytes) return std::nullopt;
    return Id<Tag>{*bytes};
}

// A string with a meaning; made by the outside, compared byte by byte.
template <class Tag>
struct Name {
    std::string value;
    auto operator<=>(const Name&) const = default;
};
using BuyerId = Name<struct BuyerTag>;
using SellerId = Name<struct SellerTag>;
using OrderId = Name<struct OrderTag>;
using AfterSaleId = Name<struct AfterSaleTag>;
using CourierCode = Name<struct CourierTag>;  // YTO, SF, … (decision 31)
// What a courier sees as our order id: at most 30 of [A-Z0-9], one per attempt, never reused.
// "RG" + two hex digits of the cell + 24 random base-32 characters.
using BookingReference = Name<struct BookingTag>;
// A waybill number in its canonical form (src/waybill/normalise.hpp).
using WaybillNumber = Name<struct WaybillTag>;

[[nodiscard]] std::optional<Cell> cell_of(const BookingReference& reference);
// The cell and the random bits: the id of whatever belongs to exactly this booking.
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> bytes_of(const BookingReference& reference);

// Random bits handed to a pure function. The same seed gives the same ids, so that a command
// whose COMMIT is in doubt can be run again without making new ones.
class IdSource {
public:
    explicit IdSource(std::array<std::uint8_t, 16> seed) : seed_(seed) {}

    template <class Tag>
    [[nodiscard]] Id<Tag> next(Cell cell) {
        return Id<Tag>{next_bytes(cell)};
    }
    [[nodiscard]] BookingReference next_booking_reference(Cell cell);

private:
    [[nodiscard]] std::array<std::uint8_t, 16> next_bytes(Cell cell);

    std::array<std::uint8_t, 16> seed_;
    std::uint64_t counter_ = 0;
};

}  // namespace returngate

template <class Tag>
struct std::hash<returngate::Id<Tag>> {
    std::size_t operator()(const returngate::Id<Tag>& id) const noexcept {
        std::size_t value = 0;
        // The low bytes are random; the first one is the cell.
        for (int i = 8; i < 16; ++i) value = value << 8 | id.bytes[static_cast<std::size_t>(i)];
        return value;
    }
};
template <class Tag>
struct std::hash<returngate::Name<Tag>> {
    std::size_t operator()(const returngate::Name<Tag>& name) const noexcept {
        return std::hash<std::string>{}(name.value);
    }
};
