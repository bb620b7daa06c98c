#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/call_placer.hpp"
#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/id_source.hpp"
#include "app/notice_text.hpp"
#include "app/offer_call_record.hpp"
#include "app/placed_call_record.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::app {

// Rings whoever is asked whether he takes an urgent order, where he hasn't answered by himself. His
// key becomes the same reply as his app's; what has come of it he hears before he hangs up. The
// offer went by MQTT long before, and goes its way whatever becomes of the call. On the server that
// holds the hotline; all of it stands in the record, so another holder goes on. On the loop.
class offer_calls {
public:
    struct ports {
        offer_call_record& keeper;
        placed_call_record& placed;
        call_placer& placer;
        dispatch& into;
        app::clock& time;
        id_source& ids;
        notice_texts const& texts;
    };
    struct settings {
        std::string callback; // the number that he may ring
        domain::offer_call_times times = {};
        std::string language = "zh"; // of the people of the house
    };

    offer_calls(ports with, settings how) : with_(with), how_(std::move(how)) {}

    static constexpr domain::seconds begins_within{10};

    // Runs until the scope stops, and lives longer.
    void start(runtime::work_scope& tasks);

    // For the placer: whoever is asked in that call has pressed it.
    void pressed(placed_call const& call, char key);

private:
    // Whose reply it is.
    struct asked {
        domain::provider_id provider;
        domain::worker_id worker;
    };

    runtime::task<void> run();
    runtime::task<void> ring();
    runtime::task<void> settle();
    runtime::task<bool> settle(offer_call_over what);
    runtime::task<void> answer(placed_call call, domain::reply what, bool is_by_company);
    domain::reply reply_of(domain::uuid const& call, domain::offer_id const& offer,
                           domain::provider_id const& by, domain::reply_kind kind) const;
    placed_call wish_for(offer_by_telephone const& o) const;
    offer_words const& words() const;

    ports with_;
    settings how_;
    runtime::work_scope* tasks_ = nullptr;
    std::map<domain::uuid, asked> asked_; // by the calls that run
    std::set<domain::uuid> pressed_;      // in which somebody has answered by a key
    std::set<domain::uuid> answered_;     // and the record has his reply
};

} // namespace linli::app
