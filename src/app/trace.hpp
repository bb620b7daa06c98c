#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "app/input.hpp"
#include "app/outgoing.hpp"
#include "app/record.hpp"
#include "domain/named.hpp"

namespace linli::app {

// What the house does with an event, in this order but for one: while the disk syncs, the loop may
// be deciding already. The last three are a message's.
enum class trace_step : std::uint8_t {
    received, // its bytes, by a door
    written,  // to the journal
    synced,   // on disk: from now on its sender may be told that we have it
    taken,    // out of the journal, by the intake
    begun,    // the try that came through, of its batch
    read,     // the picture, and all else that deciding needs
    decided,
    committed,
    put,          // into the outbox, by a commit
    published,    // to the broker
    acknowledged, // by the broker
};

} // namespace linli::app

template <>
struct linli::domain::names<linli::app::trace_step> {
    using step = linli::app::trace_step;
    static constexpr std::array<std::pair<step, std::string_view>, 11> table{{
        {step::received, "received"},
        {step::written, "written"},
        {step::synced, "synced"},
        {step::taken, "taken"},
        {step::begun, "begun"},
        {step::read, "read"},
        {step::decided, "decided"},
        {step::committed, "committed"},
        {step::put, "put"},
        {step::published, "published"},
        {step::acknowledged, "acknowledged"},
    }};
};

namespace linli::app {

// Where the bytes of an event lie in what is behind the inbox, so that what the doors have noted is
// found again; 0: nowhere. Places that lie near each other are near each other in number.
using journal_place = std::uint64_t;

// Hears of each step where it is done, and takes the time. Whoever tells it waits for nothing and
// looks nothing up for it.
class trace {
public:
    virtual ~trace() = default;

    // Any thread.
    virtual void written(journal_place where) = 0;
    virtual void synced(journal_place where) = 0;

    // On the loop.
    virtual void taken(input const& what, journal_place from) = 0;
    virtual void begun(std::vector<input> const& batch) = 0;
    virtual void read(std::vector<input> const& batch) = 0;
    virtual void decided(std::vector<input> const& batch) = 0;
    virtual void committed(std::vector<input> const& batch, changes const& what) = 0;
    virtual void published(outbox_row const& what) = 0;
    virtual void acknowledged(outbox_row const& what) = 0;
};

// Hears nothing.
class untraced final : public trace {
public:
    void written(journal_place) override {}
    void synced(journal_place) override {}
    void taken(input const&, journal_place) override {}
    void begun(std::vector<input> const&) override {}
    void read(std::vector<input> const&) override {}
    void decided(std::vector<input> const&) override {}
    void committed(std::vector<input> const&, changes const&) override {}
    void published(outbox_row const&) override {}
    void acknowledged(outbox_row const&) override {}
};

// For whoever is not traced.
inline trace& nobody_traces() {
    static untraced nobody;
    return nobody;
}

} // namespace linli::app
