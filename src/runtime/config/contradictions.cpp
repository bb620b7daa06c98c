#include "runtime/config/contradictions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/config/words.hpp"

namespace linli::runtime::config_file {

namespace {

using sentences = std::vector<std::string>;

void of_supervision(supervision_config const& s, sentences& to) {
    if (s.battery_low < s.battery_well) return;
    to.push_back(fmt::format("supervision.battery_well is {} and battery_low {}; well must be "
                             "higher, or a battery at the limit wavers between them. For example: "
                             "battery_well = {}",
                             s.battery_well, s.battery_low, std::min(100, s.battery_low + 15)));
}

void of_doors(config const& c, sentences& to) {
    if (c.push.listen && !c.push.tls && !is_loopback(c.push.listen->host))
        to.emplace_back("push.tls = false is for a loopback address: listen on 127.0.0.1 behind a "
                        "proxy with TLS, or leave tls out");
    if (!c.telephone.name.empty() && !c.console.listen)
        to.emplace_back("telephone.name is set and console.listen is not: its reports come in at "
                        "that door. For example: listen = \"0.0.0.0:8444\"");
    if (!c.hotline.socket.empty() && !c.console.listen)
        to.emplace_back("hotline.socket is set and console.listen is not: its operators answer in "
                        "pages that come from that door. For example: listen = \"0.0.0.0:8444\"");
}

void of_voices(config const& c, sentences& to) {
    bool const can_speak = !c.hotline.socket.empty() && !c.hotline.spoken.empty();
    if (c.notify.voice_by_hotline && !can_speak)
        to.emplace_back("notify.voice.by is \"hotline\", and hotline.socket or hotline.spoken is "
                        "not set: there is none that could speak. For example: spoken = "
                        "\"/var/lib/linli/spoken\"");
    if (c.hotline.recorded.empty() != c.hotline.recordings.empty())
        to.emplace_back("hotline.recorded and hotline.recordings belong together: what was "
                        "recorded is kept, and nothing lies in clear. For example: recordings = "
                        "\"/var/lib/linli/recordings\"");
}

void of_map(map_config const& m, sentences& to) {
    if (!m.tiles.empty() && m.attribution.empty())
        to.emplace_back("map.tiles is set and map.attribution is not: whoever draws the tiles must "
                        "be named on them. For example: attribution = \"© 天地图\"");
    if (m.min_zoom > m.max_zoom)
        to.push_back(fmt::format("map.min_zoom is {} and max_zoom {}; the first must not be above "
                                 "the second",
                                 m.min_zoom, m.max_zoom));
}

} // namespace

std::vector<std::string> contradictions(config const& c) {
    sentences all;
    of_supervision(c.supervision, all);
    of_doors(c, all);
    of_voices(c, all);
    of_map(c.map, all);
    return all;
}

} // namespace linli::runtime::config_file
