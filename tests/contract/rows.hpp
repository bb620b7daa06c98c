#pragma once

#include <cstdint>
#include <string>

#include "app/record.hpp"
#include "support/evening.hpp"

namespace linli::tests {

// Ids by number: the same kind and number, the same id; a higher number sorts later.
template <class Id>
constexpr std::uint8_t first_byte_of = 1; // an alert's
template <>
inline constexpr std::uint8_t first_byte_of<domain::request_id> = 2;
template <>
inline constexpr std::uint8_t first_byte_of<domain::order_id> = 3;
template <>
inline constexpr std::uint8_t first_byte_of<domain::offer_id> = 4;

template <class Id>
Id numbered(std::uint8_t number) {
    Id id;
    id.value.bytes[0] = first_byte_of<Id>;
    id.value.bytes[15] = number;
    return id;
}

domain::alert open_alert(std::uint8_t number, std::string resident = "r1");
// Nobody is rung for it yet.
domain::alert counted_down(domain::alert a);
domain::alert closed(domain::alert a);
domain::request open_request(std::uint8_t number, std::string resident = "r1");
// For the alert of the same number.
domain::order order_for(domain::alert const& a, std::uint8_t number);
domain::order order_for(domain::request const& r, std::uint8_t number);
domain::offer offer_of(domain::order const& o, std::uint8_t number, std::string worker = "k1");
// The worker of this offer holds the order.
domain::order held_by(domain::order o, domain::offer const& f, domain::order_state state);

app::stored_signal signal_of(std::string const& event, std::string const& device);
app::chained_line line(app::chain_of of, domain::uuid const& chain, std::string why);
app::outbox_row outbox_row(std::uint8_t number, domain::instant due_at);

// What a batch asks for: ids, and these.
struct signal_from {
    std::string device;
    std::string event = device + ":9:9";
};
struct accept_of {
    domain::offer_id shown;
};

void want(app::wanted& all, domain::alert_id const& id);
void want(app::wanted& all, domain::request_id const& id);
void want(app::wanted& all, domain::order_id const& id);
void want(app::wanted& all, domain::offer_id const& id);
void want(app::wanted& all, domain::subject const& about);
void want(app::wanted& all, signal_from const& s);
void want(app::wanted& all, accept_of const& a);

template <class... What>
app::wanted wants(What const&... what) {
    app::wanted all;
    (want(all, what), ...);
    return all;
}

void add(app::changes& to, domain::alert const& row);
void add(app::changes& to, domain::request const& row);
void add(app::changes& to, domain::order const& row);
void add(app::changes& to, domain::offer const& row);
void add(app::changes& to, app::stored_signal const& row);
void add(app::changes& to, app::chained_line const& row);
void add(app::changes& to, app::outbox_row const& row);

template <class... Rows>
app::changes changes_of(Rows const&... rows) {
    app::changes all;
    all.at = evening;
    (add(all, rows), ...);
    return all;
}

} // namespace linli::tests
