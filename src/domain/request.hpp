#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/errc.hpp"
#include "domain/ids.hpp"
#include "domain/log_line.hpp"
#include "domain/named.hpp"
#include "domain/priority.hpp"
#include "domain/signal.hpp"
#include "domain/subject.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class request_state : std::uint8_t { open, closed };

template <>
struct names<request_state> {
    static constexpr std::array<std::pair<request_state, std::string_view>, 2> table{{
        {request_state::open, "open"},
        {request_state::closed, "closed"},
    }};
};

// What somebody asked for; by the green key: to be rung back. Leads to 0..n orders. Its clock says
// when the ring-back is late, and again until somebody has rung.
struct request {
    request_id id;
    subject about;
    area_id area;
    home_id home;
    event_id first_event;
    event_id last_event;
    priority level = priority::p3;
    request_state state = request_state::open;
    std::uint32_t signals = 1;
    instant opened_at;
    std::optional<instant> due_at; // never empty while open
    std::optional<instant> closed_at;
    std::uint32_t version = 0;

    bool operator==(request const&) const = default;
};

struct request_outcome {
    request next;
    log_line line;
};

// "device:w1/installation": a worker puts it into its home. A device's own green key, while it is
// registered for nobody, is a request about "device:w1".
subject installation_subject(device_id const& device);
bool is_installation(subject const& about);
device_id installed_device(subject const& installation);

request_outcome open_request(request first, device_id const& device, seconds ring_back_within,
                             instant now);
// Another press of the green key.
request_outcome join_request(request const& current, event_id const& event, device_id const& device,
                             instant now);
// The ring-back is late: P2 from now on, asked again after `again_in`.
request_outcome ring_back_late(request const& current, seconds again_in, instant now);
// An installation is not done yet: somebody should look, again after `again_in`.
request_outcome installation_late(request const& current, seconds again_in, instant now);
// Its order has ended so.
request_outcome end_installation(request const& current, std::string_view how, instant now);
// Of what was asked for by telephone and is booked at once: closed from its first line.
request_outcome booked_at_once(request first, operator_id const& who, std::string const& number,
                               instant now);
// What was asked for is booked, as the order of that number.
result<request_outcome> end_by_booking(request const& current, operator_id const& who,
                                       std::string const& number, instant now);
result<request_outcome> end_request(request const& current, operator_id const& who,
                                    std::string const& text, instant now);

} // namespace linli::domain
