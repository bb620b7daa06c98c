#pragma once

#include <deque>
#include <optional>
#include <ostream>
#include <string>

#include "domain/time.hpp"

namespace linli::simulation {

// What happened lately, for whoever looks into a failed run. It listens only when it is told to: a
// run that failed is run again with open ears.
class trace {
public:
    explicit trace(std::ostream* also = nullptr) : also_(also), listens_(also != nullptr) {}

    void listen() { listens_ = true; }
    bool listens() const { return listens_; }
    void clock_says(domain::instant now) { now_ = now; }
    void note(std::string const& text);
    std::deque<std::string> const& lines() const { return lines_; }

private:
    std::ostream* also_; // every line, as it happens
    bool listens_;
    std::optional<domain::instant> began_;
    domain::instant now_;
    std::deque<std::string> lines_;
};

} // namespace linli::simulation
