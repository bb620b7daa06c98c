// Life services: the catalogue, bookings and complaints (booking.proto), as ProtoJSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/booking_reading.hpp"
#include "app/complaint_record.hpp"
#include "domain/service.hpp"

namespace linli::wire {

// Reading: nothing if it is no JSON of that shape; texts are cleaned.

struct new_booking {
    std::string resident;
    std::string service;
    std::optional<domain::instant> from;
    std::optional<domain::instant> until;
    std::string words;
    std::string request;
};
std::optional<new_booking> read_new_booking(std::string_view json);

struct booking_move {
    std::optional<domain::instant> from;
    std::optional<domain::instant> until;
    std::string text;
    std::string if_state;
};
std::optional<booking_move> read_booking_move(std::string_view json);

struct new_complaint {
    std::string order;
    std::string alert;
    std::string worker;
    std::string against;
    std::string kind;
    std::string complainer;
    std::string words;
};
std::optional<new_complaint> read_new_complaint(std::string_view json);

struct bookable_person {
    std::string id;
    std::string name;
    std::string phone;
    std::string home;
    std::string status;
};

std::string encode_catalogue(domain::catalogue const& all);
std::string encode_people(std::vector<bookable_person> const& people);
std::string encode_booking(app::booking_line const& line);
std::string encode_bookings(app::booking_page const& page, app::booking_question const& asked);
std::string encode_complaint(app::complaint_line const& line);
std::string encode_complaints(app::complaint_page const& page,
                              app::complaint_question const& asked);

} // namespace linli::wire
