#pragma once

#include <map>
#include <set>

#include "app/record.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// What a process takes for the database's time is as old as its answer was under way, so two of
// them may differ by that, and a chain go back by it.
inline constexpr domain::seconds processes_agree_within{7};

// Looks at each commit the moment it is done: what it touched must hold together (design, section
// 4), and must follow from what was there before.
class commit_rules {
public:
    commit_rules(scene& here, bool one_server) : here_(here), has_one_server_(one_server) {}

    void committed(app::changes const& what);

    std::size_t commits() const { return commits_; }
    std::size_t alerts_raised() const { return before_alerts_.size(); }

private:
    void check_signals(app::changes const& what);
    void check_join(app::stored_signal const& s, domain::plan const& of_kind,
                    app::changes const& in);
    bool somebody_comes(domain::alert_id const& to, app::changes const& in) const;
    void check_alert(domain::alert const& now, app::changes const& in);
    void check_countdown(domain::alert const& now);
    void check_desk(domain::alert const& now, app::changes const& in);
    void check_turn(app::stored_signal const& s);
    bool was_ever_raised(domain::alert_id const& id) const;
    void check_order(domain::order const& now);
    void check_offers_of(domain::order const& now);
    void check_worker(domain::worker_id const& id);
    // Where the orders of his that are under way take him.
    std::set<domain::home_id> homes_of(domain::worker_id const& id) const;
    void check_places(app::changes const& what);
    void check_log(app::changes const& what);
    void check_news(app::changes const& what);
    void check_notices(domain::alert const& now, app::changes const& in);
    void check_searches(app::changes const& what);
    void see(app::changes const& what);
    void remember(app::changes const& what);

    scene& here_;
    bool const has_one_server_;
    std::size_t commits_ = 0;
    std::map<domain::alert_id, domain::alert> before_alerts_;
    std::map<domain::worker_id, domain::instant> visit_changed_at_;
    std::map<domain::order_id, domain::order> before_orders_;
    std::map<domain::offer_id, domain::offer_state> before_offers_;
    std::map<domain::device_id, domain::instant> last_received_; // of what is stored
};

} // namespace linli::simulation
