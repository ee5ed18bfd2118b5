// A file in memory that both sides map, and the environment that children inherit.
#include "tests/support/virtual_clock.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace returngate::testing {
namespace {

constexpr const char* kLibrary = RETURNGATE_BINARY_DIR "/tests/libvirtual_clock.so";
constexpr std::size_t kBytes = sizeof(std::atomic<std::int64_t>);

void* map_new_file(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0 || ::ftruncate(descriptor, kBytes) != 0)
        throw std::runtime_error("cannot write " + path.string());
    void* memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    if (memory == MAP_FAILED) throw std::runtime_error("cannot map " + path.string());
    return memory;
}

}  // namespace

VirtualClock::VirtualClock(Instant start) {
    const auto file = folder_.path() / "clock";
    microseconds_ = new (map_new_file(file)) std::atomic<std::int64_t>;
    set(start);
    ::setenv("RETURNGATE_TEST_CLOCK", file.c_str(), 1);
    ::setenv("LD_PRELOAD", kLibrary, 1);
    // A sanitizer's runtime wants to be the first of the libraries.
    const char* given = std::getenv("ASAN_OPTIONS");
    if (given != nullptr) sanitizer_options_ = given;
    ::setenv("ASAN_OPTIONS", (sanitizer_options_ + ":verify_asan_link_order=0").c_str(), 1);
}

VirtualClock::~VirtualClock() {
    for (const char* name : {"RETURNGATE_TEST_CLOCK", "LD_PRELOAD"}) ::unsetenv(name);
    ::setenv("ASAN_OPTIONS", sanitizer_options_.c_str(), 1);
    ::munmap(microseconds_, kBytes);
}

Instant VirtualClock::now() const {
    return Instant{std::chrono::microseconds(microseconds_->load())};
}

void VirtualClock::set(Instant instant) {
    microseconds_->store(std::chrono::floor<std::chrono::microseconds>(instant).time_since_epoch().count());
}

}  // namespace returngate::testing
