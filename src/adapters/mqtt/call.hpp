#pragma once

namespace linli::mqtt {

// Calls it if there is anything to call. What it throws goes no further: a
// connection's loop is above.
template <class Function, class... Arguments>
void call(Function const& function, Arguments const&... arguments) noexcept {
    try {
        if (function) function(arguments...);
    } catch (...) {
    }
}

} // namespace linli::mqtt
