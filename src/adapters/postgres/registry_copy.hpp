#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "adapters/postgres/connection_pool.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "app/foresight.hpp"
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

std::shared_ptr<app::foreseen_devices const> read_foreseen(pqxx::transaction_base& in);

// Makes the copy, and what presses are decided by in memory, on a thread and a connection of its
// own.
class registry_copier {
public:
    registry_copier(std::string url, key_ring keys, std::filesystem::path file);

    struct refreshed {
        domain::duration took;                                // or the attempt
        std::shared_ptr<app::foreseen_devices const> devices; // null: as they were
    };
    // Written anew if the registry's version has moved since this object wrote it last. Never
    // throws: what hinders it goes to the log.
    runtime::task<refreshed> refresh(domain::instant now);
    void stop() { threads_.stop(); }

private:
    using foreseen = std::shared_ptr<app::foreseen_devices const>;
    foreseen refresh_now(pqxx::connection& on, domain::instant now);

    key_ring keys_;
    std::filesystem::path file_;
    std::optional<std::int64_t> written_;
    connection_pool connections_;
    runtime::blocking_pool threads_;
};

} // namespace linli::postgres
