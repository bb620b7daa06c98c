#pragma once

#include <string>

#include "domain/named.hpp"

namespace linli::cli {

// "locate, ring": the words of an enumeration, for help and for who has used another.
template <class E>
std::string known_words(bool (*fits)(E) = [](E) { return true; }) {
    std::string all;
    for (auto const& [value, name] : domain::names<E>::table)
        if (fits(value)) all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
}

} // namespace linli::cli
