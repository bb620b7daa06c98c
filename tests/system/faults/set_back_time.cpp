// Preloaded into a server: its machine's wall clock is wrong by the seconds in the file that
// LINLI_TIME_OFFSET names, which may change at any time. The machine's own is left alone.
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

std::int64_t const volatile* offset_in_file() {
    auto const* name = std::getenv("LINLI_TIME_OFFSET");
    auto const file = name ? ::open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return nullptr;
    auto* const seen = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    return seen == MAP_FAILED ? nullptr : static_cast<std::int64_t const volatile*>(seen);
}

std::int64_t offset_s() {
    static auto const* const known = offset_in_file();
    return known ? *known : 0;
}

bool is_wall_clock(clockid_t which) {
    return which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE;
}

} // namespace

extern "C" int clock_gettime(clockid_t which, timespec* into) noexcept {
    auto const done = static_cast<int>(::syscall(SYS_clock_gettime, which, into));
    if (done == 0 && is_wall_clock(which)) into->tv_sec += offset_s();
    return done;
}

extern "C" int gettimeofday(timeval* into, void*) noexcept {
    timespec now{};
    auto const done = clock_gettime(CLOCK_REALTIME, &now);
    *into = {now.tv_sec, now.tv_nsec / 1000};
    return done;
}

extern "C" std::time_t time(std::time_t* into) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (into) *into = now.tv_sec;
    return now.tv_sec;
}
