#include "server/device_reach.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/wire/command_encoding.hpp"
#include "adapters/wire/topics.hpp"

namespace linli::server {

void device_reach::send(domain::device_command const& what, app::commanding::gone done) {
    using domain::command_state;
    // The doors answer on threads of their own.
    auto const as = [loop = loop_, done = std::move(done)](command_state how) {
        return [loop, done, how](bool taken) {
            auto const state = taken ? std::optional(how) : std::nullopt;
            boost::asio::post(loop, [done, state] { done(state); });
        };
    };
    if (watches_.is_for(what.device)) return watches_.send(what, as(command_state::sent));
    auto const told = as(command_state::published);
    if (!publishes_()) return told(false);
    broker_.publish(wire::command_topic(what.device), wire::encode(what), told);
}

} // namespace linli::server
