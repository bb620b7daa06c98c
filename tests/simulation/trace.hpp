#pragma once

#include <deque>
#include <optional>
#include <ostream>
#include <string>

#include "domain/time.hpp"

namespace linli::simulation {

// What happened lately, for whoever looks into a failed run.
class trace {
public:
    explicit trace(std::ostream* also = nullptr) : also_(also) {}

    void clock_says(domain::instant now) { now_ = now; }
    void note(std::string const& text);
    std::deque<std::string> const& lines() const { return lines_; }

private:
    std::ostream* also_; // every line, as it happens
    std::optional<domain::instant> began_;
    domain::instant now_;
    std::deque<std::string> lines_;
};

} // namespace linli::simulation
