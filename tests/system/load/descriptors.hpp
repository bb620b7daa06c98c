#pragma once

namespace linli::tests::load {

// Before a process is started: it shall not inherit the field's sockets (libmosquitto marks none of
// them), or connections would stay half open and PostgreSQL would find no free descriptor.
void keep_descriptors_to_ourselves();

} // namespace linli::tests::load
