#include "system/load/fate.hpp"

#include <future>
#include <memory>
#include <stdexcept>

#include <poll.h>
#include <pqxx/pqxx>

#include "adapters/postgres/rows.hpp"

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr auto ready_limit = 60s;
constexpr auto message_limit = 3s; // there is always somebody who presses
constexpr auto last_words = 20ms;  // until what a killed server has sent has arrived

// Of a hundred kills of the server.
constexpr std::uint64_t at_a_message_in_100 = 34;
constexpr std::uint64_t while_starting_in_100 = 16;

// Of a hundred deaths of database and broker.
constexpr std::uint64_t together_in_100 = 34;

} // namespace

fate::fate(premises& where, server_process& server, field& people, ledger& writes,
           std::uint64_t seed)
    : where_(where), server_(server), people_(people), ledger_(writes), dice_(seed) {}

void fate::runs(death_counts left) {
    waits_until_ready();
    while (left.server + left.database + left.broker > 0) {
        switch (draw(left)) {
        case victim::server:
            --left.server;
            server_dies();
            break;
        case victim::database:
            --left.database;
            database_dies(left);
            break;
        case victim::broker:
            --left.broker;
            broker_dies(left);
            break;
        }
    }
    waits_until_ready();
}

victim fate::draw(death_counts const& left) {
    auto const all = static_cast<std::uint64_t>(left.server + left.database + left.broker);
    auto const roll = static_cast<int>(dice_() % all);
    if (roll < left.server) return victim::server;
    return roll < left.server + left.database ? victim::database : victim::broker;
}

steady::duration fate::between(steady::duration shortest, steady::duration longest) {
    auto const spread = static_cast<std::uint64_t>((longest - shortest).count());
    return shortest + steady::duration(static_cast<steady::rep>(dice_() % spread));
}

void fate::server_dies() {
    auto const roll = dice_() % 100;
    if (roll < while_starting_in_100) {
        waits(between(0ms, 150ms)); // since its last start, or a little later
        return strikes(aim::while_starting);
    }
    waits_until_ready();
    if (roll < while_starting_in_100 + at_a_message_in_100) return strikes_at_a_message();
    waits(between(50ms, 800ms));
    strikes(aim::any_time);
}

// Between a commit and its messages, or between two of its messages: the field has just heard one.
void fate::strikes_at_a_message() {
    waits(between(0ms, 300ms));
    auto const heard = std::make_shared<std::promise<void>>();
    people_.at_next_message([this, heard] {
        server_.strike();
        heard->set_value();
    });
    if (heard->get_future().wait_for(message_limit) != std::future_status::ready)
        throw std::runtime_error("no receipt and no offer arrived in time");
    strikes(aim::at_a_message);
}

void fate::strikes(aim how) {
    server_.strike();
    ledger_.died(victim::server, how);
    server_.bury();
    server_.start();
    back_at_ = steady::now();
    if (how != aim::while_starting) looks_who_was_not_told();
}

// The new one takes longer than this to send anything, so what is committed and has no receipt now
// was killed between its commit and its message.
void fate::looks_who_was_not_told() {
    waits(last_words);
    postgres::column waiting;
    for (auto const& event : ledger_.without_receipt())
        waiting.text(event.value);
    try {
        pqxx::connection c(where_.database_url());
        pqxx::nontransaction in(c);
        auto const found = in.exec_params1(
            "select count(*) from signal where event = any ($1::text[])", waiting.literal());
        ledger_.told_late(found[0].as<std::size_t>());
    } catch (pqxx::failure const&) { // the database is away, too
    }
}

void fate::database_dies(death_counts& left) {
    waits(between(0ms, 800ms));
    ledger_.died(victim::database, aim::any_time);
    where_.database().does("kill");
    server_dies_too(left.server);
    waits(between(0ms, 1500ms));
    where_.database().does("start");
    back_at_ = steady::now();
    waits_until_ready();
}

void fate::broker_dies(death_counts& left) {
    waits(between(0ms, 800ms));
    ledger_.died(victim::broker, aim::any_time);
    where_.broker().kill();
    server_dies_too(left.server);
    waits(between(0ms, 1000ms));
    where_.broker_starts();
    back_at_ = steady::now();
    waits_until_ready();
}

void fate::server_dies_too(int& left) {
    if (left == 0 || dice_() % 100 >= together_in_100) return;
    --left;
    waits(between(0ms, 500ms));
    strikes(aim::while_starting);
}

void fate::waits_until_ready() {
    auto const end = steady::now() + ready_limit;
    while (!server_.is_ready()) {
        server_.expect_alive();
        if (steady::now() > end) throw std::runtime_error("the server did not get ready in 60 s");
        ::poll(nullptr, 0, 2);
    }
    if (back_at_) ledger_.got_ready(steady::now() - *back_at_);
    back_at_.reset();
}

void fate::waits(steady::duration time) {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(time).count();
    ::poll(nullptr, 0, static_cast<int>(left));
}

} // namespace linli::tests::load
