#include "system/faults/server_clock.hpp"

#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace linli::tests::faults {

server_clock::server_clock(std::filesystem::path file) : file_(std::move(file)) {
    auto const opened = ::open(file_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    void* seen = MAP_FAILED;
    if (opened >= 0 && ::ftruncate(opened, sizeof(std::int64_t)) == 0)
        seen = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
    if (opened >= 0) ::close(opened);
    if (seen == MAP_FAILED) throw std::runtime_error("no clock in " + file_.string());
    offset_ = static_cast<std::int64_t volatile*>(seen);
}

server_clock::~server_clock() {
    ::munmap(const_cast<std::int64_t*>(offset_), sizeof(std::int64_t));
}

void server_clock::is_worn() const {
    ::setenv("LINLI_TIME_OFFSET", file_.c_str(), 1);
    ::setenv("LD_PRELOAD", LINLI_SET_BACK_TIME, 1);
}

} // namespace linli::tests::faults
