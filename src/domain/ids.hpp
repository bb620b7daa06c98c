#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace linli::domain {

// The name of something that an installation registered, as its people write it: "R000123".
// Tag keeps a resident's id from being passed for a device's.
template <class Tag>
struct text_id {
    std::string value;

    bool empty() const { return value.empty(); }
    auto operator<=>(text_id const&) const = default;
};

using area_id = text_id<struct area_tag>; // official code of 区划
using site_id = text_id<struct site_tag>;
using home_id = text_id<struct home_tag>;
using resident_id = text_id<struct resident_tag>;
using contact_id = text_id<struct contact_tag>;
using device_id = text_id<struct device_tag>;     // without the broker's "d-"
using provider_id = text_id<struct provider_tag>; // without the broker's "p-"
using worker_id = text_id<struct worker_tag>;
using operator_id = text_id<struct operator_tag>;
using service_id = text_id<struct service_tag>;

// 128 bits, version 7 (RFC 9562): sorts by the time of its making.
struct uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(uuid const&) const = default;
};

// The canonical form, 36 characters.
std::string to_string(uuid const& id);
std::optional<uuid> parse_uuid(std::string_view text);

// The name of a record that the house makes itself, before its transaction, so that a retry
// writes the same row.
template <class Tag>
struct record_id {
    uuid value;

    auto operator<=>(record_id const&) const = default;
};

template <class Tag>
std::string to_string(record_id<Tag> const& id) {
    return to_string(id.value);
}

using signal_id = record_id<struct signal_tag>;
using alert_id = record_id<struct alert_tag>;
using request_id = record_id<struct request_tag>;
using order_id = record_id<struct order_tag>;
using offer_id = record_id<struct offer_tag>;
using outage_id = record_id<struct outage_tag>;

} // namespace linli::domain

template <class Tag>
struct std::hash<linli::domain::text_id<Tag>> {
    std::size_t operator()(linli::domain::text_id<Tag> const& id) const noexcept {
        return std::hash<std::string>{}(id.value);
    }
};
