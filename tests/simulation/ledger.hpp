#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/carrier.hpp"
#include "app/outgoing.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// What the world outside knows and has been told; the record must agree with it.
class ledger {
public:
    explicit ledger(scene& here) : here_(here) {}

    void pressed(domain::signal const& what, bool resends);
    void measured(domain::event_id const& which);
    void written_down(domain::event_id const& which); // the broker got its PUBACK
    // Somebody was answered that what he said has been done (a page, a desk, the telephone).
    void promised(domain::event_id const& which);
    // Signals of a commit. Rule 10: whatever the device's clock said is kept as it was.
    void kept(app::changes const& what);

    void heard(app::receipt const& what);
    void heard(app::offer_news const& what);
    void heard(app::letter const& what);
    // Our own voice is to tell it; and has, and somebody has pressed the key: by the letter's.
    void to_speak(app::letter const& what) { spoken_[what.key] = about(what); }
    void heard_by_voice(std::string const& key);
    void answered(std::string const& reply_id, std::optional<domain::refusal> refused);

    // Who went there says so, and has his answer.
    void says_120(domain::order_id const& order, std::optional<domain::refusal> refused);
    std::set<domain::order_id> const& need_120() const { return need_120_; }

    std::size_t presses() const { return events_.size() - measurements_; }

    // Rules 1 and 8: whatever was acknowledged is soon in the record, however much else there is.
    void check_none_waits(domain::duration allowed);

    // When the house is quiet and the roads have been fair for long.
    void check_all_arrived();

private:
    struct press {
        std::optional<domain::instant> happened_at; // as the device said
        bool resends = true;
        bool is_bulk = false;
        bool written_down = false;
        bool heard_stored = false;
    };
    struct offer {
        std::uint32_t version = 0;
        domain::offer_state state = domain::offer_state::open;
        std::map<std::uint32_t, domain::offer_state> versions;
    };
    struct waiting {
        domain::instant since; // true time
        std::string event;
    };
    // One letter to a telephone about several, in a storm.
    struct together {
        domain::audience to;
        domain::channel by;
        domain::notice_reason why;
        domain::instant at;
    };
    static together about(app::letter const& what) {
        return {what.about.to, what.by, what.about.why, what.at};
    }
    void reached(std::string const& key, together const& what);
    void check_offers();
    void check_letters();
    bool was_told(domain::delivery const& of) const;

    scene& here_;
    std::map<std::string, press> events_;
    std::deque<waiting> written_;              // the oldest first
    std::map<domain::offer_id, offer> offers_; // as their providers see them
    std::map<std::string, std::optional<domain::refusal>> answers_;
    std::size_t measurements_ = 0; // of the events
    std::set<domain::order_id> need_120_;
    std::set<std::string> letters_; // by key, that have reached somebody
    std::vector<together> together_;
    std::map<std::string, together> spoken_; // by key
};

} // namespace linli::simulation
