#include "app/hotline_legs.hpp"

#include <charconv>

namespace linli::app {

domain::operator_id user_of(std::string const& leg) {
    if (leg.starts_with('+')) return {};
    return {leg.substr(0, leg.rfind('-'))};
}

int number_of(std::string const& leg) {
    int number = 0;
    auto const from = leg.rfind('-') + 1;
    std::from_chars(leg.data() + from, leg.data() + leg.size(), number);
    return number;
}

std::string seat_of(std::string const& leg) {
    return leg.substr(0, leg.rfind('-'));
}

std::string seat_of_address(std::string const& address) {
    auto const from = address.find(':') + 1;
    return address.substr(from, address.find('@') - from);
}

} // namespace linli::app
