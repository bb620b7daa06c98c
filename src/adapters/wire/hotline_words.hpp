// An operator's seat at our own hotline, what she wishes for a call, and how the hotline stands.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/hotline_record.hpp"
#include "app/recording_record.hpp"
#include "app/wait_check_record.hpp"
#include "domain/hotline.hpp"

namespace linli::wire {

struct seat_report {
    domain::seat_word what = domain::seat_word::here;
    std::set<std::string> languages;
    std::string_view wrong; // the field that can't be so; empty: none
};
// Nothing if it is no JSON of that shape.
std::optional<seat_report> read_seat_report(std::string_view json);

std::string encode_seat(domain::hotline_seat const& seat, domain::instant now);

struct transfer {
    domain::operator_id to;
    std::string number;
};
std::optional<transfer> read_transfer(std::string_view json);

struct edge_access {
    std::string address;
    std::string user;
    std::string password;
    std::string wss;
    domain::instant expires_at;
};
std::string encode_edge_access(edge_access const& what);

std::string encode_hotline_now(app::hotline_now const& is, std::uint32_t open_checks);

std::string encode_wait_checks(app::wait_check_page const& page,
                               app::wait_check_question const& asked);

std::string
encode_recordings(std::vector<std::pair<domain::call_id, app::kept_recording>> const& all,
                  domain::duration keeps_for);

} // namespace linli::wire
