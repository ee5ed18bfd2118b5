// Configuration for a command: loaded, or a complete list of what is wrong with it.
#pragma once

#include <string>

#include "gateway/configuration.hpp"

namespace returngate::commands {

// Throws std::runtime_error with every fault of the files.
[[nodiscard]] Configuration load(const std::string& file);

}  // namespace returngate::commands
