#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/task.hpp"

namespace linli::postgres {

// The database's word on which server receives, or holds the hotline: a lock of the session, held
// by a connection of its own for as long as that lives. The database is the installation's, so the
// lock needs no name beside what it is for.
//
// A dead or cut-off holder must not keep it: both ends of the connection look for each other every
// second and give it up after a few. A connection that was lost is never noticed later than by the
// next ask().
class ingest_lock {
public:
    enum class word : std::uint8_t {
        ours,
        anothers,
        nobodys,   // only after a look
        not_known, // the database is away, or an earlier connection of ours still has it
    };
    struct answer {
        word says = word::not_known;
        std::string holder; // with `anothers`: its id, if the database may tell
        std::string why;    // with `not_known`
    };

    struct duty {
        int number;
        std::string_view application; // of its connection
    };
    static constexpr duty of_ingest{1, "linli-ingest-"};
    static constexpr duty of_hotline{2, "linli-hotline-"};

    // `server_id` tells us from the others; a plain word.
    ingest_lock(std::string url, std::string server_id, duty what = of_ingest);
    ingest_lock(ingest_lock const&) = delete;
    ingest_lock& operator=(ingest_lock const&) = delete;
    ~ingest_lock();

    enum class wish : std::uint8_t { take, look };

    // Makes sure that we still have the lock when we had; otherwise takes it when it is free, or
    // only looks. Answers within about 4 s, whatever becomes of the database. One at a time.
    runtime::task<answer> ask(wish for_what);

    // Gives it back: another may have it at once.
    runtime::task<void> give_back();

private:
    class holding_connection;
    std::unique_ptr<holding_connection> held_;
};

} // namespace linli::postgres
