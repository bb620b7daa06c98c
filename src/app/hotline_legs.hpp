#pragma once

#include <string>

#include "domain/hotline.hpp"

// The names of the telephones that are rung for a call: `USER-N` is a seat's, `+duty-N` one of the
// engine's own list, `+number-N` one outside. No account's name has a plus.
namespace linli::app {

inline std::string leg_of(domain::operator_id const& who, int number) {
    return who.value + '-' + std::to_string(number);
}
inline std::string leg_outside(int number) {
    return "+number-" + std::to_string(number);
}

// Empty: no seat's.
domain::operator_id user_of(std::string const& leg);
int number_of(std::string const& leg);
// What the call's record names as its seat.
std::string seat_of(std::string const& leg);
std::string seat_of_address(std::string const& address); // sip:USER@domain

// How a seat, and a number, is rung; of a number what else it is written with is for people. Empty:
// it has no digits.
std::string seat_address(domain::operator_id const& who, std::string const& domain);
std::string number_address(std::string const& number, std::string const& domain);

// To a browser's ring: the edge knows her or nobody, though an account may be called like a number.
inline constexpr auto rings_a_seat = "X-Seat";

} // namespace linli::app
