#pragma once

#include <optional>
#include <set>
#include <string>

#include "runtime/task.hpp"

namespace linli::app {

// Text as sound, for the engine to play: a file that its own name leads to. It holds what was said
// about somebody, so whoever had it made has it gone when the call is over.
class speech {
public:
    virtual ~speech() = default;

    // The sound's name; nothing: it could not be spoken. Takes a while, and never longer than its
    // limit. May suspend.
    virtual runtime::task<std::optional<std::string>> say(std::string name, std::string text,
                                                          std::string language) = 0;
    virtual void forget(std::string const& sound) = 0;
    // All but these, which is what an earlier run has left.
    virtual void forget_others(std::set<std::string> const& but) = 0;
};

} // namespace linli::app
