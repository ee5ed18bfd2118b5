// Secrets are files in one folder; they are read once, and never printed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "src/base/result.hpp"

namespace returngate::configuration {

// The file's content without its trailing newline. `invalid` when it is missing, empty, larger than
// 64 KiB, or readable by others than its owner; the message names the file and how to mend it.
[[nodiscard]] Result<std::string> read_secret(const std::filesystem::path& folder, std::string_view name);

}  // namespace returngate::configuration
