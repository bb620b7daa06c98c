#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "app/record.hpp"
#include "domain/named.hpp"

template <>
struct linli::domain::names<linli::app::chain_of> {
    using of = linli::app::chain_of;
    static constexpr std::array<std::pair<of, std::string_view>, 4> table{{
        {of::alert, "alert"},
        {of::request, "request"},
        {of::order, "order"},
        {of::complaint, "complaint"},
    }};
};
