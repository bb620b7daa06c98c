#pragma once

#include "system/faults/trial.hpp"

namespace linli::tests::faults {

// Somebody dies, is frozen, or has forgotten what it knew.

void server_is_killed(trial& t, int times);
void database_is_killed(trial& t, int times);
void broker_is_killed(trial& t, int times);

void server_is_frozen(trial& t);
void database_is_frozen(trial& t);
void broker_is_frozen(trial& t);

void broker_loses_its_sessions(trial& t);
void standby_takes_over(trial& t);
void one_of_two_servers_dies(trial& t);
void servers_clock_is_set_back(trial& t);
void brokers_certificate_expires(trial& t);

} // namespace linli::tests::faults
