#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/placed_call_record.hpp"

namespace linli::tests {

// The twin of the calls that the house begins, as PostgreSQL keeps them. Each call lets the loop
// run once before it does its work. One thread.
class memory_placed_calls final : public app::placed_call_record {
public:
    struct row {
        app::placed_call what;
        bool is_taken = false;
        bool has_begun = false;
        std::optional<domain::placed_end> how;
        domain::instant ended_at;
        std::string key;  // that he has pressed
        std::string name; // the engine's
        bool is_settled = false;
    };

    void away(bool is_away) { away_ = is_away; }
    void does_not_say_that_it_has_the_next() { is_silent_ = true; }
    std::map<domain::uuid, row> const& all() const { return all_; }
    int questions() const { return questions_; } // what stands, and how it stands

    runtime::task<app::record_result<domain::uuid>> ask(app::placed_call const& what) override;
    runtime::task<app::record_result<std::vector<app::placed_state>>>
    states(std::vector<domain::uuid> const& ids, domain::instant now) override;
    runtime::task<app::record_result<std::vector<app::open_call>>> open() override;
    runtime::task<app::record_result<bool>> take(domain::uuid id, domain::instant now) override;
    runtime::task<app::record_result<void>> begun(domain::uuid id, domain::instant at) override;
    runtime::task<app::record_result<void>> ended(domain::uuid id,
                                                  app::placed_ending const& what) override;
    runtime::task<app::record_result<std::size_t>> forget(domain::instant before,
                                                          int limit) override;

    std::set<domain::uuid> const& open_ones() const { return open_; }

    // Of those that ask about an offer, as memory_offer_calls needs them.
    void offers_not_begun(domain::instant now);
    std::vector<domain::uuid> const& about(domain::offer_id const& offer) const;
    std::set<domain::uuid> const& unsettled() const { return unsettled_; }
    // Something of it is still kept.
    void is_recorded(domain::uuid const& id, bool is) {
        if (is)
            recorded_.insert(id);
        else
            recorded_.erase(id);
    }
    void settles(domain::uuid const& id) {
        all_.at(id).is_settled = true;
        unsettled_.erase(id);
    }

private:
    void end(row& of, app::placed_ending const& what);
    void forgets(row const& one);

    std::map<domain::uuid, row> all_;
    // So that nobody looks through all.
    std::map<std::string, domain::uuid> by_key_;
    std::map<domain::offer_id, std::vector<domain::uuid>> of_offer_;
    std::set<domain::uuid> open_;
    std::set<domain::uuid> unsettled_; // of offers, over
    std::set<domain::uuid> recorded_;
    int questions_ = 0;
    bool away_ = false;
    bool is_silent_ = false; // once
};

} // namespace linli::tests
