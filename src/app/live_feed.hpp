#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/clock.hpp"
#include "app/desk_reading.hpp"
#include "app/record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A line of the queue as it goes out: encoded once, whoever gets it.
struct live_line {
    std::string id;
    std::vector<domain::area_id> areas; // who may see it
    bool is_open = true;
    bool is_emergency = false;               // P1 and nobody has claimed it
    std::shared_ptr<std::string const> json; // a WorkLine
};

// All that is open, as the pages see it, and what has changed in which order. Each server has its
// own: after a commit of its own it reads the lines that changed; after somebody else's, and every
// two seconds, it compares versions with the tables, so nothing that was committed late is passed
// over. A sequence belongs to one epoch, which is one start of one server.
//
// Lives on the loop; a reader is called on it.
class live_feed {
public:
    using encoder = std::function<std::string(work_line const&)>;

    struct update {
        std::uint64_t after = 0;
        std::uint64_t sequence = 0;
        bool is_snapshot = false;
        std::vector<std::shared_ptr<live_line const>> lines;
        std::vector<std::string> gone;
    };
    // One page's view: an area and all below it.
    class reader {
    public:
        virtual ~reader() = default;
        virtual domain::area_id const& area() const = 0;
        virtual void changed() = 0; // something new may be taken; must not throw
    };

    live_feed(desk_reading& from, clock& time, encoder encode);
    ~live_feed();

    std::string const& epoch() const;
    std::uint64_t sequence() const;
    bool is_fresh() const; // the tables have been compared in the last few seconds

    // Own commits, at once; never waits.
    void committed(changes const& what);
    // Another server has committed something.
    void hinted();
    runtime::task<void> run(); // for ever

    // What a page that stands at `after` of `epoch` lacks; a snapshot if that is too long ago or
    // of another epoch. Bounded: of the changes to one line only the last is told.
    update since(std::string const& epoch, std::uint64_t after, domain::area_id const& area) const;

    void add(reader& who);
    void remove(reader& who);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace linli::app
