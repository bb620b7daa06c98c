#include "server/push_intake.hpp"

#include <string>
#include <utility>

#include "runtime/log.hpp"
#include "server/journal_inbox.hpp"

namespace linli::server {

namespace log = runtime::log;

std::optional<push_intake::taken> push_intake::take(std::string_view source,
                                                    std::string_view body) const {
    auto const* by = devices_.named(source);
    auto const lane = by ? mapped::lane_of(*by, {}, body) : files::message_lane::signals;
    if (lane == files::message_lane::nobody) return taken{};
    if (lane == files::message_lane::telemetry) {
        std::string door(mapped::push_door);
        if (without_room_ == bulk::is_lost)
            return taken{bulk_.take_or_lose(std::move(door), std::string(source), body), true};
        auto make_safe = bulk_.take(std::move(door), std::string(source), body);
        if (!make_safe) return std::nullopt;
        return taken{std::move(*make_safe), true};
    }
    journal::record written{std::string(mapped::push_door), std::string(source),
                            clock_.now().time_since_epoch().count(), std::string(body)};
    auto const at = journal_.append_unsynced(written);
    if (!at) {
        log::error("journal_refuses", {{"why", at.error()}, {"source", source}});
        return std::nullopt;
    }
    return taken{sync_step(journal_, *at, std::move(written)), false};
}

} // namespace linli::server
