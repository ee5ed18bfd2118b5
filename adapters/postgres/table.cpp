// Array literals and the statement text of a table.
#include "adapters/postgres/table.hpp"

#include <charconv>

namespace returngate::postgres {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::string column_list(const Table& table, std::string_view prefix = {}) {
    std::string list;
    for (const auto& column : table.columns) {
        if (!list.empty()) list += ", ";
        list.append(prefix).append(column.name);
    }
    return list;
}

std::string parameters(const Table& table, std::size_t first) {
    std::string list;
    for (const auto& column : table.columns) {
        if (!list.empty()) list += ", ";
        list.append("$").append(std::to_string(first++)).append("::").append(column.type).append("[]");
    }
    return list;
}

std::string selection(const Table& table) {
    std::string list;
    for (const auto& column : table.columns) {
        if (!list.empty()) list += ", ";
        list.append(column.read.empty() ? column.name : column.read);
    }
    return list;
}

std::string key_list(const Table& table) {
    std::string list;
    for (const auto& column : table.columns.first(table.key_columns)) {
        if (!list.empty()) list += ", ";
        list.append(column.name);
    }
    return list;
}

std::string assignments(const Table& table) {
    std::string list;
    for (const auto& column : table.columns.subspan(table.key_columns)) {
        if (!list.empty()) list += ", ";
        list.append(column.name).append(" = EXCLUDED.").append(column.name);
    }
    return list;
}

}  // namespace

RowSet::RowSet(const Table& table) : table_(&table), columns_(table.columns.size(), "{") {}

std::string& RowSet::next() {
    std::string& column = columns_[at_];
    if (column.size() > 1) column += ',';
    if (++at_ == columns_.size()) {
        at_ = 0;
        ++rows_;
    }
    return column;
}

RowSet& RowSet::put(std::string_view text) {
    std::string& column = next();
    column += '"';
    for (const char c : text) {
        if (c == '\0') throw TextNotStorable("NUL in a text value");
        if (c == '"' || c == '\\') column += '\\';
        column += c;
    }
    column += '"';
    return *this;
}

RowSet& RowSet::put(std::int64_t number) {
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
    next().append(buffer.data(), end);
    return *this;
}

RowSet& RowSet::put(bool flag) {
    next() += flag ? 't' : 'f';
    return *this;
}

RowSet& RowSet::put(Instant instant) {
    next().append(1, '"').append(format_rfc3339(instant)).append(1, '"');
    return *this;
}

RowSet& RowSet::put(const std::optional<Instant>& instant) {
    return instant ? put(*instant) : put_null();
}

RowSet& RowSet::put_bytes(std::string_view bytes) {
    std::string& column = next();
    column += "\"\\\\x";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        column += kHex[byte >> 4];
        column += kHex[byte & 15];
    }
    column += '"';
    return *this;
}

RowSet& RowSet::put_null() {
    next() += "NULL";
    return *this;
}

RowSet& RowSet::put_uuid(const std::array<std::uint8_t, 16>& bytes) {
    std::string& column = next();
    for (const auto byte : bytes) {
        column += kHex[byte >> 4];
        column += kHex[byte & 15];
    }
    return *this;
}

std::vector<std::string> RowSet::take_literals() {
    for (auto& column : columns_) column += '}';
    return std::move(columns_);
}

std::string save_expression(const Table& table, std::size_t first_parameter) {
    const std::string name(table.name);
    const std::string rows =
        "unnest(" + parameters(table, first_parameter) + ") AS u(" + column_list(table) + ")";
    if (table.write == Write::remove) {
        std::string match;
        for (const auto& column : table.columns) {
            if (!match.empty()) match += " AND ";
            match.append("k.").append(column.name).append(" = u.").append(column.name);
        }
        // By address, so that each row is found by its key whatever the statistics say. A row that a lease
        // moves at the same moment stays, and its job finds nothing left to do.
        return name + "_removed AS (DELETE FROM " + name + " WHERE ctid = ANY (ARRAY(SELECT f.ctid FROM " +
               rows + " CROSS JOIN LATERAL (SELECT k.ctid FROM " + name + " k WHERE " + match +
               " LIMIT 1) f)))";
    }
    std::string text = name + "_saved AS (INSERT INTO " + name + " AS t (" + column_list(table) +
                       ") SELECT " + selection(table) + " FROM " + rows;
    if (table.write != Write::insert) {
        text += " ON CONFLICT (" + key_list(table) + ") DO UPDATE SET " + assignments(table);
    }
    if (table.write == Write::versioned) text += " WHERE t.version = EXCLUDED.version - 1 RETURNING 1";
    return text + ")";
}

}  // namespace returngate::postgres
