#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/clock.hpp"
#include "app/hotline_lines.hpp"

namespace linli::tests {

// Stands for the engine that holds the lines: a small one of its kind, with a memory of what was
// not acknowledged. What it says is heard at say_all(), as over a socket.
class scripted_lines final : public app::hotline_lines {
public:
    explicit scripted_lines(app::clock& time) : time_(time) {}

    struct telephone {
        std::string address;
        app::leg_state is = app::leg_state::rings;
        std::map<std::string, std::string> headers{};
        domain::attempt_role role = domain::attempt_role::takes_caller;
        bool is_aside = false;
    };
    struct call {
        std::string number;
        domain::instant came_at;
        std::optional<domain::instant> talked_at{};
        bool is_held = false;
        bool rings_duty = false;
        std::map<std::string, telephone> legs{};
        std::vector<std::string> heard{}; // sounds
    };

    // ---- the dispatch server ----
    void connect(app::hotline_listener& to);
    void hang_up_on_server(); // it hears of it
    void server_dies();       // nobody does
    void dies();              // and is another when it is back: all calls are over
    bool say_all();           // false: there was nothing to say
    bool has_server() const { return server_ != nullptr; }

    // ---- people ----
    std::string comes(std::string number = "13800000001"); // the name of his call
    void gives_up(std::string const& name) { ends(name, true); }
    // Those whose telephone rings for it.
    std::set<std::string> ringing(std::string const& name) const;
    std::string talks(std::string const& name) const; // the user, or whoever; empty: nobody
    void answers(std::string const& name, std::string const& who);
    void refuses(std::string const& name, std::string const& who, int sip_code = 486);
    // And the caller's carrier won't move him to her.
    void answers_in_vain(std::string const& name, std::string const& who);
    void does_not_answer(std::string const& name, std::string const& who);
    void hangs_up(std::string const& name) { ends(name, false); } // she
    void loses_her(std::string const& name);
    // Who was asked to come to a talk of two, or listens to it.
    void comes_to(std::string const& name, std::string const& who);
    void goes_from(std::string const& name, std::string const& who);

    std::map<std::string, call> const& calls() const { return calls_; }
    std::size_t unacknowledged() const { return backlog_.size() + over_.size(); }
    std::vector<std::string> bound;
    domain::duration behind{0}; // its clock

    // ---- app::hotline_lines ----
    void command(std::string id, std::string call, app::line_command what) override;
    void acknowledge(std::uint64_t through, std::vector<std::string> ended_calls) override;
    void bound_numbers(std::vector<std::string> const& all) override { bound = all; }
    void start_over() override { hang_up_on_server(); }

private:
    struct obeying;

    std::string run() const { return "run-" + std::to_string(runs_); }
    template <class What>
    void tell(std::string const& name, What what);
    void ends(std::string const& name, bool by_caller);
    void her_leg_goes(std::string const& name, domain::attempt_end how);
    std::string leg_of(std::string const& name, std::string const& who, app::leg_state is) const;
    void leg_goes(std::string const& name, std::string const& leg, domain::attempt_end how,
                  int sip_code = 0);
    app::lines_snapshot snapshot() const;
    domain::instant now() { return time_.now() - behind; }

    app::clock& time_;
    app::hotline_listener* server_ = nullptr;
    std::deque<std::function<void(app::hotline_listener&)>> unsaid_;
    int runs_ = 1;
    int came_ = 0;
    std::uint64_t sequence_ = 0;
    std::map<std::string, call> calls_;
    std::deque<app::line_event> backlog_;
    std::deque<app::line_over> over_;
    std::map<std::string, app::line_refusal> answered_;
};

} // namespace linli::tests
