#pragma once

#include <ostream>

#include "domain/alert.hpp"
#include "domain/errc.hpp"
#include "domain/matching.hpp"
#include "domain/order.hpp"
#include "domain/request.hpp"
#include "domain/signal.hpp"
#include "domain/subject.hpp"
#include "domain/triage.hpp"

// A failed test speaks in words: googletest finds these operators by the argument's namespace.
namespace linli::domain {

template <class E>
concept has_words = requires {
    names<E>::table;
};

template <has_words E>
std::ostream& operator<<(std::ostream& out, E value) {
    return out << to_text(value);
}

template <class Tag>
std::ostream& operator<<(std::ostream& out, text_id<Tag> const& id) {
    return out << '"' << id.value << '"';
}

template <class Tag>
std::ostream& operator<<(std::ostream& out, record_id<Tag> const& id) {
    return out << to_string(id);
}

inline std::ostream& operator<<(std::ostream& out, event_id const& id) {
    return out << '"' << id.value << '"';
}
inline std::ostream& operator<<(std::ostream& out, uuid const& id) {
    return out << to_string(id);
}
inline std::ostream& operator<<(std::ostream& out, subject const& about) {
    return out << to_string(about);
}

} // namespace linli::domain
