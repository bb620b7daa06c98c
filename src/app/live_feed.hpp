#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/clock.hpp"
#include "app/desk_reading.hpp"
#include "app/record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A line of the queue as it goes out: encoded once, whoever gets it.
struct live_line {
    std::string id;
    line_mark mark;
    std::vector<domain::area_id> areas; // who may see it
    bool is_open = true;
    bool is_emergency = false; // P1, it rings, and nobody has claimed it
    domain::priority level = domain::priority::p1;
    domain::instant opened_at;
    std::shared_ptr<std::string const> json; // a WorkLine
};

// All that is open, as the pages see it, and what has changed in which order. Each server has its
// own: after a commit of its own it reads the lines that changed; after somebody else's, and every
// two seconds, it compares marks with the tables, so nothing that was committed late is passed
// over. A sequence belongs to one epoch, which is one start of one server; each change of a line
// has its own.
//
// Only what moves a line's mark is news: a name that the registry has changed is seen with the
// line's next change, or in the next epoch.
//
// Lives on the loop; a reader is called on it.
class live_feed {
public:
    using encoder = std::function<std::string(work_line const&)>; // must not throw

    // In the order of its taking: first the lines, then what is gone. A line that was closed is
    // among both, once: the line says how it ended.
    struct update {
        std::uint64_t after = 0;
        std::uint64_t sequence = 0;
        bool is_snapshot = false;
        std::vector<std::shared_ptr<live_line const>> lines; // emergencies first, then by level
        std::vector<std::string> gone;
    };
    // One page's view: an area and all below it.
    class reader {
    public:
        virtual ~reader() = default;
        virtual domain::area_id const& area() const = 0;
        virtual void changed() = 0; // something new may be taken; must not throw, may remove()
    };

    live_feed(desk_reading& from, clock& time, encoder encode);
    ~live_feed();

    std::string const& epoch() const;
    std::uint64_t sequence() const;
    // The tables were compared, and all that differed was read, in the last five seconds.
    bool is_fresh() const;

    // Own commits: read at once, together with what else comes while a read is under way. Never
    // waits.
    void committed(changes const& what);
    void committed(domain::call_id const& what);
    // Another server has committed something.
    void hinted();
    runtime::task<void> run(); // until cancelled

    // What a page that stands at `after` of `epoch` lacks; a snapshot if that is too long ago or
    // of another epoch. Bounded: of the changes to one line only the last is told.
    update since(std::string const& epoch, std::uint64_t after, domain::area_id const& area) const;

    // An open line that no page of that area shows.
    bool is_out_of_sight(std::string const& id, domain::area_id const& area) const;

    // So many changes can be told one by one; whoever stands further back gets a snapshot.
    static constexpr std::size_t most_changes = 10'000;

    void add(reader& who);
    void remove(reader& who);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace linli::app
