#pragma once

#include <array>

// How networks and registries write a number, and how it is dialled within the country: the same to
// the house, which finds by it who calls, and to the engine, which keeps lines for bound numbers.
namespace linli::tests {

struct telephone_number {
    char const* written;
    char const* dialled;
};

inline constexpr std::array telephone_numbers{
    telephone_number{"13800000000", "13800000000"},
    telephone_number{"+86 138 0000 0000", "13800000000"},
    telephone_number{"0086-13800000000", "13800000000"},
    telephone_number{"8613800000000", "13800000000"},
    telephone_number{"(0931) 840-0000", "09318400000"},
    telephone_number{"+869318400000", "09318400000"},
    telephone_number{"0086 931 8400000", "09318400000"},
    telephone_number{"869318400000", "09318400000"},
    telephone_number{"+86 0931 8400000", "09318400000"},
    telephone_number{"021-12345678", "02112345678"},
    telephone_number{"+862112345678", "02112345678"},
    telephone_number{"862112345678", "02112345678"},
    telephone_number{"+861012345678", "01012345678"}, // Beijing, and no mobile
    telephone_number{"861012345678", "01012345678"},
    telephone_number{"+8675512345678", "075512345678"},
    telephone_number{"8675512345678", "075512345678"},
    telephone_number{"84000000", "84000000"}, // within the town
    telephone_number{"110", "110"},
    telephone_number{"+86110", "110"},
    telephone_number{"12349", "12349"},
    telephone_number{"+8612349", "12349"},
    telephone_number{"4008100000", "4008100000"},
    telephone_number{"+864008100000", "4008100000"},
    telephone_number{"+868008100000", "8008100000"},
    telephone_number{"+8695588", "95588"},
    telephone_number{"+8695013000000", "95013000000"},
    telephone_number{"+852 2345 6789", "+85223456789"},
    telephone_number{"", ""},
};

} // namespace linli::tests
