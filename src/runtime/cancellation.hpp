#pragma once

#include <exception>

namespace linli::runtime {

// Whether this is what a cancelled operation throws (operation_aborted): the normal end of a task
// that was asked to stop, never logged as an error.
bool is_cancellation(std::exception_ptr const& error);

} // namespace linli::runtime
