#include "system/faults/line_faults.hpp"

namespace linli::tests::faults {

namespace {

void all_lines(trial& t, manner how) {
    for (auto* each : {&t.field_line(), &t.broker_line(), &t.database_line()})
        each->becomes(how);
}

void all_lines_for_long(trial& t, manner how) {
    all_lines(t, how);
    t.lasts_long();
    all_lines(t, manner::straight);
}

} // namespace

void line_to_broker_drops_all(trial& t) {
    t.network().cuts(t.tls_port());
    t.lasts_long();
    t.network().mends();
}

void line_to_database_drops_all(trial& t) {
    t.network().cuts(trial::database_port);
    t.lasts_long();
    t.network().mends();
}

// What the server sends arrives: the broker goes on hearing from it.
void server_does_not_hear_broker(trial& t) {
    t.network().hears_nothing_from(t.tls_port());
    t.lasts_long();
    t.network().mends();
}

// What it asks is done there, and it never hears that it was.
void server_does_not_hear_database(trial& t) {
    t.network().hears_nothing_from(trial::database_port);
    t.lasts_long();
    t.network().mends();
}

void all_lines_are_cut(trial& t) {
    all_lines_for_long(t, manner::cut);
}

void all_lines_are_half_open(trial& t) {
    all_lines_for_long(t, manner::silent);
}

void all_lines_are_slow(trial& t) {
    all_lines_for_long(t, manner::slow);
}

void all_lines_are_delayed(trial& t) {
    all_lines_for_long(t, manner::delayed);
}

void all_lines_reorder(trial& t) {
    all_lines_for_long(t, manner::reordered);
}

} // namespace linli::tests::faults
