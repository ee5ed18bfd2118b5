// Who calls: the class of caller that a key stands for, and the sets of them that a route lets in.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.hpp"

namespace returngate::api {

enum class Caller : std::uint8_t {
    platform,
    buyer_app,
    seller,
    finance,
    operations,
    auditor,
    admin,
    provider
};
inline constexpr std::array<std::string_view, 8> kCallerWords{
    "platform", "buyer_app", "seller", "finance", "operations", "auditor", "admin", "provider"};
[[nodiscard]] constexpr std::string_view to_string(Caller caller) {
    return kCallerWords.at(static_cast<std::size_t>(caller));
}
[[nodiscard]] constexpr std::optional<Caller> parse_caller(std::string_view word) {
    for (std::size_t i = 0; i < kCallerWords.size(); ++i) {
        if (kCallerWords.at(i) == word) return static_cast<Caller>(i);
    }
    return std::nullopt;
}

class Callers {
public:
    constexpr Callers(std::initializer_list<Caller> callers) {
        for (const Caller caller : callers) bits_ |= bit(caller);
    }
    [[nodiscard]] constexpr bool has(Caller caller) const { return (bits_ & bit(caller)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

private:
    [[nodiscard]] static constexpr unsigned bit(Caller caller) { return 1U << static_cast<unsigned>(caller); }
    unsigned bits_ = 0;
};

struct Identity {
    std::array<std::uint8_t, 16> key_id{};
    Caller caller{};
    std::string owner;      // the person who answers for the key
    std::string seller_id;  // of a seller's key; empty otherwise
};

}  // namespace returngate::api
