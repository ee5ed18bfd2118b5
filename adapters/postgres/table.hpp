// A table as data: its columns and how its rows are written. One set-based statement per batch is
// built from these; there is no other place where a column list stands.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/row_addresses.hpp"
#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate::postgres {

enum class Write {
    insert,     // a second row with the same key violates a constraint
    update,     // where the stored version is the new one − 1; fewer rows = stale
    update_at,  // the same, of rows whose address is known: put_address goes first
    replace,    // insert, or overwrite
    remove,     // the columns are the key
};

struct Column {
    std::string_view name;
    std::string_view type;       // of one element: int2, uuid, timestamptz, …
    std::string_view read = {};  // expression over the unnested value when it is not the value itself
    std::string_view kept = {};  // expression over t and EXCLUDED when a replacing value is not simply taken
};

// Columns stand in this order: the key, what is written once with the row, what changes.
struct Table {
    std::string_view name;
    std::span<const Column> columns;
    std::size_t key_columns = 1;
    std::size_t fixed_columns = 0;
    std::string_view label = {};  // of rows that are written apart from others of the same table
    [[nodiscard]] std::string tag() const { return std::string(label.empty() ? name : label); }
};

// A text holds NUL, or an instant is none of the years 1 to 9999.
struct TextNotStorable : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

// How the elements of a column travel: PostgreSQL's binary send/receive format of their type.
struct Wire {
    std::uint32_t oid = 0;
    std::size_t bytes = 0;  // of an integer
};

// Rows on their way to one table, column by column, each column a PostgreSQL array in binary form: the
// server neither scans for quotes nor parses digits.
class RowSet {
public:
    RowSet(const Table& table, Write write);

    [[nodiscard]] const Table& table() const { return *table_; }
    [[nodiscard]] Write write() const { return write_; }
    [[nodiscard]] std::size_t rows() const { return rows_; }
    // How many parameters the statement takes: an update does not send what is written once.
    [[nodiscard]] std::size_t parameters() const;
    // The bytes of each parameter. Call once, when all rows are complete.
    [[nodiscard]] std::vector<std::string> take_arrays();

    // Values go in column order; a row is complete after the last one.
    RowSet& put(std::string_view text);  // throws TextNotStorable
    RowSet& put(std::int64_t number);
    RowSet& put(bool flag);
    RowSet& put(Instant instant);  // throws TextNotStorable
    RowSet& put(const std::optional<Instant>& instant);
    RowSet& put_bytes(std::string_view bytes);
    RowSet& put_null();
    RowSet& put_address(const RowAddress& address);
    template <class Tag>
    RowSet& put(const Id<Tag>& id) {
        return put_uuid(id.bytes);
    }
    template <class Tag>
    RowSet& put(const std::optional<Id<Tag>>& id) {
        return id ? put_uuid(id->bytes) : put_null();
    }
    template <class Tag>
    RowSet& put(const Name<Tag>& name) {
        return put(std::string_view(name.value));
    }
    RowSet& put_uuid(const std::array<std::uint8_t, 16>& bytes);
    RowSet& put_cell(Cell cell) { return put(static_cast<std::int64_t>(cell)); }

private:
    struct Sent {
        Wire wire;
        bool is_sent = true;
        std::string bytes;
    };
    // Where the next value goes, null where it is not sent.
    Sent* next();

    const Table* table_;
    Write write_;
    std::vector<Sent> columns_;
    Sent addresses_;
    std::size_t at_ = 0;
    std::size_t rows_ = 0;
};

// The CTE that writes the rows, over parameters $first…: TAG_inserted, TAG_replaced, TAG_removed, or
// TAG_updated with one row for each that was found in its version.
[[nodiscard]] std::string save_expression(const RowSet& rows, std::size_t first_parameter);

}  // namespace returngate::postgres
