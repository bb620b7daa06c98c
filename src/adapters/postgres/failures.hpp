#pragma once

#include <string>

#include "app/record.hpp"

namespace linli::postgres {

// What the driver has thrown, as one of three answers; its text goes to the log. Called in a catch
// block; what is no failure of the database flies on.
app::record_errc failure_of(char const* what);

// What the database says against a statement, as one of them; goes to the log.
app::record_errc refusal_of(char const* what, std::string const& sqlstate, char const* why);

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
