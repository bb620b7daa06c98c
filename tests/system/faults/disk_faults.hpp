#pragma once

#include "system/faults/trial.hpp"

namespace linli::tests::faults {

// A disk is full, or doesn't give back what was written.

void journals_disk_is_full(trial& t);
void journals_reserve_is_used_up(trial& t);
void databases_disk_is_full(trial& t);
void journals_tail_is_torn(trial& t);
void journals_bytes_are_flipped(trial& t);

} // namespace linli::tests::faults
