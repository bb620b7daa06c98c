#include "system/load/descriptors.hpp"

#include <climits>

#include <linux/close_range.h>
#include <unistd.h>

namespace linli::tests::load {

void keep_descriptors_to_ourselves() {
    ::close_range(STDERR_FILENO + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC);
}

} // namespace linli::tests::load
