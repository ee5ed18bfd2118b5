// Replaces the program's operator new. One counter a thread, so that nobody waits for it.
#include "tests/bench/allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t count = 0;

}  // namespace

// NOLINTBEGIN(cppcoreguidelines-no-malloc): operator new has nothing else to stand on.
void* operator new(std::size_t bytes) {
    ++count;
    if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

// NOLINTEND(cppcoreguidelines-no-malloc)

namespace returngate::bench {

std::size_t allocations() {
    return count;
}

}  // namespace returngate::bench
