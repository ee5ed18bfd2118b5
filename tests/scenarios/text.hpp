// The words, amounts and times of a scenario's lines, the same for everybody who lives through it.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "src/base/money.hpp"
#include "src/base/time.hpp"

namespace returngate::test {

struct NotUnderstood : std::invalid_argument {
    using std::invalid_argument::invalid_argument;
};

using Words = std::vector<std::string>;
// What stands before a "#".
[[nodiscard]] Words words_of(const std::string& line);
[[nodiscard]] std::string join(const Words& words, std::size_t from = 0);

// "99.00". Throws NotUnderstood.
[[nodiscard]] Fen fen(const std::string& cny);
[[nodiscard]] std::string cny(Fen amount_fen);
// "10:00", "10:00:30" or "10:00:30.200" of that day.
[[nodiscard]] std::optional<Instant> moment(const std::string& day, const std::string& clock);

// All scenario files, by name.
[[nodiscard]] std::vector<std::filesystem::path> scenario_files();

}  // namespace returngate::test
