#include "adapters/wire/command_encoding.hpp"

#include <charconv>

#include "adapters/wire/kinds.hpp"
#include "adapters/wire/parts.hpp"
#include "linli/v1/command.pb.h"

namespace linli::wire {

namespace {

std::uint32_t seconds_of(std::vector<std::string> const& values) {
    std::uint32_t seconds = 0;
    if (!values.empty())
        std::from_chars(values[0].data(), values[0].data() + values[0].size(), seconds);
    return seconds;
}

} // namespace

std::string encode(domain::device_command const& what) {
    v1::Command message;
    message.set_command_id(to_string(what.id));
    message.set_kind(to_wire(what.kind));
    if (what.kind == domain::command_kind::report_every)
        message.set_interval_s(seconds_of(what.values));
    else
        for (auto const& each : what.values)
            message.add_numbers(each);
    write_instant(what.asked_at, *message.mutable_asked_at());
    write_instant(what.expires_at, *message.mutable_expires_at());
    return message.SerializeAsString();
}

} // namespace linli::wire
