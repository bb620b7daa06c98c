// The parts of console.proto's messages, filled from what a desk reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/wire/parts.hpp"
#include "app/desk_reading.hpp"
#include "linli/v1/console.pb.h"

namespace linli::wire {

// Of whatever bytes: UTF-8 without control characters but line ends and tabs, not without end.
std::string shown_text(std::string_view text);

// Can protobuf write it? It knows the years 1 … 9999.
bool is_writable(domain::instant at);

template <class Message>
void write_time(std::optional<domain::instant> const& at,
                google::protobuf::Timestamp* (Message::*field)(), Message& into) {
    if (at && is_writable(*at)) write_instant(*at, *(into.*field)());
}

void write_order(domain::order const& o, v1::OrderLine& into);
void write_call(app::work_line const& line, v1::WorkLine& into);
void write_line(app::work_line const& line, v1::WorkLine& into);

} // namespace linli::wire
