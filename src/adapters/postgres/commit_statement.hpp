#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "app/record.hpp"

namespace linli::postgres {

// The tables that a commit writes to, in the order of its parameters.
enum class stored : std::uint8_t {
    signal,
    alert,
    request,
    order,
    offer,
    search,
    log,
    maintenance,
    outbox,
    booking
};
constexpr std::size_t stored_tables = 10;

// How a statement takes the rows of a table: none, one by its values, any number by an array a
// column.
enum class rows : std::uint8_t { none, one, many };

// PostgreSQL pays for each part of a statement when it starts it, also for one that gets no row,
// and most for comparing versions. So what comes often has a statement of its own; the last one
// takes everything.
struct commit_shape {
    char const* name; // of the prepared statement
    std::array<rows, stored_tables> how;
    bool only_new; // no row has an older version

    rows of(stored table) const { return how[static_cast<std::size_t>(table)]; }
};

std::span<commit_shape const> commit_shapes();
commit_shape const& shape_of(app::changes const& what);
std::string commit_sql(commit_shape const& shape);

} // namespace linli::postgres
