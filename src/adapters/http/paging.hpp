#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "adapters/http/query.hpp"

namespace linli::http {

// Which part of a list a query asks for, pages counted from 1.
struct paging {
    std::uint32_t page = 1;
    std::uint32_t per_page = 50;
};

// What it leaves out is as above; the parameter that is wrong.
inline boost::system::result<paging, std::string> paging_in(std::string_view query,
                                                            std::uint32_t most_per_page) {
    constexpr std::uint32_t last_page = 1'000'000;
    auto const page = number<std::uint32_t>(parameter(query, "page"));
    auto const per_page = number<std::uint32_t>(parameter(query, "per_page"));
    if (!page || *page > last_page) return std::string("page");
    if (!per_page || *per_page > most_per_page) return std::string("per_page");
    paging asked;
    if (*page > 0) asked.page = *page;
    if (*per_page > 0) asked.per_page = *per_page;
    return asked;
}

} // namespace linli::http
