// What was recorded of calls: who was, and the sound itself.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "adapters/http/api_acts.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/byte_range.hpp"
#include "adapters/http/call_seeing.hpp"
#include "adapters/wire/hotline_words.hpp"

namespace linli::http {

namespace {

constexpr std::uint64_t most_at_once = 1U << 20; // bytes of an answer: some minute

api_reply not_recorded() {
    return problem(409, {.code = "not_recorded"});
}

std::string code_of(app::recording_errc why) {
    switch (why) {
    case app::recording_errc::elsewhere:
        return "elsewhere";
    case app::recording_errc::damaged:
        return "damaged";
    case app::recording_errc::disk:
    case app::recording_errc::silent:
        break;
    }
    return "disk";
}

api_reply out_of_range(std::uint64_t size) {
    auto reply = problem(416, {.code = "range"});
    reply.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return reply;
}

api_reply sound(std::string bytes, byte_range const& part, std::uint64_t size, bool is_part) {
    api_reply reply{is_part ? 206U : 200U, std::move(bytes)};
    reply.content_type = "audio/wav";
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    if (is_part)
        reply.headers.emplace_back("Content-Range", fmt::format("bytes {}-{}/{}", part.from,
                                                                part.from + part.count - 1, size));
    return reply;
}

// Whoever the case is about, or whose number it is.
std::vector<app::seen_entry> hearing(admitted const& request, domain::instant now,
                                     std::string whose) {
    auto const& line = *request.line;
    if (line.call) return seeing_of_call(request, now, "recording");
    if (whose.empty()) whose = to_string(line.alert ? line.alert->about : line.request->about);
    return {{now, request.who.who.user, "recording", std::move(whose), to_string(request.id)}};
}

// Before the first byte. Parts that follow belong to it.
runtime::task<bool> write_down(api_ports& on, admitted const& request, domain::call_id id,
                               std::string whose) {
    auto const now = on.clock.now();
    auto& heard = on.hotline->recordings->heard;
    auto const& who = request.who.who.user.value;
    if (!heard.goes_on(who, id, now)) {
        auto rows = hearing(request, now, std::move(whose));
        auto const logged = co_await on.accounts.saw(std::move(rows));
        if (!logged) co_return false;
    }
    heard.heard(who, id, now);
    co_return true;
}

} // namespace

api_task see_recordings(api_ports& on, admitted request) {
    if (!on.hotline || !on.hotline->recordings) co_return json(wire::encode_recordings({}, {}));
    auto& from = *on.hotline->recordings;
    auto const found = co_await from.keeper.kept_of(request.id);
    if (!found) co_return away();
    co_return json(wire::encode_recordings(*found, from.keeps_for));
}

api_task hear_recording(api_ports& on, admitted request) {
    using domain::recording_state;
    if (!on.hotline || !on.hotline->recordings) co_return not_recorded();
    auto& from = *on.hotline->recordings;
    auto const named = domain::parse_uuid(request.key);
    if (!named) co_return wrong_field("key");
    domain::call_id const id{*named};
    auto const its = co_await from.keeper.kept_of(request.id);
    if (!its) co_return away();
    auto const at = std::ranges::find(*its, id, [](auto const& each) { return each.first; });
    if (at == its->end()) co_return not_recorded();
    auto const& one = at->second;
    if (one.state != recording_state::sealed)
        co_return problem(409, {.code = std::string(to_text(one.state))});
    auto const size = one.what.bytes;
    bool const asks_for_part = !request.what.range.empty();
    auto const whole = fmt::format("bytes=0-{}", size);
    auto const part = read_range(asks_for_part ? request.what.range : whole, size, most_at_once);
    if (!part || (!asks_for_part && part->count < size)) co_return out_of_range(size);
    auto const is_down = co_await write_down(on, request, id, one.whose);
    if (!is_down) co_return away();
    auto bytes = co_await from.files.read(one.what, part->from, part->count);
    if (!bytes) co_return problem(409, {.code = code_of(bytes.error())});
    co_return sound(std::move(*bytes), *part, size, asks_for_part);
}

} // namespace linli::http
