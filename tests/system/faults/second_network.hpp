#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace linli::tests::faults {

// A network namespace beside ours, as another machine would be, with a cable between the two that
// iptables can cut. Needs root, ip and iptables, and a network namespace of our own.
class second_network {
public:
    second_network();
    ~second_network();
    second_network(second_network const&) = delete;
    second_network& operator=(second_network const&) = delete;

    static constexpr auto here = "10.79.0.1";  // our end of the cable
    static constexpr auto there = "10.79.0.2"; // the other end

    void moves_in() const; // the calling thread, for good: what it opens is there

    // Packets are dropped, and neither side hears a word of it.
    void cuts(std::uint16_t port_here) const;               // both ways
    void hears_nothing_from(std::uint16_t port_here) const; // what is sent there arrives
    void mends() const;

private:
    void drop(std::string const& chain, std::string const& what) const;

    int space_ = -1;
};

// The rest of this process's life in mount and network namespaces of its own, so that nothing of it
// touches the machine. What is missing for that, or "".
std::string move_apart();

} // namespace linli::tests::faults
