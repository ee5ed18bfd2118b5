// Reading a row's columns in order, as our types.
#pragma once

#include <pqxx/result>
#include <string>
#include <string_view>

#include "src/base/ids.hpp"
#include "src/base/time.hpp"
#include "src/pickup/milestones.hpp"

namespace returngate::postgres {

// "2026-01-10 07:20:00.123456+00" as PostgreSQL prints it in a UTC session. Throws std::runtime_error.
[[nodiscard]] Instant parse_timestamp(std::string_view text);

class RowReader {
public:
    explicit RowReader(const pqxx::row& row, pqxx::row_size_type first = 0) : row_(&row), at_(first) {}

    [[nodiscard]] bool is_null() const { return (*row_)[at_].is_null(); }
    void skip(int columns = 1) { at_ += static_cast<pqxx::row_size_type>(columns); }
    [[nodiscard]] std::string_view view();
    [[nodiscard]] std::string text() { return std::string(view()); }
    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] std::optional<std::int64_t> optional_integer();
    [[nodiscard]] bool flag() { return view() == "t"; }
    [[nodiscard]] Instant instant() { return parse_timestamp(view()); }
    [[nodiscard]] std::optional<Instant> optional_instant();
    [[nodiscard]] std::array<std::uint8_t, 16> uuid();
    [[nodiscard]] std::string bytes();  // bytea in hex output
    [[nodiscard]] Milestones milestones();
    template <class IdType>
    [[nodiscard]] IdType id() {
        return IdType{uuid()};
    }
    template <class IdType>
    [[nodiscard]] std::optional<IdType> optional_id() {
        if (is_null()) {
            skip();
            return std::nullopt;
        }
        return IdType{uuid()};
    }
    // One of the words that to_string gives for the first `count` values.
    template <class Enum>
    [[nodiscard]] Enum word(int count);

private:
    const pqxx::row* row_;
    pqxx::row_size_type at_;
};

[[noreturn]] void refuse_word(std::string_view word);

template <class Enum>
Enum RowReader::word(int count) {
    const auto text = view();
    for (int i = 0; i < count; ++i) {
        if (to_string(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
    }
    refuse_word(text);
}

}  // namespace returngate::postgres
