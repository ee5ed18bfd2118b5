// The gateway as a process: it serves until a signal ends it.
#pragma once

#include "gateway/configuration.hpp"

namespace returngate {

// Blocks until SIGTERM or SIGINT, reloads certificates on SIGHUP; the exit code. Throws what Gateway throws.
int serve(const Configuration& configuration);

}  // namespace returngate
