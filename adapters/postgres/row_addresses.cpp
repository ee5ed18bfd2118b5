// Reading an address, and the names that are not texts.
#include "adapters/postgres/row_addresses.hpp"

#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace returngate::postgres {
namespace {

[[noreturn]] void refuse(std::string_view text) {
    throw std::runtime_error("not a row's address: " + std::string(text));
}

}  // namespace

RowAddress parse_address(std::string_view text) {
    if (!text.starts_with('(')) refuse(text);
    std::uint32_t block = 0;
    std::uint16_t line = 0;
    const char* const end = text.data() + text.size();
    const auto [comma, wrong_block] = std::from_chars(text.data() + 1, end, block);
    if (wrong_block != std::errc{} || comma == end || *comma != ',') refuse(text);
    const auto [bracket, wrong_line] = std::from_chars(comma + 1, end, line);
    if (wrong_line != std::errc{} || bracket == end || *bracket != ')') refuse(text);
    return {static_cast<char>(block >> 24), static_cast<char>(block >> 16), static_cast<char>(block >> 8),
            static_cast<char>(block),       static_cast<char>(line >> 8),   static_cast<char>(line)};
}

std::string name_of_order(Cell cell, const OrderId& id) {
    return std::to_string(cell) + ' ' + id.value;
}

std::string name_of_return(const ReturnId& id) {
    return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

}  // namespace returngate::postgres
