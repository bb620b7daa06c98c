#include "adapters/wire/hotline_words.hpp"

#include <algorithm>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/console_parts.hpp"
#include "adapters/wire/wire_form.hpp"
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
