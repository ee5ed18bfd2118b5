// Arrays in binary form, and the statement text of a table.
#include "adapters/postgres/table.hpp"

#include <algorithm>

namespace returngate::postgres {
namespace {

// Type numbers of pg_type, which are the same in every database.
constexpr std::uint32_t kJson = 114;
constexpr std::array<std::pair<std::string_view, Wire>, 10> kWires{{{"bool", {16, 1}},
                                                                    {"bytea", {17, 0}},
                                                                    {"int8", {20, 8}},
                                                                    {"int2", {21, 2}},
                                                                    {"int4", {23, 4}},
                                                                    {"text", {25, 0}},
                                                                    {"tid", {27, 0}},
                                                                    {"timestamptz", {1184, 8}},
                                                                    {"uuid", {2950, 0}},
                                                                    {"json", {kJson, 0}}}};

constexpr Column kAddress{"row_address", "tid"};

Wire wire_of(std::string_view type) {
    const auto found = std::ranges::find(kWires, type, [](const auto& known) { return known.first; });
    if (found == kWires.end())
        throw std::logic_error("no wire format for columns of type " + std::string(type));
    return found->second;
}

// "\u0000" can be stored as json, and then makes every reader of its text fail. After an odd number of
// backslashes it is an escape; after an even one, the letters.
bool has_escaped_nul(std::string_view json) {
    constexpr std::string_view kNul = "u0000";
    for (auto at = json.find(kNul); at != json.npos; at = json.find(kNul, at + 1)) {
        const auto before = json.substr(0, at);
        const auto text_end = before.find_last_not_of('\\');
        const auto backslashes = before.size() - (text_end == before.npos ? 0 : text_end + 1);
        if (backslashes % 2 == 1) return true;
    }
    return false;
}

// Big endian, two's complement.
void append_integer(std::string& out, std::int64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) {
        out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
    }
}

// Dimensions, "has nulls", element type, length, lower bound (array_send in the server's arrayfuncs.c).
constexpr std::size_t kArrayHeader = 20;
void write_array_header(std::string& array, std::uint32_t oid, std::size_t rows) {
    std::string header;
    for (const std::int64_t field : {std::int64_t{1}, std::int64_t{1}, std::int64_t{oid},
                                     static_cast<std::int64_t>(rows), std::int64_t{1}}) {
        append_integer(header, field, 4);
    }
    array.replace(0, kArrayHeader,
                  rows == 0 ? std::string("\0\0\0\0\0\0\0\0", 8) + header.substr(8, 4) : header);
}

bool is_fixed(const Table& table, std::size_t column) {
    return column >= table.key_columns && column < table.key_columns + table.fixed_columns;
}

bool is_update(Write write) {
    return write == Write::update || write == Write::update_at;
}

std::vector<Column> columns_sent(const RowSet& rows) {
    std::vector<Column> sent;
    for (std::size_t i = 0; i < rows.table().columns.size(); ++i) {
        if (!is_update(rows.write()) || !is_fixed(rows.table(), i)) sent.push_back(rows.table().columns[i]);
    }
    return sent;
}

// What `text_of` says of each column, with `separator` between.
template <class TextOf>
std::string joined(std::span<const Column> columns, std::string_view separator, const TextOf& text_of) {
    std::string list;
    for (const auto& column : columns) {
        if (!list.empty()) list += separator;
        list += text_of(column);
    }
    return list;
}

std::string name_of(const Column& column) {
    return std::string(column.name);
}

std::string value_of(const Column& column) {
    return column.read.empty() ? "u." + name_of(column) : std::string(column.read);
}

// Side by side in the select list, and not as one unnest of many arrays: that one fills a store of its own
// for each column first, which takes two and a half times as long.
std::string unnested(std::span<const Column> columns, std::size_t first) {
    const auto parameter = [&first](const Column& column) {
        return "unnest($" + std::to_string(first++) + "::" + std::string(column.type) + "[]) AS " +
               name_of(column);
    };
    return "(SELECT " + joined(columns, ", ", parameter) + ") AS u";
}

std::string same_key(const Table& table) {
    return joined(table.columns.first(table.key_columns), " AND ",
                  [](const Column& column) { return "t." + name_of(column) + " = u." + name_of(column); });
}

std::string update_expression(const Table& table, std::span<const Column> sent, const std::string& rows,
                              std::string_view where) {
    const auto assignment = [](const Column& column) { return name_of(column) + " = " + value_of(column); };
    const std::string name(table.name);
    return table.tag() + "_updated AS (UPDATE " + name + " AS t SET " +
           joined(sent.subspan(table.key_columns), ", ", assignment) + " FROM " + rows + " WHERE " +
           std::string(where) + same_key(table) + " AND t.version = u.version - 1 RETURNING 1)";
}

std::string insert_expression(const Table& table, std::span<const Column> sent, const std::string& rows,
                              bool overwrites) {
    const std::string name(table.name);
    std::string text = table.tag() + (overwrites ? "_replaced" : "_inserted") + " AS (INSERT INTO " + name +
                       " AS t (" + joined(sent, ", ", name_of) + ") SELECT " + joined(sent, ", ", value_of) +
                       " FROM " + rows;
    if (overwrites) {
        const auto assignment = [](const Column& column) {
            return name_of(column) + " = " +
                   (column.kept.empty() ? "EXCLUDED." + name_of(column) : std::string(column.kept));
        };
        text += " ON CONFLICT (" + joined(sent.first(table.key_columns), ", ", name_of) + ") DO UPDATE SET " +
                joined(sent.subspan(table.key_columns), ", ", assignment);
    }
    return text + ")";
}

}  // namespace

RowSet::RowSet(const Table& table, Write write) : table_(&table), write_(write) {
    columns_.reserve(table.columns.size());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        Sent& column = columns_.emplace_back();
        column.wire = wire_of(table.columns[i].type);
        column.is_sent = !is_update(write) || !is_fixed(table, i);
        column.bytes.resize(kArrayHeader);
    }
    addresses_.wire = wire_of(kAddress.type);
    addresses_.bytes.resize(kArrayHeader);
}

std::size_t RowSet::parameters() const {
    return columns_.size() - (is_update(write_) ? table_->fixed_columns : 0) +
           (write_ == Write::update_at ? 1 : 0);
}

RowSet::Sent* RowSet::next() {
    Sent& column = columns_[at_];
    if (++at_ == columns_.size()) {
        at_ = 0;
        ++rows_;
    }
    return column.is_sent ? &column : nullptr;
}

RowSet& RowSet::put(std::string_view text) {
    if (text.find('\0') != text.npos) throw TextNotStorable("NUL in a text value");
    Sent* column = next();
    if (column == nullptr) return *this;
    if (column->wire.oid == kJson && has_escaped_nul(text)) throw TextNotStorable("NUL in a JSON text");
    append_integer(column->bytes, static_cast<std::int64_t>(text.size()), 4);
    column->bytes += text;
    return *this;
}

RowSet& RowSet::put(std::int64_t number) {
    if (Sent* column = next()) {
        append_integer(column->bytes, static_cast<std::int64_t>(column->wire.bytes), 4);
        append_integer(column->bytes, number, column->wire.bytes);
    }
    return *this;
}

RowSet& RowSet::put(bool flag) {
    return put(std::int64_t{flag});
}

RowSet& RowSet::put(Instant instant) {
    constexpr Instant kFirst = std::chrono::sys_days(std::chrono::year{1} / 1 / 1);
    constexpr Instant kEnd = std::chrono::sys_days(std::chrono::year{10000} / 1 / 1);
    if (instant < kFirst || instant >= kEnd) throw TextNotStorable("an instant of no storable year");
    constexpr Instant kEpoch = std::chrono::sys_days(std::chrono::year{2000} / 1 / 1);
    return put(std::int64_t{(instant - kEpoch).count()});
}

RowSet& RowSet::put(const std::optional<Instant>& instant) {
    return instant ? put(*instant) : put_null();
}

RowSet& RowSet::put_bytes(std::string_view bytes) {
    if (Sent* column = next()) {
        append_integer(column->bytes, static_cast<std::int64_t>(bytes.size()), 4);
        column->bytes += bytes;
    }
    return *this;
}

RowSet& RowSet::put_null() {
    if (Sent* column = next()) append_integer(column->bytes, -1, 4);
    return *this;
}

RowSet& RowSet::put_address(const RowAddress& address) {
    append_integer(addresses_.bytes, static_cast<std::int64_t>(address.size()), 4);
    addresses_.bytes.append(address.data(), address.size());
    return *this;
}

RowSet& RowSet::put_uuid(const std::array<std::uint8_t, 16>& bytes) {
    return put_bytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::vector<std::string> RowSet::take_arrays() {
    std::vector<std::string> arrays;
    arrays.reserve(parameters());
    for (auto& column : columns_) {
        if (!column.is_sent) continue;
        write_array_header(column.bytes, column.wire.oid, rows_);
        arrays.push_back(std::move(column.bytes));
    }
    if (write_ == Write::update_at) {
        write_array_header(addresses_.bytes, addresses_.wire.oid, rows_);
        arrays.push_back(std::move(addresses_.bytes));
    }
    return arrays;
}

std::string save_expression(const RowSet& rows, std::size_t first_parameter) {
    const Table& table = rows.table();
    const auto sent = columns_sent(rows);
    const std::string from = unnested(sent, first_parameter);
    switch (rows.write()) {
        case Write::update: return update_expression(table, sent, from, "");
        case Write::update_at: {
            auto with_address = sent;
            with_address.push_back(kAddress);
            return update_expression(table, sent, unnested(with_address, first_parameter),
                                     "t.ctid = u.row_address AND ");
        }
        case Write::remove: {
            const std::string name(table.name);
            return table.tag() + "_removed AS (DELETE FROM " + name + " AS t USING " + from + " WHERE " +
                   same_key(table) + ")";
        }
        case Write::insert: return insert_expression(table, sent, from, false);
        case Write::replace: break;
    }
    return insert_expression(table, sent, from, true);
}

}  // namespace returngate::postgres
