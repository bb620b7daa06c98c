// Preloaded into every process of a run: each fdatasync takes 4 ms longer, as on a disk without a
// protected cache.
#include <chrono>
#include <dlfcn.h>
#include <thread>
#include <unistd.h>

extern "C" int fdatasync(int descriptor) {
    using datasync = int (*)(int);
    static auto const real = reinterpret_cast<datasync>(::dlsym(RTLD_NEXT, "fdatasync"));
    std::this_thread::sleep_for(std::chrono::milliseconds(4));
    return real(descriptor);
}
