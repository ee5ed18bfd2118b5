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

#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate::postgres {

enum class Write {
    versioned,  // insert, or update where the stored version is the new one − 1; fewer rows = stale
    insert,     // a second row with the same key violates a constraint
    replace,    // insert, or overwrite
    remove,     // the columns are the key
};

struct Column {
    std::string_view name;
    std::string_view type;       // of one element: int2, uuid, timestamptz, …
    std::string_view read = {};  // expression over the unnested value when it is not the value itself
};

struct Table {
    std::string_view name;
    Write write = Write::insert;
    std::size_t key_columns = 1;  // the first ones
    std::span<const Column> columns;
};

// A text holds NUL: PostgreSQL has no such text, and libpqxx would cut it there.
struct TextNotStorable : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

// Rows on their way to one table, column by column, as PostgreSQL array literals.
class RowSet {
public:
    explicit RowSet(const Table& table);

    [[nodiscard]] const Table& table() const { return *table_; }
    [[nodiscard]] std::size_t rows() const { return rows_; }
    // Valid until the next put; call when all rows are complete.
    [[nodiscard]] std::vector<std::string> take_literals();

    // Values go in column order; a row is complete after the last one.
    RowSet& put(std::string_view text);  // throws TextNotStorable
    RowSet& put(std::int64_t number);
    RowSet& put(bool flag);
    RowSet& put(Instant instant);
    RowSet& put(const std::optional<Instant>& instant);
    RowSet& put_bytes(std::string_view bytes);
    RowSet& put_null();
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
    std::string& next();

    const Table* table_;
    std::vector<std::string> columns_;
    std::size_t at_ = 0;
    std::size_t rows_ = 0;
};

// "name AS (INSERT … RETURNING 1)" over parameters $first…; the CTE is called name + "_saved".
[[nodiscard]] std::string save_expression(const Table& table, std::size_t first_parameter);

}  // namespace returngate::postgres
