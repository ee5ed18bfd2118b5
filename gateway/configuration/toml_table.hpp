// A TOML table read strictly: every fault is collected with file and key, and a key nobody asked for is one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace returngate::configuration {

// "policy.toml: approval.min_stars: is to be a whole number from 1 to 5"
using Faults = std::vector<std::string>;
[[nodiscard]] std::string joined(const Faults& faults);  // one a line

// "" and a fault when it cannot be read.
[[nodiscard]] std::string text_of(const std::filesystem::path& file, Faults& faults);

struct Range {
    std::int64_t least = 0;
    std::int64_t most = 0;
};

class TomlTable {
public:
    // A file that cannot be read or parsed is a fault and an empty table.
    [[nodiscard]] static TomlTable from_file(const std::filesystem::path& file, Faults& faults);
    [[nodiscard]] static TomlTable from_text(std::string_view text, std::string file, Faults& faults);

    // The fallback stands when the key is absent, and when it is at fault.
    [[nodiscard]] std::string text(std::string_view key, std::string fallback);
    [[nodiscard]] std::string required_text(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback, Range range);
    [[nodiscard]] std::vector<std::int64_t> integers(std::string_view key, std::vector<std::int64_t> fallback,
                                                     Range range);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback);
    // "2026-01-01"
    [[nodiscard]] std::vector<std::chrono::year_month_day> dates(std::string_view key);
    [[nodiscard]] bool boolean(std::string_view key, bool fallback);
    [[nodiscard]] std::chrono::minutes time_of_day(std::string_view key, std::chrono::minutes fallback);
    // An absent table is an empty one.
    [[nodiscard]] TomlTable table(std::string_view key);
    [[nodiscard]] std::vector<std::string> keys() const;

    void fault(std::string_view key, std::string_view message);
    // Call when all that may be there was asked for.
    void refuse_the_rest();

    ~TomlTable();
    TomlTable(TomlTable&&) noexcept;

private:
    struct State;
    explicit TomlTable(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace returngate::configuration
