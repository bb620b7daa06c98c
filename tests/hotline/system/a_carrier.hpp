#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "hotline/system/process.hpp"
#include "support/loopback_gateway.hpp"

namespace linli::tests {

// A trunk that speaks SIP over TLS: the border of a carrier, with one telephone behind it.
class a_carrier {
public:
    struct wishes {
        loopback_certificate const& identity; // of "localhost"
        std::uint16_t edge = 0;               // where we listen for it by TLS
        std::uint16_t telephone = 0;          // who is rung there, and our registrar
        bool shows_certificate = true;
        std::filesystem::path asks_for = {}; // the edge's certificate; empty: it need not show one
    };

    a_carrier(std::filesystem::path const& folder, std::uint16_t port, wishes const& with);

    // Where its telephone's calls go.
    std::uint16_t door() const { return door_; }
    std::string words() const { return kamailio_->words(); }

private:
    std::uint16_t const door_;
    std::unique_ptr<process> kamailio_;
};

} // namespace linli::tests
