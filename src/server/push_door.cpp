#include "server/push_door.hpp"

#include <utility>

#include "adapters/http/push_secrets.hpp"
#include "runtime/log.hpp"
#include "server/journal_inbox.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

std::map<std::string, http::push_source, std::less<>>
sources_of(runtime::config const& config, mapped::device_book const& devices) {
    std::map<std::string, http::push_source, std::less<>> sources;
    for (auto const& mapping : devices.mappings()) {
        if (!mapping.push) continue;
        auto secret = http::read_push_secret(config.push.secrets, mapping.name);
        if (!secret.empty())
            sources.emplace(mapping.name, http::push_source{*mapping.push, std::move(secret)});
        else
            log::info("push_source_without_secret", {{"source", mapping.name}});
    }
    return sources;
}

} // namespace

push_door::push_door(runtime::config const& config, mapped::device_book const& devices,
                     journal::journal& to, telemetry_lane& bulk, app::clock& clock,
                     runtime::metrics& into)
    : devices_(devices), journal_(to), bulk_(bulk), clock_(clock), since_(clock.now()) {
    if (!config.push.listen) return;
    sources_ = sources_of(config, devices);
    std::optional<http::push_tls> tls;
    if (config.push.tls) tls = http::push_tls{config.push.certificate, config.push.key};
    http::push_callbacks callbacks{
        .find = [this](std::string_view name) -> http::push_source const* {
            auto const found = sources_.find(name);
            return found == sources_.end() ? nullptr : &found->second;
        },
        .on_push = [this](std::string_view source,
                          std::string_view body) { return pushed(source, body); }};
    server_ = http::push_server::start(
        *config.push.listen, tls, std::move(callbacks), into,
        http::push_limits{.strangers = static_cast<std::size_t>(config.push.connections)});
    log::info("push_door_open", {{"port", server_->port()}, {"sources", sources_.size()}});
}

void push_door::stop() {
    if (server_) server_->stop();
}

std::optional<http::part> push_door::ready() const {
    if (!server_) return std::nullopt;
    return http::part{"push", true, std::to_string(sources_.size()) + " sources may push", since_};
}

std::optional<http::push_callbacks::taken> push_door::pushed(std::string_view source,
                                                             std::string_view body) {
    auto const* by = devices_.named(source);
    auto const lane = by ? mapped::lane_of(*by, {}, body) : files::message_lane::signals;
    if (lane == files::message_lane::nobody) return http::push_callbacks::taken{};
    if (lane == files::message_lane::telemetry) {
        auto make_safe = bulk_.take(std::string(mapped::push_door), std::string(source), body);
        if (!make_safe) return std::nullopt;
        return http::push_callbacks::taken{std::move(*make_safe), true};
    }
    journal::record const written{std::string(mapped::push_door), std::string(source),
                                  clock_.now().time_since_epoch().count(), std::string(body)};
    auto const at = journal_.append_unsynced(written);
    if (!at) {
        log::error("journal_refuses", {{"why", at.error()}, {"source", source}});
        return std::nullopt;
    }
    return http::push_callbacks::taken{sync_step(journal_, *at), false};
}

} // namespace linli::server
