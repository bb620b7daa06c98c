#pragma once

#include <cstddef>

#include "bench/stage.hpp"

namespace linli::bench {

// So many open alerts with an order each, of the last residents of a whole city, as the house
// writes them: a press is made and copied. The nth order's number is "Bn" and its event ends in n;
// all their clocks run out tomorrow. linli is not on the stage afterwards.
void open_cases(stage& on, std::size_t residents, std::size_t cases);

} // namespace linli::bench
