// What the administration says and hears of whose data goes (office.proto), as ProtoJSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/erasure_record.hpp"
#include "app/erasure_times.hpp"

namespace linli::wire {

struct erasure_ask {
    std::string reason;
    std::string wished_on;
};
std::optional<erasure_ask> read_erasure_ask(std::string_view json);
// Why; nothing if it is no JSON of that shape.
std::optional<std::string> read_erasure_withdrawal(std::string_view json);

std::string encode_erasures(app::erasure_page const& page, app::erasure_question const& asked);

struct erasure_seen {
    domain::resident_id who;
    domain::erasure_standing now;
    std::vector<domain::erasure> before;
};
std::string encode_erasure_standing(erasure_seen const& what, app::erasure_times const& kept);

} // namespace linli::wire
