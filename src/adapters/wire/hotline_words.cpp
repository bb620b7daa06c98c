#include "adapters/wire/hotline_words.hpp"

#include <algorithm>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/wire_form.hpp"
#include "domain/hotline_queue.hpp"
#include "linli/v1/hotline.pb.h"

namespace linli::wire {

namespace {

constexpr int most_languages = 8;
constexpr std::size_t longest_user = 40;
constexpr std::size_t longest_number = 40;

// As "zh-CN", "wuu".
bool is_language(std::string const& text) {
    auto const is_part_of_one = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    };
    return !text.empty() && text.size() <= 16 &&
           std::all_of(text.begin(), text.end(), is_part_of_one);
}

} // namespace

std::optional<seat_report> read_seat_report(std::string_view json) {
    auto const message = read_body<v1::SeatReport>(json);
    if (!message) return std::nullopt;
    seat_report said;
    if (auto const what = domain::from_text<domain::seat_word>(message->state()))
        said.what = *what;
    else
        said.wrong = "state";
    said.languages.insert(message->languages().begin(), message->languages().end());
    bool const are_languages =
        message->languages_size() <= most_languages &&
        std::all_of(said.languages.begin(), said.languages.end(), is_language);
    if (!are_languages) said.wrong = "languages";
    return said;
}

std::string encode_seat(domain::hotline_seat const& seat, domain::instant now) {
    v1::Seat message;
    auto const is = domain::state_at(seat, now);
    message.set_user(seat.who.value);
    message.set_state(std::string(to_text(is)));
    if (seat.call && is != domain::seat_state::away) message.set_call(to_string(*seat.call));
    write_time<v1::Seat>(seat.since, &v1::Seat::mutable_since, message);
    for (auto const& each : seat.languages)
        message.add_languages(shown_text(each));
    write_time<v1::Seat>(seat.until, &v1::Seat::mutable_until, message);
    if (is == domain::seat_state::wrapping_up)
        write_time<v1::Seat>(seat.since + domain::hotline_rules().wraps_up_at_most,
                             &v1::Seat::mutable_wraps_up_until, message);
    return bytes_of(message, form::json);
}

std::optional<transfer> read_transfer(std::string_view json) {
    auto const message = read_body<v1::Transfer>(json);
    if (!message) return std::nullopt;
    return transfer{{clean_text(message->to(), longest_user)},
                    clean_text(message->number(), longest_number)};
}

std::string encode_edge_access(edge_access const& what) {
    v1::EdgeCredentials message;
    message.set_address(what.address);
    message.set_user(what.user);
    message.set_password(what.password);
    message.set_wss(what.wss);
    write_time<v1::EdgeCredentials>(what.expires_at, &v1::EdgeCredentials::mutable_expires_at,
                                    message);
    return bytes_of(message, form::json);
}

std::string encode_hotline_now(app::hotline_now const& is, std::uint32_t open_checks) {
    using domain::seat_state;
    auto const seats = [&](seat_state of) {
        auto const found = is.seats.find(of);
        return static_cast<std::uint32_t>(found == is.seats.end() ? 0 : found->second);
    };
    auto const number = [](std::int64_t count) { return static_cast<std::uint32_t>(count); };
    v1::HotlineNow message;
    message.set_waiting(number(is.waiting));
    write_time<v1::HotlineNow>(is.longest_since, &v1::HotlineNow::mutable_longest_since, message);
    message.set_ready(seats(seat_state::ready));
    message.set_ringing(seats(seat_state::ringing));
    message.set_talking(seats(seat_state::talking));
    message.set_wrapping_up(seats(seat_state::wrapping_up));
    message.set_away(seats(seat_state::away));
    message.set_calls(number(is.calls));
    message.set_answered(number(is.answered));
    message.set_answered_in_time(number(is.answered_in_time));
    message.set_abandoned(number(is.abandoned));
    message.set_abandoned_at_once(number(is.abandoned_at_once));
    message.set_open_checks(open_checks);
    return bytes_of(message, form::json);
}

std::string encode_wait_checks(app::wait_check_page const& page,
                               app::wait_check_question const& asked) {
    using v1::WaitCheck;
    v1::WaitChecks message;
    for (auto const& each : page.lines) {
        auto& into = *message.add_checks();
        into.set_call(to_string(each.call));
        into.set_called(shown_text(each.called));
        into.set_area(shown_text(each.area.value));
        into.set_area_name(shown_text(each.area_name));
        write_time<WaitCheck>(each.came_at, &WaitCheck::mutable_came_at, into);
        write_time<WaitCheck>(each.answered_at, &WaitCheck::mutable_answered_at, into);
        write_time<WaitCheck>(each.ended_at, &WaitCheck::mutable_ended_at, into);
        into.set_seat(shown_text(each.seat));
        write_time<WaitCheck>(each.opened_at, &WaitCheck::mutable_opened_at, into);
        write_time<WaitCheck>(each.closed_at, &WaitCheck::mutable_closed_at, into);
        into.set_closed_by(shown_text(each.closed_by.value));
        into.set_words(shown_text(each.words));
    }
    message.set_total(page.total);
    message.set_page(asked.page);
    message.set_per_page(asked.per_page);
    return bytes_of(message, form::json);
}

std::string
encode_recordings(std::vector<std::pair<domain::call_id, app::kept_recording>> const& all,
                  domain::duration keeps_for) {
    v1::Recordings message;
    for (auto const& [call, kept] : all) {
        auto& one = *message.add_recordings();
        one.set_call(to_string(call));
        one.set_state(std::string(to_text(kept.state)));
        write_time<v1::Recording>(kept.what.begun_at, &v1::Recording::mutable_begun_at, one);
        auto const length = std::chrono::ceil<domain::seconds>(kept.what.length);
        one.set_length_s(static_cast<std::uint32_t>(length.count()));
        one.set_bytes(kept.what.bytes);
        one.set_pieces(static_cast<std::uint32_t>(kept.what.pieces));
        if (kept.state == domain::recording_state::sealed)
            write_time<v1::Recording>(kept.what.begun_at + keeps_for,
                                      &v1::Recording::mutable_goes_at, one);
    }
    return bytes_of(message, form::json);
}

} // namespace linli::wire
