#pragma once

#include <optional>

#include "adapters/files/device_mapping.hpp"
#include "domain/time.hpp"

namespace linli::cloud_poll {

// From when to when a cloud is asked. One window begins where the last one ended, and a little
// before. After an outage they are an hour long, one behind the other; one that holds too much is
// asked again in halves.
class poll_windows {
public:
    // Without a mark it goes back as far as it may: repeats do no harm.
    poll_windows(files::poll_rule const& by, std::optional<domain::instant> through);

    struct window {
        domain::instant from;
        domain::instant until;
        domain::instant base; // where the last one ended
        bool reaches_now = false;
        bool is_narrowest = false;
        std::optional<domain::instant> lost_since; // what was before `base` is kept no more
    };
    window next(domain::instant now) const;
    void done(window const& what);
    void too_full(window const& what);
    void too_slow(window const& what); // it may hold too much, or the cloud is away

private:
    domain::seconds const back_;
    domain::seconds const overlap_;
    std::optional<domain::instant> through_;
    domain::seconds span_;
};

} // namespace linli::cloud_poll
