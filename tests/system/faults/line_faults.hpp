#pragma once

#include "system/faults/trial.hpp"

namespace linli::tests::faults {

// A line is cut, half open, or bad. Of two networks by iptables, otherwise by our own proxies.

void line_to_broker_drops_all(trial& t);
void line_to_database_drops_all(trial& t);
void server_does_not_hear_broker(trial& t);
void server_does_not_hear_database(trial& t);

void all_lines_are_cut(trial& t);
void all_lines_are_half_open(trial& t);
void all_lines_are_slow(trial& t);
void all_lines_are_delayed(trial& t);
void all_lines_reorder(trial& t);

} // namespace linli::tests::faults
