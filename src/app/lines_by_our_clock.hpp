#pragma once

#include <deque>
#include <string>

#include "app/clock.hpp"
#include "app/hotline_lines.hpp"

namespace linli::app {

// What the lines tell of callers, with its times by our clock. Theirs is their machine's, ours the
// record's; a press and a call are one case only if both mean the same by "now".
class lines_by_our_clock final : public hotline_listener {
public:
    lines_by_our_clock(hotline_listener& to, clock& time) : to_(to), time_(time) {}

    // Theirs are: nothing within two seconds, negative if they are ahead.
    domain::duration behind() const { return behind_; }

    void lines_came(std::string const& run) override;
    void lines_clock(domain::instant theirs) override;
    void line_happened(line_event const& what) override;
    void line_was(line_over const& what) override;
    void lines_stand(lines_snapshot const& what) override;
    void lines_answered(std::string const& command, line_refusal why) override {
        to_.lines_answered(command, why);
    }
    void lines_went() override { to_.lines_went(); }

private:
    struct earlier_run {
        std::string run;
        domain::duration behind{0};
    };
    domain::duration behind_in(std::string const& call) const;
    domain::instant by_ours(domain::instant theirs, domain::duration behind) const;

    hotline_listener& to_;
    clock& time_;
    std::deque<domain::duration> newest_;
    domain::duration behind_{0};
    std::string run_;
    earlier_run last_;
};

} // namespace linli::app
