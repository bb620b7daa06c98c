#pragma once

#include <cstdint>
#include <string>

#include "domain/named.hpp"

namespace linli::domain {

// Some of an enumeration's values, at most 32 of them; in words "contacts,duty_phone".
template <class E>
class set_of {
public:
    void insert(E value) { bits_ |= bit(value); }
    void erase(E value) { bits_ &= ~bit(value); }
    bool contains(E value) const { return (bits_ & bit(value)) != 0; }
    bool empty() const { return bits_ == 0; }
    void clear() { bits_ = 0; }

    bool operator==(set_of const&) const = default;

private:
    static_assert(names<E>::table.size() <= 32);
    static std::uint32_t bit(E value) { return 1U << static_cast<std::uint32_t>(value); }

    std::uint32_t bits_ = 0;
};

template <class E>
std::string to_string(set_of<E> const& some) {
    std::string text;
    for (auto const& [value, name] : names<E>::table)
        if (some.contains(value)) text += (text.empty() ? "" : ",") + std::string(name);
    return text;
}

} // namespace linli::domain
