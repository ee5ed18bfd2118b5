// How often this thread has asked the heap for memory: the benchmark's own operator new counts.
#pragma once

#include <cstddef>

namespace returngate::bench {

[[nodiscard]] std::size_t allocations();

}  // namespace returngate::bench
