#include "adapters/wire/console_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "domain/right.hpp"
#include "linli/v1/console.pb.h"

namespace linli::wire {

namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_text = 2000; // of a note: a page asks for 500
constexpr std::size_t longest_password = 1000;
constexpr int most_painted = 2000;

std::string id(std::string const& text) {
    return clean_text(text, longest_id);
}

std::vector<std::string> ids(google::protobuf::RepeatedPtrField<std::string> const& given) {
    std::vector<std::string> all;
    for (auto const& each : given)
        if (std::ssize(all) < most_painted) all.push_back(id(each));
    return all;
}

std::string json_text(std::string const& text) {
    v1::Revealed holder; // the quoting is protobuf's
    holder.set_text(text);
    auto const all = bytes_of(holder, form::json); // {"text":"…"}
    return text.empty() ? "\"\"" : all.substr(8, all.size() - 9);
}

std::string json_time(domain::instant at) {
    v1::Problem holder;
    write_instant(at, *holder.mutable_at());
    auto const all = bytes_of(holder, form::json); // {"at":"…"}
    return all.substr(6, all.size() - 7);
}

} // namespace

std::optional<sign_in> read_sign_in(std::string_view json) {
    auto const message = read_body<v1::SignIn>(json);
    if (!message || message->password().size() > longest_password) return std::nullopt;
    return sign_in{id(message->user()), message->password()};
}

std::optional<duty_words> read_duty(std::string_view json) {
    auto const message = read_body<v1::DutyChange>(json);
    if (!message) return std::nullopt;
    return duty_words{message->on_duty(), message->away()};
}

std::optional<desk_words> read_command(std::string_view json) {
    auto const message = read_body<v1::DeskCommand>(json.empty() ? "{}" : json);
    if (!message) return std::nullopt;
    desk_words said;
    said.text = clean_text(message->text(), longest_text);
    said.outcome = id(message->outcome());
    said.ask = id(message->ask());
    said.rating = message->rating();
    said.worker = id(message->worker());
    said.provider = id(message->provider());
    said.offer = id(message->offer());
    said.reply = id(message->reply());
    said.field = id(message->field());
    said.place = message->place();
    said.resident = id(message->resident());
    said.to = id(message->to());
    said.minutes = message->minutes();
    if (message->has_signals()) said.if_signals = message->signals();
    said.if_state = id(message->state());
    said.alert = id(message->alert());
    return said;
}

std::optional<std::vector<std::string>> read_painted(std::string_view json) {
    auto const message = read_body<v1::Painted>(json);
    if (!message) return std::nullopt;
    return ids(message->alerts());
}

std::optional<live_call> read_live_call(std::string_view json) {
    auto const message = read_body<v1::LiveCall>(json);
    if (!message) return std::nullopt;
    live_call call;
    if (message->has_hello())
        call.hello = live_call::standing{id(message->hello().epoch()), message->hello().after()};
    call.painted = ids(message->painted().alerts());
    return call;
}

namespace {

void write_tiles(app::map_tiles const& from, v1::MapTiles& to) {
    to.set_url(from.url);
    to.set_labels(from.labels);
    to.set_crs(std::string(domain::to_text(from.crs)));
    to.set_min_zoom(static_cast<std::uint32_t>(from.min_zoom));
    to.set_max_zoom(static_cast<std::uint32_t>(from.max_zoom));
    to.set_attribution(from.attribution);
    to.set_approval(from.approval);
}

} // namespace

std::string encode_session(app::signed_in const& who, domain::instant now, telephones const& with,
                           app::map_tiles const& map) {
    v1::Session message;
    auto const& account = who.who;
    message.set_user(account.user.value);
    message.set_name(account.name);
    message.set_role(std::string(to_text(account.role)));
    message.set_area(account.area.value);
    message.set_area_name(shown_text(who.area_name));
    for (auto const& [right, name] : domain::names<domain::right>::table)
        if (domain::may(account.role, right)) message.add_may(std::string(name));
    message.set_site(account.site.value);
    message.set_provider(account.provider.value);
    message.set_worker(account.worker.value);
    write_instant(who.expires_at, *message.mutable_expires_at());
    write_instant(now, *message.mutable_now());
    message.set_on_duty(who.on_duty);
    message.set_dials(with.dials && domain::may(account.role, domain::right::reveal));
    message.set_telephone(with.in_pages && domain::may(account.role, domain::right::claim));
    if (!map.url.empty()) write_tiles(map, *message.mutable_map());
    return bytes_of(message, form::json);
}

std::string encode_handover(std::vector<std::string> const& lines,
                            std::vector<app::account> const& successors) {
    v1::Handover message; // all but the lines
    for (auto const& each : successors) {
        auto& row = *message.add_successors();
        row.set_user(each.user.value);
        row.set_name(shown_text(each.name));
        row.set_role(std::string(to_text(each.role)));
        row.set_site(each.site.value);
    }
    auto const rest = bytes_of(message, form::json); // {"successors":[…]}, or {}
    return "{\"lines\":[" + fmt::format("{}", fmt::join(lines, ",")) + "]" +
           (rest.size() > 2 ? "," : "") + rest.substr(1);
}

std::string encode_follow_ups(std::vector<std::string> const& lines, std::size_t count) {
    return fmt::format(R"({{"lines":[{}],"count":{}}})", fmt::join(lines, ","), count);
}

std::string encode_unfinished(std::vector<std::pair<app::unfinished_visit, std::string>> const& all,
                              std::size_t count) {
    std::string visits;
    for (auto const& [visit, line] : all) {
        v1::UnfinishedVisit message; // all but the line
        message.set_order(to_string(visit.order));
        write_instant(visit.since, *message.mutable_since());
        auto const rest = bytes_of(message, form::json); // {"order":…}
        visits += (visits.empty() ? "" : ",") + ("{\"line\":" + line + "," + rest.substr(1));
    }
    return fmt::format(R"({{"visits":[{}],"count":{}}})", visits, count);
}

std::string encode_note_templates(std::vector<app::note_template> const& all) {
    v1::NoteTemplates message;
    for (auto const& each : all) {
        auto& written = *message.add_templates();
        written.set_zh(each.zh);
        written.set_en(each.en);
    }
    return bytes_of(message, form::json);
}

std::string encode_done(std::uint32_t version) {
    v1::Done message;
    message.set_version(version);
    return bytes_of(message, form::json);
}

std::string encode_revealed(std::string const& text) {
    v1::Revealed message;
    message.set_text(text);
    return bytes_of(message, form::json);
}

namespace {

// What a device says may be anything, its clock's time too.
void write_signal(app::signal_seen const& seen, v1::SignalSeen& into) {
    auto const& s = seen.what;
    into.set_event(shown_text(s.event.value));
    into.set_device(shown_text(s.device.value));
    into.set_kind(std::string(to_text(s.kind)));
    into.set_door(s.door);
    write_time(s.happened_at, &v1::SignalSeen::mutable_happened_at, into);
    write_time({s.received_at}, &v1::SignalSeen::mutable_received_at, into);
    write_time({seen.committed_at}, &v1::SignalSeen::mutable_committed_at, into);
    if (s.fix) write_position(*s.fix, *into.mutable_position());
    into.set_battery(static_cast<std::uint32_t>(std::max(0, s.battery_percent.value_or(0))));
    into.set_text(shown_text(s.text));
    into.set_raw(s.raw);
}

} // namespace

std::string encode_evidence(std::string const& card, std::vector<app::seen_entry> const& seen,
                            std::vector<app::signal_seen> const& signals) {
    v1::Evidence message; // all but the card
    for (auto const& each : signals)
        write_signal(each, *message.add_signals());
    for (auto const& each : seen) {
        auto& row = *message.add_seen();
        write_instant(each.at, *row.mutable_at());
        row.set_who(each.who.value);
        row.set_what(each.what);
        row.set_subject(each.subject);
        row.set_why(each.why);
    }
    auto const rest = bytes_of(message, form::json); // {"seen":[…],"signals":[…]}, or {}
    return "{\"card\":" + card + (rest.size() > 2 ? "," : "") + rest.substr(1);
}

std::string encode_problem(problem const& what) {
    v1::Problem message;
    message.set_code(what.code);
    message.set_text(what.text);
    message.set_field(what.field);
    message.set_holder(what.holder);
    message.set_did(what.did);
    if (what.at) write_instant(*what.at, *message.mutable_at());
    return bytes_of(message, form::json);
}

// By hand around the lines, which were encoded once for all who get them.
std::string encode_live(std::string const& epoch, app::live_feed::update const& what,
                        std::optional<domain::instant> now) {
    std::string text = "{\"epoch\":" + json_text(epoch) + ",\"after\":\"" +
                       std::to_string(what.after) + "\",\"sequence\":\"" +
                       std::to_string(what.sequence) + '"';
    if (what.is_snapshot) text += ",\"snapshot\":true";
    if (!what.lines.empty()) {
        char before = '[';
        text += ",\"lines\":";
        for (auto const& each : what.lines) {
            text += before;
            text += *each->json;
            before = ',';
        }
        text += ']';
    }
    if (!what.gone.empty()) {
        char before = '[';
        text += ",\"gone\":";
        for (auto const& each : what.gone) {
            text += before;
            text += json_text(each);
            before = ',';
        }
        text += ']';
    }
    if (now) text += ",\"now\":" + json_time(*now);
    return text + '}';
}

} // namespace linli::wire
