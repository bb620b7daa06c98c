#include "app/sign_in_guard.hpp"

#include <algorithm>

namespace linli::app {

namespace {

using domain::duration;
using domain::seconds;

constexpr duration forgotten_after{seconds(3600)};

// 1 s for the first that isn't free, then twice as long each time.
duration wait_after(int count, int free, duration longest) {
    int const doublings = std::clamp(count - free, 0, 20);
    return std::min(duration(seconds(1)) * (1 << doublings), longest);
}

} // namespace

bool sign_in_guard::must_wait(failures const* so_far, patience with, domain::instant now) {
    if (!so_far || so_far->count < with.free) return false;
    return now < so_far->last + wait_after(so_far->count, with.free, with.longest);
}

void sign_in_guard::add(failures& to, domain::instant now) {
    if (now - to.last >= forgotten_after) to.count = 0;
    ++to.count;
    to.last = now;
}

bool sign_in_guard::may_try(domain::operator_id const& user, std::string const& address,
                            domain::instant now) {
    constexpr patience with_a_user{5, seconds(300)};
    constexpr patience with_an_address{30, seconds(900)};
    if (must_wait(of_pair_.find({user, address}), with_a_user, now)) return false;
    return has_been_here(user, address) ||
           !must_wait(of_address_.find(address), with_an_address, now);
}

bool sign_in_guard::has_been_here(domain::operator_id const& user, std::string const& address) {
    return been_here_.find({user, address}) != nullptr;
}

void sign_in_guard::tries(domain::operator_id const& user, std::string const& address,
                          domain::instant now) {
    add(of_pair_.touch({user, address}), now);
    add(of_address_.touch(address), now);
}

void sign_in_guard::take_from_address(std::string const& address, int count) {
    if (auto* so_far = of_address_.find(address))
        so_far->count = std::max(0, so_far->count - count);
}

void sign_in_guard::not_his_fault(domain::operator_id const& user, std::string const& address) {
    take_from_address(address, 1);
    if (auto* so_far = of_pair_.find({user, address}))
        so_far->count = std::max(0, so_far->count - 1);
}

// His own typing errors go with him; what others got wrong at the address stays.
void sign_in_guard::succeeds(domain::operator_id const& user, std::string const& address) {
    pair const who{user, address};
    if (auto const* so_far = of_pair_.find(who)) take_from_address(address, so_far->count);
    of_pair_.erase(who);
    been_here_.touch(who) = true;
}

} // namespace linli::app
