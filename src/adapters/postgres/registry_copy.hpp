#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "app/record.hpp"
#include "app/registry_copy.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::postgres {

// The registry copy on this machine's disk: one file of blocks that the key ring sealed, readable
// by the server's user alone, written anew as a whole (temporary file, fsync, rename).
//
// Throws std::system_error when the file can't be written; the old one stays then.
void write_copy(std::filesystem::path const& file, key_ring const& keys,
                app::registry_copy const& copy);
// Nothing when there is none, or it is torn, or its key has gone.
std::optional<app::registry_copy> open_copy(std::filesystem::path const& file,
                                            key_ring const& keys);

// Makes the copy, on a thread and a connection of its own.
class registry_copier {
public:
    registry_copier(std::string url, key_ring keys, std::filesystem::path file);

    // Written anew if the registry's version has moved since this object wrote it last. How long
    // that took, or the attempt. Never throws: what hinders it goes to the log.
    runtime::task<domain::duration> refresh(domain::instant now);
    void stop() { threads_.stop(); }

private:
    bool refresh_now(pqxx::connection& on, domain::instant now);

    key_ring keys_;
    std::filesystem::path file_;
    std::optional<std::int64_t> written_;
    connection_pool connections_;
    runtime::blocking_pool threads_;
};

} // namespace linli::postgres
