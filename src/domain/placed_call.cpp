#include "domain/placed_call.hpp"

namespace linli::domain {

sending sending_of(placed_end how) {
    switch (how) {
    case placed_end::pressed:
    case placed_end::talked:
        return sending::confirmed;
    case placed_end::spoken:
    case placed_end::hung_up:
    case placed_end::lost:
        return sending::silent;
    case placed_end::no_such_number:
        return sending::refused;
    case placed_end::busy:
    case placed_end::not_answered:
    case placed_end::declined:
    case placed_end::withdrawn:
    case placed_end::failed:
    case placed_end::not_begun:
        break;
    }
    return sending::unreachable;
}

} // namespace linli::domain
