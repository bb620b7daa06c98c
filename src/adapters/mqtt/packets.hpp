#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

// The part of MQTT 5 (OASIS standard, 7 March 2019) that we speak: bytes to packets and back,
// without a connection. What is read comes from outside; views point into what was given.
namespace linli::mqtt::packets {

// A broker has no reason to send a larger one: ours takes 256 KiB at most (config/mosquitto).
inline constexpr std::size_t largest = 16U << 20;

// Reasons from here on are refusals (section 2.4).
inline constexpr std::uint8_t refused = 0x80;

enum class kind : std::uint8_t {
    connack = 2,
    publish = 3,
    puback = 4,
    suback = 9,
    pingresp = 13,
    disconnect = 14,
};

struct frame {
    kind what{}; // any four bits
    std::uint8_t flags = 0;
    std::string_view body;
    std::size_t size = 0; // with its header
};

// The packet at the beginning; nullopt while it isn't whole. Error: this is not MQTT, or too large.
boost::system::result<std::optional<frame>> first_frame(std::string_view bytes);

struct connack {
    bool session_present = false;
    std::uint8_t reason = 0;
    std::optional<std::uint16_t> keep_alive_s; // the broker's wish, instead of ours
    std::uint16_t receive_maximum = 65'535;    // of ours that it has not acknowledged
};

struct publish {
    std::string_view topic;
    std::string_view payload;
    std::optional<std::string_view> content_type;
    std::uint16_t id = 0; // 0: QoS 0, not to be acknowledged
};

struct puback {
    std::uint16_t id = 0;
    std::uint8_t reason = 0;
};

struct suback {
    std::uint16_t id = 0;
    std::string_view reasons; // a byte for each filter
};

// nullopt: malformed.
std::optional<connack> read_connack(frame const& from);
std::optional<publish> read_publish(frame const& from);
std::optional<puback> read_puback(frame const& from);
std::optional<suback> read_suback(frame const& from);
std::uint8_t read_disconnect(frame const& from); // the reason; 0 if it gives none

// What the broker says for us when we are gone without a goodbye; retained, QoS 1.
struct will {
    std::string topic; // empty: none
    std::string payload;
};

struct connect {
    std::string_view client_id;
    std::string_view user; // empty: neither user nor password
    std::string_view password;
    std::uint16_t keep_alive_s = 0;
    bool clean_start = false; // true: without the session that there may be
    std::uint32_t session_expiry_s = 0;
    will const& last_will;
};

// Each puts one packet behind what `out` holds. Texts are at most 65,535 bytes.
void put_connect(std::string& out, connect const& what);
// QoS 1.
void put_publish(std::string& out, std::uint16_t id, std::string_view topic,
                 std::string_view payload, bool retained);
// QoS 1. A retained message comes once for a new subscription, not with every connection.
void put_subscribe(std::string& out, std::uint16_t id, std::span<std::string const> filters);
void put_puback(std::string& out, std::uint16_t id);
void put_pingreq(std::string& out);
void put_disconnect(std::string& out);

} // namespace linli::mqtt::packets
