#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "app/carrier.hpp"
#include "app/clock.hpp"
#include "app/id_source.hpp"
#include "app/placed_call_record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Carries letters by the house's own voice: our hotline rings the person and speaks. Only the key
// that he presses says that he has it. Whichever server this is, the one that holds the hotline
// does it, so the wish and what came of it go through the record.
class house_voice final : public carrier {
public:
    struct ports {
        placed_call_record& keeper;
        app::clock& time;
        id_source& ids;
        std::function<void()> asked = {}; // for a call; must not throw
    };

    explicit house_voice(ports with) : with_(std::move(with)) {}

    // From wish to end: it begins, rings, and says the longest notice twice. A call that isn't over
    // by then counts as silent.
    static constexpr domain::seconds longest{300};
    static constexpr domain::seconds begins_within{20};

    bool carries(domain::channel by) const override { return by == domain::channel::voice; }
    void carry(letter what, std::function<void(carried)> done) override;

    // Until cancelled.
    runtime::task<void> run();

private:
    using teller = std::function<void(carried)>;
    struct waiting {
        teller tell;
        domain::instant until;
    };

    runtime::task<void> ask();
    runtime::task<void> look();
    void tell(domain::uuid const& id, carried what);

    ports with_;
    bell bell_; // ends run()'s wait
    std::vector<std::pair<placed_call, teller>> fresh_;
    std::map<domain::uuid, waiting> asked_;
};

} // namespace linli::app
