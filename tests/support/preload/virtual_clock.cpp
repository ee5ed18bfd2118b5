// Loaded before everything else into a child of a test (LD_PRELOAD): the wall clock is what the test says.
// Other clocks go on by themselves, so that waiting, polling and time-outs work as ever.
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

using Microseconds = std::atomic<std::int64_t>;

// The file that tests/support/virtual_clock.cpp writes; nullptr: there is none.
const Microseconds* shared_instant() {
    const char* file = std::getenv("RETURNGATE_TEST_CLOCK");
    const int descriptor = file == nullptr ? -1 : ::open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return nullptr;
    void* memory = ::mmap(nullptr, sizeof(Microseconds), PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    return memory == MAP_FAILED ? nullptr : static_cast<const Microseconds*>(memory);
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
    static const Microseconds* const instant = shared_instant();
    if (clock != CLOCK_REALTIME || instant == nullptr)
        return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    const std::int64_t microseconds = instant->load();
    time->tv_sec = microseconds / 1'000'000;
    time->tv_nsec = microseconds % 1'000'000 * 1000;
    return 0;
}
