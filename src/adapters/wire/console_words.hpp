// What the pages and other programs say to the API and hear from it, as ProtoJSON. What a desk
// reads (lines and cards) is encoded beside (console_encoding).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/accounts.hpp"
#include "app/desk_reading.hpp"
#include "app/live_feed.hpp"
#include "app/map_tiles.hpp"
#include "app/note_templates.hpp"
#include "domain/time.hpp"

namespace linli::wire {

// Reading: nothing if it is no JSON of that shape. What we don't know is passed over, as a newer
// page may say it; texts are cleaned, and cut where they are too long.

struct sign_in {
    std::string user;
    std::string password; // as it was typed
};
std::optional<sign_in> read_sign_in(std::string_view json);

struct duty_words {
    bool on_duty = false;
    bool away = false; // nobody answered at her desk
};
std::optional<duty_words> read_duty(std::string_view json);

// A DeskCommand: which of its fields count says the act.
struct desk_words {
    std::string text;
    std::string outcome;
    std::string ask;
    std::uint32_t rating = 0;
    std::string worker;
    std::string provider;
    std::string offer;
    std::string reply;
    std::string field;
    std::uint32_t place = 0;
    std::string resident;
    std::string to;
    std::uint32_t minutes = 0;
    std::optional<std::uint32_t> if_signals;
    std::string if_state;
    std::string alert;
};
std::optional<desk_words> read_command(std::string_view json);

std::optional<std::vector<std::string>> read_painted(std::string_view json);

struct live_call {
    struct standing {
        std::string epoch;
        std::uint64_t after = 0;
    };
    std::optional<standing> hello;
    std::vector<std::string> painted;
};
std::optional<live_call> read_live_call(std::string_view json);

struct telephones {
    bool dials = false;    // the telephone system rings whom she asks for
    bool in_pages = false; // her page can be a telephone
};
std::string encode_session(app::signed_in const& who, domain::instant now, telephones const& with,
                           app::map_tiles const& map);
// What she holds, encoded line by line, and who could go on with it.
std::string encode_handover(std::vector<std::string> const& lines,
                            std::vector<app::account> const& successors);
// Encoded line by line; `count`: of all that wait.
std::string encode_follow_ups(std::vector<std::string> const& lines, std::size_t count);
// Of visits in that order, each with its alert's encoded line.
std::string encode_unfinished(std::vector<std::pair<app::unfinished_visit, std::string>> const& all,
                              std::size_t count);
std::string encode_note_templates(std::vector<app::note_template> const& all);
std::string encode_done(std::uint32_t version);
std::string encode_revealed(std::string const& text);

// Around a card that is encoded already.
std::string encode_evidence(std::string const& card, std::vector<app::seen_entry> const& seen,
                            std::vector<app::signal_seen> const& signals);

struct problem {
    std::string code;
    std::string text = {};
    std::string field = {};
    std::string holder = {};
    std::string did = {};
    std::optional<domain::instant> at = {};
};
std::string encode_problem(problem const& what);

// `now` is told when the feed is fresh: without it a page knows that what it shows may be old.
std::string encode_live(std::string const& epoch, app::live_feed::update const& what,
                        std::optional<domain::instant> now);

} // namespace linli::wire
