#include "adapters/watch_tcp/command_words.hpp"

#include <string_view>

namespace linli::watch_tcp {

namespace {

// As the makers' papers have it, and as traccar and its issue 2702 tell of watches in the field.
std::string_view word_of(domain::command_kind kind) {
    switch (kind) {
    case domain::command_kind::locate:
        return "CR";
    case domain::command_kind::report_every:
        return "UPLOAD";
    case domain::command_kind::sos_numbers:
        return "SOS";
    case domain::command_kind::ring:
        return "FIND";
    case domain::command_kind::call_back:
        return "CALL";
    }
    return {};
}

} // namespace

std::string words_for(domain::device_command const& what) {
    std::string words(word_of(what.kind));
    for (auto const& each : what.values)
        words += ',' + each;
    return words;
}

bool answers(frame const& f, domain::command_kind kind) {
    if (kind == domain::command_kind::locate && is_report(f)) return true;
    return f.type == word_of(kind);
}

} // namespace linli::watch_tcp
