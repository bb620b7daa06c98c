#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "app/health_record.hpp"

namespace linli::app {

// The devices of a whole city in memory, some 100 bytes each: a city has two million. What many
// share (a kind, a door, an area) stands once, what few have (a trouble, an outage) lies aside. A
// device keeps its place until it goes. Nothing here grows by copying it all, because the loop
// waits meanwhile.
class supervised_devices {
public:
    using place = std::uint32_t;
    using parents = std::map<domain::area_id, domain::area_id>;
    using limits_of_kind = std::function<domain::supervision_limits(std::string const&)>;

    explicit supervised_devices(limits_of_kind limits_of);
    supervised_devices(supervised_devices const&) = delete;
    supervised_devices& operator=(supervised_devices const&) = delete;

    void clear();
    void set_parents(parents above);

    std::optional<place> find(domain::device_id const& id) const;
    place add(supervised_device const& device); // of one that is not here
    // False: it has been so.
    bool moves(place p, std::string const& kind, domain::area_id const& area);
    void remove(place p);

    bool is_there(place p) const { return !at(p).id.empty(); }
    place end() const { return static_cast<place>(used_); } // of all places, empty ones too
    std::size_t size() const { return used_ - free_.size(); }
    std::size_t offline() const { return offline_; }
    std::size_t by_broker() const { return by_broker_; } // no other door vouches for them
    int devices_in(domain::area_id const& area) const;   // those below with it

    domain::device_id const& id(place p) const { return at(p).id; }
    std::string const& door(place p) const { return doors_[at(p).door]; }
    bool is_of_broker(place p) const { return is_of_broker(door(p)); }
    domain::area_id const& area(place p) const { return areas_[at(p).area].upwards.front(); }
    // Its area and those above.
    std::vector<domain::area_id> const& upwards(place p) const {
        return areas_[at(p).area].upwards;
    }
    domain::supervision_limits const& held_to(place p) const { return kinds_[at(p).kind].held_to; }
    domain::device_health health(place p) const;
    std::optional<domain::outage_id> outage(place p) const;
    supervised_device whole(place p) const;

    void keep(place p, domain::device_health const& now);
    void heard_by(place p, std::string const& door);
    void belongs_to(place p, std::optional<domain::outage_id> const& outage);
    std::vector<place> in_outage(domain::outage_id const& outage) const;

    // Against what the record has of it.
    bool is_worth_writing(place p) const;
    void is_written(place p, domain::device_health const& what);
    bool becomes_dirty(place p); // false: it was
    bool becomes_clean(place p); // false: it was

    // A reading of all devices: who isn't met in it has gone.
    void begin_round();
    void is_met(place p) { at(p).round = round_; }
    bool was_met(place p) const { return at(p).round == round_; }

    static bool is_of_broker(std::string_view door);

private:
    static constexpr auto never = domain::instant::min();
    static constexpr std::int32_t no_battery = std::numeric_limits<std::int32_t>::min();
    static constexpr std::size_t chunk_size = 1024;
    static constexpr std::size_t shards = 256; // of the index, so that a rehash is short

    struct entry {
        domain::device_id id; // empty: a free place
        domain::instant known_since;
        domain::instant heard_at = never;
        domain::instant pressed_at = never;
        domain::instant broker_said_at;
        domain::instant battery_at;
        domain::instant written_heard_at = never;
        domain::instant written_pressed_at = never;
        std::uint32_t area = 0;
        std::int32_t battery = no_battery;
        std::uint16_t kind = 0;
        std::uint16_t door = 0;
        domain::broker_word at_broker{};
        domain::broker_word written_at_broker{};
        bool has_troubles : 1 = false;
        bool has_outage : 1 = false;
        bool is_known : 1 = false; // stands in the record
        bool is_dirty : 1 = false;
        std::uint8_t round = 0; // the last reading in which it was met
    };
    static_assert(sizeof(entry) <= 104);
    struct trouble_note {
        domain::instant open = never; // since; never: it is not
        domain::instant done;
    };
    struct kind_of {
        std::string word;
        domain::supervision_limits held_to;
    };
    struct area_of {
        std::vector<domain::area_id> upwards;
        int devices = 0; // its own
    };
    struct by_id {
        using is_transparent = void;
        supervised_devices const* of;
        std::string_view text(place p) const { return of->at(p).id.value; }
        static std::string_view text(std::string_view id) { return id; }
        template <class Key>
        std::size_t operator()(Key const& key) const {
            return std::hash<std::string_view>{}(text(key));
        }
        template <class Left, class Right>
        bool operator()(Left const& left, Right const& right) const {
            return text(left) == text(right);
        }
    };
    using index = boost::unordered_flat_set<place, by_id, by_id>;

    entry& at(place p) { return (*chunks_[p / chunk_size])[p % chunk_size]; }
    entry const& at(place p) const { return (*chunks_[p / chunk_size])[p % chunk_size]; }
    index& shard_of(std::string_view id);
    static std::uint64_t trouble_key(place p, std::size_t what) {
        return p * std::uint64_t{domain::troubles} + what;
    }
    place free_place();
    void fill(entry& e, domain::device_health const& h);
    void keep_troubles(place p, domain::device_health const& h);
    void lives_in(entry& e, domain::area_id const& area);
    void leaves_area(entry const& e);
    std::vector<domain::area_id> upwards_from(domain::area_id area) const;
    std::uint16_t number_of_kind(std::string const& kind);
    std::uint16_t number_of_door(std::string const& door);
    std::uint32_t number_of_area(domain::area_id const& area);

    limits_of_kind limits_of_;
    std::vector<std::unique_ptr<std::array<entry, chunk_size>>> chunks_;
    std::size_t used_ = 0;
    std::vector<place> free_;
    std::vector<index> index_;
    std::vector<kind_of> kinds_;
    std::vector<std::string> doors_;
    std::vector<area_of> areas_;
    std::map<domain::area_id, std::uint32_t> area_at_;
    std::map<domain::area_id, int> devices_in_;
    parents above_;
    boost::unordered_flat_map<std::uint64_t, trouble_note> troubles_;
    std::map<place, domain::outage_id> outages_;
    std::size_t offline_ = 0;
    std::size_t by_broker_ = 0;
    std::uint8_t round_ = 0;
};

} // namespace linli::app
