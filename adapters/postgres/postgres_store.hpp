// The store on PostgreSQL: set-based reads and one writing statement per batch.
#pragma once

#include <memory>
#include <string>

#include "adapters/store/store.hpp"

namespace returngate::postgres {

// Connects lazily and again after a lost connection; used by one thread.
[[nodiscard]] std::unique_ptr<store::Store> make_store(std::string dsn);

}  // namespace returngate::postgres
