#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace linli::tests {

// Asks again and again until the answer is yes. Throws when it does not become so in time: what a
// test waits for here has no other way of telling.
void until(std::string const& what, std::function<bool()> const& is_so);

// What the server there answers, with its status line; empty if nobody answers.
std::string answer_of(std::uint16_t http_port, std::string const& path = "/readyz");

// Sends it to that port of this machine, and hears until the other side has closed.
std::string exchange(std::uint16_t port, std::string const& text);

} // namespace linli::tests
