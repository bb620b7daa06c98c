#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linli::watch_tcp {

// One "[3G*8809008845*00C0*AL,…]", read as far as it could be. What is missing stays empty.
struct frame {
    std::string maker; // "3G", "SG", "CS", "ZJ"
    std::string id;    // 10 to 15 digits
    std::string index; // four hex digits, of the makers who count their frames
    std::string type;  // "AL_LTE": a word
    std::vector<std::string> fields;

    bool is_closed = false;  // it has its end: no connection broke off, no other frame began
    bool is_counted = false; // and is as long as it says. Real watches get this wrong now and then
};

// Total: any bytes are a frame, if only an empty one. An id in a broken header is found all the
// same.
frame read_frame(std::string_view bytes);

// Bits of a position's status; the upper half are alarms, the lower half are states. A watch sets
// several at once.
enum class status_bit : std::uint8_t {
    low_battery = 0,
    outside_fence = 1,
    inside_fence = 2,
    off_wrist = 3,
    moving = 4,
    charger_removed = 14,
    sos = 16,
    low_battery_alarm = 17,
    left_fence = 18,
    entered_fence = 19,
    removed = 20,
    fall = 21,
    fall_too = 22,
};

struct status {
    std::uint32_t bits = 0;

    bool has(status_bit which) const { return (bits >> static_cast<unsigned>(which) & 1U) != 0; }
};

bool is_type(frame const& f, std::string_view word); // in small letters or in capitals
bool is_alarm(frame const& f);                       // any type that begins with AL
bool is_report(frame const& f);                      // carries a position, and with it the status
bool is_known(frame const& f); // another type that watches send, and that is no call for help

inline constexpr std::size_t place_of_status = 15; // among the fields of an alarm or a report

// Of an alarm or a report: nothing if it is not there, or neither of 4 nor of 8 hex digits.
std::optional<status> status_of(frame const& f);

// Ten to fifteen digits.
bool is_watch_id(std::string_view text);

// A frame of ours; `index` may be empty.
std::string framed(std::string_view maker, std::string_view id, std::string_view index,
                   std::string_view body);

// What the watch waits for, empty if for nothing. To a voice message it gets no answer: nobody
// would hear it, and a watch that is told "taken" tells so to its wearer.
std::string answer_to(frame const& f);

} // namespace linli::watch_tcp
