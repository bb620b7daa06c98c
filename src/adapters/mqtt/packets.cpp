#include "adapters/mqtt/packets.hpp"

#include <boost/system/errc.hpp>

namespace linli::mqtt::packets {

namespace {

namespace errc = boost::system::errc;

// Takes fields from the front. After a field that isn't there, `whole` is false for good.
class field_reader {
public:
    explicit field_reader(std::string_view bytes) : left_(bytes) {}

    bool whole() const { return whole_; }
    std::string_view rest() const { return left_; }

    std::string_view take(std::size_t size) {
        if (!whole_ || left_.size() < size) {
            whole_ = false;
            return {};
        }
        auto const taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }

    std::uint8_t byte() {
        auto const taken = take(1);
        return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken[0]);
    }

    std::uint16_t two_bytes() {
        auto const high = byte();
        return static_cast<std::uint16_t>(high << 8 | byte());
    }

    std::string_view text() { return take(two_bytes()); }

    // Section 1.5.5: seven bits a byte, the lowest first, four bytes at most.
    std::uint32_t variable() {
        std::uint32_t value = 0;
        for (unsigned shift = 0; shift < 28; shift += 7) {
            auto const next = byte();
            value |= static_cast<std::uint32_t>(next & 0x7FU) << shift;
            if (next < 0x80) return value;
        }
        whole_ = false;
        return 0;
    }

private:
    std::string_view left_;
    bool whole_ = true;
};

struct properties {
    std::optional<std::string_view> content_type;
    std::optional<std::uint16_t> keep_alive_s;
    std::optional<std::uint16_t> receive_maximum;
};

// Section 2.2.2.2. False: no such property.
bool read_property(field_reader& from, properties& into) {
    switch (from.byte()) {
    case 0x03:
        into.content_type = from.text();
        return true;
    case 0x13:
        into.keep_alive_s = from.two_bytes();
        return true;
    case 0x01:
    case 0x17:
    case 0x19:
    case 0x24:
    case 0x25:
    case 0x28:
    case 0x29:
    case 0x2A:
        from.take(1);
        return true;
    case 0x21:
        into.receive_maximum = from.two_bytes();
        return true;
    case 0x22:
    case 0x23:
        from.take(2);
        return true;
    case 0x02:
    case 0x11:
    case 0x18:
    case 0x27:
        from.take(4);
        return true;
    case 0x0B:
        from.variable();
        return true;
    case 0x08:
    case 0x09:
    case 0x12:
    case 0x15:
    case 0x16:
    case 0x1A:
    case 0x1C:
    case 0x1F:
        from.text();
        return true;
    case 0x26:
        from.text();
        from.text();
        return true;
    default:
        return false;
    }
}

std::optional<properties> read_properties(field_reader& from) {
    field_reader inside(from.take(from.variable()));
    if (!from.whole()) return std::nullopt;
    properties found;
    while (!inside.rest().empty())
        if (!read_property(inside, found) || !inside.whole()) return std::nullopt;
    return found;
}

void put_two_bytes(std::string& out, std::size_t value) {
    out += static_cast<char>(value >> 8 & 0xFFU);
    out += static_cast<char>(value & 0xFFU);
}

void put_text(std::string& out, std::string_view text) {
    put_two_bytes(out, text.size());
    out += text;
}

void put_packet(std::string& out, unsigned first_byte, std::string_view body) {
    out += static_cast<char>(first_byte);
    auto left = body.size();
    do {
        auto const seven_bits = left & 0x7FU;
        left >>= 7;
        out += static_cast<char>(left > 0 ? seven_bits | 0x80U : seven_bits);
    } while (left > 0);
    out += body;
}

} // namespace

boost::system::result<std::optional<frame>> first_frame(std::string_view bytes) {
    if (bytes.empty()) return std::nullopt;
    field_reader header(bytes);
    auto const first = header.byte();
    auto const length = header.variable();
    if (!header.whole()) {
        if (bytes.size() < 5) return std::nullopt;
        return errc::make_error_code(errc::bad_message);
    }
    if (length > largest) return errc::make_error_code(errc::message_size);
    auto const header_size = bytes.size() - header.rest().size();
    if (header.rest().size() < length) return std::nullopt;
    return frame{static_cast<kind>(first >> 4), static_cast<std::uint8_t>(first & 0x0FU),
                 header.rest().substr(0, length), header_size + length};
}

std::optional<connack> read_connack(frame const& from) {
    field_reader fields(from.body);
    connack read;
    read.session_present = (fields.byte() & 1U) != 0;
    read.reason = fields.byte();
    if (!fields.whole()) return std::nullopt;
    if (fields.rest().empty()) return read; // a broker of MQTT 3 refuses us so
    auto const more = read_properties(fields);
    if (!more) return std::nullopt;
    read.keep_alive_s = more->keep_alive_s;
    read.receive_maximum = more->receive_maximum.value_or(read.receive_maximum);
    if (read.receive_maximum == 0) return std::nullopt;
    return read;
}

std::optional<publish> read_publish(frame const& from) {
    field_reader fields(from.body);
    publish read;
    read.topic = fields.text();
    auto const quality = from.flags >> 1 & 3;
    if (quality > 1) return std::nullopt; // we subscribe with QoS 1
    if (quality == 1) read.id = fields.two_bytes();
    auto const more = read_properties(fields);
    if (!fields.whole() || !more || (quality == 1 && read.id == 0)) return std::nullopt;
    read.content_type = more->content_type;
    read.payload = fields.rest();
    return read;
}

std::optional<puback> read_puback(frame const& from) {
    field_reader fields(from.body);
    puback read;
    read.id = fields.two_bytes();
    if (!fields.whole()) return std::nullopt;
    if (!fields.rest().empty()) read.reason = fields.byte(); // left out when it is 0
    return read;
}

std::optional<suback> read_suback(frame const& from) {
    field_reader fields(from.body);
    suback read;
    read.id = fields.two_bytes();
    auto const more = read_properties(fields);
    if (!fields.whole() || !more) return std::nullopt;
    read.reasons = fields.rest();
    return read;
}

std::uint8_t read_disconnect(frame const& from) {
    return from.body.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(from.body[0]);
}

void put_connect(std::string& out, connect const& what) {
    bool const has_will = !what.last_will.topic.empty();
    unsigned flags = what.user.empty() ? 0x00 : 0xC0;
    if (what.clean_start) flags |= 0x02U;
    if (has_will) flags |= 0x2CU; // retained, QoS 1
    std::string body;
    put_text(body, "MQTT");
    body += '\x05';
    body += static_cast<char>(flags);
    put_two_bytes(body, what.keep_alive_s);
    body += '\x05'; // bytes of properties
    body += '\x11'; // session expiry
    put_two_bytes(body, what.session_expiry_s >> 16);
    put_two_bytes(body, what.session_expiry_s);
    put_text(body, what.client_id);
    if (has_will) {
        body += '\0'; // no properties
        put_text(body, what.last_will.topic);
        put_text(body, what.last_will.payload);
    }
    if (!what.user.empty()) {
        put_text(body, what.user);
        put_text(body, what.password);
    }
    put_packet(out, 0x10, body);
}

void put_publish(std::string& out, std::uint16_t id, std::string_view topic,
                 std::string_view payload, bool retained) {
    std::string body;
    body.reserve(topic.size() + payload.size() + 5);
    put_text(body, topic);
    put_two_bytes(body, id);
    body += '\0'; // no properties
    body += payload;
    put_packet(out, retained ? 0x33 : 0x32, body);
}

void put_subscribe(std::string& out, std::uint16_t id, std::span<std::string const> filters) {
    std::string body;
    put_two_bytes(body, id);
    body += '\0'; // no properties
    for (auto const& filter : filters) {
        put_text(body, filter);
        body += '\x11'; // QoS 1; retained ones only if the subscription is new
    }
    put_packet(out, 0x82, body);
}

void put_puback(std::string& out, std::uint16_t id) {
    out += "\x40\x02";
    put_two_bytes(out, id);
}

void put_pingreq(std::string& out) {
    out.append("\xC0\0", 2);
}

void put_disconnect(std::string& out) {
    out.append("\xE0\0", 2);
}

} // namespace linli::mqtt::packets
