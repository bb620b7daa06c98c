// Any bytes on a watch's connection: cut the same however TCP brings them, each piece read to its
// end, and no alarm among them that isn't one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/watch_tcp/frame.hpp"
#include "adapters/watch_tcp/frame_splitter.hpp"
#include "adapters/watch_tcp/signal_reading.hpp"
#include "adapters/wire/clean_text.hpp"
#include "domain/place.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace linli;
using watch_tcp::status_bit;

constexpr domain::instant now{std::chrono::hours(500'000)};
constexpr std::size_t longest = 70'000;
using pieces = std::vector<std::pair<std::string, bool>>;

pieces cut(std::string_view bytes, std::size_t at_once) {
    watch_tcp::frame_splitter splitter(longest);
    pieces all;
    for (std::size_t at = 0; at < bytes.size(); at += at_once) {
        splitter.put(bytes.substr(at, at_once));
        while (auto piece = splitter.next())
            all.emplace_back(std::move(piece->bytes), piece->is_frame);
        if (splitter.is_overfull()) return all;
    }
    if (auto rest = splitter.rest()) all.emplace_back(std::move(rest->bytes), rest->is_frame);
    return all;
}

bool calls_for_help(watch_tcp::status const& s) {
    return s.has(status_bit::sos) || s.has(status_bit::fall) || s.has(status_bit::fall_too) ||
           s.has(status_bit::removed);
}

bool is_a_call(domain::signal_kind kind) {
    using enum domain::signal_kind;
    return kind == sos || kind == fall || kind == removed || kind == fence || kind == battery ||
           kind == unreadable;
}

void check(std::string_view bytes) {
    auto const f = watch_tcp::read_frame(bytes);
    auto const status = watch_tcp::status_of(f);
    bool const is_signal = watch_tcp::is_signal(f);
    if (watch_tcp::is_alarm(f)) require(is_signal);
    if (watch_tcp::is_alarm(f) && f.is_closed && !f.id.empty())
        require(watch_tcp::answer_to(f).find("*AL]") != std::string::npos);
    bool const has_status = status && (watch_tcp::is_alarm(f) || watch_tcp::is_report(f));
    if (has_status && calls_for_help(*status)) require(is_signal);

    domain::device_id const device{f.id.empty() ? "8809008845" : f.id};
    auto const s = watch_tcp::read_signal(device, bytes, now);
    require(s.device == device && domain::device_of(s.event) == device);
    require(s.received_at == now);
    require(wire::is_utf8(s.text) && s.text.size() <= 2000);
    require(!s.fix || domain::is_usable(*s.fix));
    if (is_signal) require(is_a_call(s.kind));
    if (watch_tcp::is_alarm(f) && !status) require(s.kind == domain::signal_kind::sos);
    if (has_status && status->has(status_bit::sos)) require(s.kind == domain::signal_kind::sos);

    auto const t = watch_tcp::read_telemetry(device, bytes, now);
    require(domain::device_of(t.event) == device);
    for (auto const& each : t.fixes)
        require(domain::is_usable(each.where));
    for (auto const& each : t.vitals)
        require(domain::is_possible(each.what, each.value));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const whole = cut(bytes, bytes.size());
    require(whole == cut(bytes, 1));
    require(whole == cut(bytes, 7));
    for (auto const& [piece, is_frame] : whole)
        check(piece);
    return 0;
}
