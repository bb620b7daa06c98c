#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "app/device_lines.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::app {

// Whose device it is, and roughly where.
struct copied_device {
    domain::resident_id resident;
    domain::home_id home;
    domain::area_id area;
    std::string rough_place;
    bool synthetic = false; // the house's own: nobody is rung for it

    bool operator==(copied_device const&) const = default;
};

// The devices of a whole city, some eighty bytes each: they are read one at a time, and only while
// the database is away.
class copied_devices {
public:
    // Each once. Then sort(), before anything is looked for.
    void append(domain::device_id const& id, copied_device const& what);
    void append(std::string_view line) { lines_.append(line); }
    void sort() { lines_.sort(); }

    std::optional<copied_device> find(domain::device_id const& id) const;
    std::size_t size() const { return lines_.size(); }
    bool empty() const { return lines_.empty(); }
    void each_line(std::function<void(std::string_view)> const& take) const { lines_.each(take); }

private:
    device_lines lines_;
};

// What the duty telephone must hear while the database is away: whose device it is, roughly where,
// and who has duty there. It has no name, telephone or door of a resident: staff hear none over a
// gateway, and what lies on a disk can't be deleted with the resident's key.
struct registry_copy {
    struct area {
        domain::area_id parent;
        domain::site_id served_by; // empty: as its parent
    };
    struct site {
        domain::site_id parent;
        int opens = 0; // minute of the local day
        int closes = 1440;
        std::string duty_phone;

        bool operator==(site const&) const = default;
    };

    std::int64_t version = 0; // of the registry
    domain::instant taken_at;
    std::unordered_map<domain::area_id, area> areas;
    std::unordered_map<domain::site_id, site> sites;
    copied_devices devices;
};

struct duty_desk {
    domain::site_id site;
    std::string phone;

    bool operator==(duty_desk const&) const = default;
};

// The duty telephone of the site that serves the area, or of the next one above it that has one; of
// those that are open at this minute of the day first.
std::optional<duty_desk> duty_desk_for(registry_copy const& known, domain::area_id area,
                                       int minute_of_day);
// The site itself, whether it has a telephone or not.
domain::site_id site_serving(registry_copy const& known, domain::area_id area);

// One line a thing, in blocks for a file that seals each of them, so that neither who writes it nor
// who reads it needs a city twice.
class registry_copy_writer {
public:
    using put_block = std::function<void(std::string const& block)>;

    // `head` has no devices: they come one by one.
    registry_copy_writer(registry_copy const& head, put_block put);

    void add(domain::device_id const& id, copied_device const& what);
    void add_line(std::string_view device);
    void end();

private:
    void begin_block();

    std::string first_line_;
    put_block put_;
    std::string block_;
    std::size_t number_ = 0;
};

// Takes the blocks in their order; whole only if none is missing, doubled or another's.
class registry_copy_reader {
public:
    bool take(std::string_view block); // false: it is no such block
    std::optional<registry_copy> whole() &&;

private:
    bool take_first_line(std::string_view line);
    bool take_line(std::string_view line);

    registry_copy into_;
    std::string first_line_;
    std::size_t number_ = 0;
    bool has_ended_ = false;
};

} // namespace linli::app
