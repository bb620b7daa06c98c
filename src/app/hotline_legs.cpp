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

std::string seat_address(domain::operator_id const& who, std::string const& domain) {
    return "sip:" + who.value + '@' + domain;
}

std::string number_address(std::string const& number, std::string const& domain) {
    std::string digits;
    for (char const c : number)
        if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
    return digits.empty() || digits == "+" ? std::string() : "sip:" + digits + '@' + domain;
}

} // namespace linli::app
