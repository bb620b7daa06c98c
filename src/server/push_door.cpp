#include "server/push_door.hpp"

#include <utility>

#include "adapters/http/push_secrets.hpp"
#include "runtime/log.hpp"

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
    : intake_(devices, to, bulk, push_intake::bulk::waits, clock), since_(clock.now()) {
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
    auto written = intake_.take(source, body);
    if (!written) return std::nullopt;
    return http::push_callbacks::taken{std::move(written->make_safe), written->is_bulk};
}

} // namespace linli::server
