// What the files of this folder share: the connection, snapshots, and parameters as PostgreSQL reads them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/postgres/connection.hpp"
#include "src/base/ids.hpp"
#include "src/base/time.hpp"

namespace returngate::postgres {

struct Session {
    std::string dsn;
    std::unique_ptr<pqxx::connection> held;

    [[nodiscard]] pqxx::connection& connection() {
        if (!held) held = connect(dsn);
        return *held;
    }
};

template <class Tag>
[[nodiscard]] std::string uuid_text(const Id<Tag>& id) {
    return detail::to_hex(id.bytes);
}
[[nodiscard]] inline std::string uuid_text(const std::array<std::uint8_t, 16>& bytes) {
    return detail::to_hex(bytes);
}
[[nodiscard]] inline int cell_number(Cell cell) {
    return static_cast<int>(cell);
}
[[nodiscard]] std::string bytea_text(std::string_view bytes);

}  // namespace returngate::postgres
