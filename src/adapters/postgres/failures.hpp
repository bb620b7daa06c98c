#pragma once

#include "app/record.hpp"

namespace linli::postgres {

// What the driver has thrown, as one of three answers; its text goes to the log. Called in a catch
// block; what is no failure of the database flies on.
app::record_errc failure_of(char const* what);

// The answer of `ask`, or why there is none.
template <class T, class F>
app::record_result<T> answer_of(char const* what, F const& ask) {
    try {
        return ask();
    } catch (...) {
        return failure_of(what);
    }
}

} // namespace linli::postgres
