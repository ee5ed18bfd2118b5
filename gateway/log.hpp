// The log: one JSON object a line on standard error, written by a thread of its own. Never bodies, never
// personal data, never secrets: a line holds what its caller names, nothing else.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <variant>

namespace returngate::log {

// Sets spdlog's default logger up; messages that others write with spdlog become JSON lines too.
// `level`: trace | debug | info | warn | error.
void start(std::string_view level);
// Writes out what is queued.
void stop();

enum class Level : std::uint8_t { debug, info, warning, error };
using Value = std::variant<std::string_view, std::int64_t, bool>;
using Fields = std::initializer_list<std::pair<std::string_view, Value>>;

// {"at":"2026-01-10T07:20:00.123456Z","level":"info","event":"request", …fields}; empty texts are left out.
void write(Level level, std::string_view event, Fields fields);

}  // namespace returngate::log
