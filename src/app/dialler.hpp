#pragma once

#include <cstdint>
#include <string>

#include "domain/ids.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Whom the telephone system shall ring for somebody: first her seat, then the number.
struct dialling {
    std::string key; // of this one wish: asked twice, it rings once
    domain::operator_id seat;
    std::string number;
    std::string reference; // what it is about: an alert, a request or a call
};

enum class dialled : std::uint8_t {
    accepted,
    refused,     // it has said no
    unreachable, // it has said nothing that could be believed
};

// May suspend, for as long as its timeout; throws only when it is stopped.
class dialler {
public:
    virtual ~dialler() = default;
    virtual runtime::task<dialled> dial(dialling what) = 0;
};

} // namespace linli::app
