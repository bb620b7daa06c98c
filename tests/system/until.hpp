#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace linli::tests {

// Asks again and again until the answer is yes. Throws when it does not become so in time: what a
// test waits for here has no other way of telling.
void until(std::string const& what, std::function<bool()> const& is_so);

// Of this machine, or of a network namespace beside it.
struct address {
    std::string host;
    std::uint16_t port = 0;
};

// What the server there answers, with its status line; empty if nobody answers.
std::string answer_of(address const& http, std::string const& path = "/readyz");
std::string answer_of(std::uint16_t http_port, std::string const& path = "/readyz");

// Sends it there, and hears until the other side has closed, or is silent for too long.
std::string exchange(address const& with, std::string const& text);
std::string exchange(std::uint16_t port, std::string const& text); // on the loopback

} // namespace linli::tests
