#pragma once

#include <string>
#include <utility>

#include "app/recent.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::app {

// Makes guessing slow without locking anybody out for long. What a user got wrong at an address has
// a growing wait there, and nowhere else; an address that is wrong for many users waits as a whole,
// except for a user who has signed in from there: a desk's people share an address. An hour without
// a failure is forgotten, and so is who failed longest ago when there are too many to remember.
class sign_in_guard {
public:
    bool may_try(domain::operator_id const& user, std::string const& address, domain::instant now);
    bool has_been_here(domain::operator_id const& user, std::string const& address);

    // Before the password is looked at, so that a thousand at once are no better than one by one.
    void tries(domain::operator_id const& user, std::string const& address, domain::instant now);
    // The house's own fault: that one doesn't count.
    void not_his_fault(domain::operator_id const& user, std::string const& address);
    void succeeds(domain::operator_id const& user, std::string const& address);

private:
    using pair = std::pair<domain::operator_id, std::string>;
    struct failures {
        int count = 0;
        domain::instant last{};
    };
    struct patience {
        int free; // so many wrong ones cost nothing
        domain::duration longest;
    };
    static bool must_wait(failures const* so_far, patience with, domain::instant now);
    static void add(failures& to, domain::instant now);
    void take_from_address(std::string const& address, int count);

    static constexpr std::size_t most = 10'000;
    recent<pair, failures> of_pair_{most};
    recent<std::string, failures> of_address_{most};
    recent<pair, bool> been_here_{most};
};

} // namespace linli::app
