// The query string of a GET, read like a body: all faults at once, unknown parameters are faults.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/form.hpp"
#include "adapters/postgres/read/views.hpp"
#include "gateway/http/problem.hpp"

namespace returngate::api {

class Query {
public:
    [[nodiscard]] static Outcome<Query> parse(std::string_view text);

    [[nodiscard]] std::optional<std::string> value(std::string_view name);
    struct Bounds {
        std::int64_t least = 0;
        std::int64_t most = 0;
    };
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t fallback, Bounds bounds);
    // 1 to 200; 50 when absent.
    [[nodiscard]] int limit();
    [[nodiscard]] std::optional<postgres::PagePosition> cursor();
    void fault(std::string_view name, std::string code, std::string message);
    // Call last; a refusal when anything is at fault.
    [[nodiscard]] Outcome<void> finish();

private:
    http::FormPairs pairs_;
    std::vector<std::string> asked_;
    std::vector<FieldError> faults_;
};

// Opaque to callers; what they send back is checked like any input.
[[nodiscard]] std::string make_cursor(const postgres::PagePosition& position);
[[nodiscard]] std::optional<postgres::PagePosition> read_cursor(std::string_view text);

}  // namespace returngate::api
