#include "simulate/own_press.hpp"

namespace linli::simulate {

namespace {

std::optional<press_stage> stage_of(happening_kind kind) {
    switch (kind) {
    case happening_kind::told_stored:
        return press_stage::stored;
    case happening_kind::claimed:
        return press_stage::claimed;
    case happening_kind::offered:
        return press_stage::offered;
    case happening_kind::told_accepted:
        return press_stage::accepted;
    case happening_kind::told_arrived:
        return press_stage::arrived;
    case happening_kind::closed:
        return press_stage::closed;
    case happening_kind::followed_up:
        return press_stage::followed_up;
    default: // says nothing about how far it has come
        return std::nullopt;
    }
}

} // namespace

void own_press::see(happening const& what) {
    if (auto const stage = stage_of(what.kind)) reached_.insert(*stage);
}

std::optional<press_stage> own_press::stuck_at() const {
    for (auto const& [stage, name] : domain::names<press_stage>::table)
        if (!reached_.contains(stage)) return stage;
    return std::nullopt;
}

break_bell::word break_bell::to_say(bool is_whole) const {
    if (!is_whole) return was_broken_ ? word::nothing : word::broken;
    return was_broken_ ? word::whole : word::nothing;
}

} // namespace linli::simulate
