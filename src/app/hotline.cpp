#include "app/hotline.hpp"

#include <algorithm>
#include <utility>

#include "app/hotline_legs.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

using domain::call_event;
using domain::ring_end;
using domain::third_state;

namespace {

// The record is asked who he is, and as a rule it has answered long before.
constexpr std::chrono::milliseconds waits_for_facts{500};
constexpr int last_place_with_a_sound = 10; // config/hotline/make-sounds
// Between the end of one talk and the begin of the next, or of the call.
constexpr domain::seconds between_talks{1};
constexpr std::size_t most_past = 10'000;

// A telephone that is there and says no; all else is one that can't be reached. Who has answered,
// and to whom the caller couldn't be moved, is there as well.
bool is_refusal(leg_ends const& what, bool has_answered) {
    constexpr int busy = 486, declined = 603, busy_everywhere = 600;
    if (has_answered && what.how == domain::attempt_end::hung_up) return true;
    return what.how == domain::attempt_end::refused &&
           (has_answered || what.sip_code == busy || what.sip_code == declined ||
            what.sip_code == busy_everywhere);
}

bool is_news(domain::attempt_end how) {
    using domain::attempt_end;
    return how != attempt_end::withdrawn && how != attempt_end::elsewhere &&
           how != attempt_end::call_ended;
}

} // namespace

hotline::hotline(ports with, settings by)
    : with_(std::move(with)), by_(std::move(by)), may_be_unwritten_(by_.most_unwritten) {
    if (by_.trunk.empty()) by_.trunk = by_.domain;
}

// ------------------------------------------------------------------ the lines come and go

void hotline::lines_came(std::string const& run) {
    if (std::exchange(run_, run) != run) heard_through_ = 0;
    is_there_ = true;
    stands_ = false;
    log::info("hotline_has_lines", {{"run", run}});
}

// What was asked is answered by the snapshot.
void hotline::lines_went() {
    if (is_there_) log::warning("hotline_without_lines", {{"waiting", queue_.waiting()}});
    is_there_ = false;
    stands_ = false;
    asked_.clear();
    wishes_.clear();
    numbers_at_.reset();
}

void hotline::lines_stand(lines_snapshot const& what) {
    rebuild(what);
    // All that was told anew may be more than it was told anew for.
    may_be_unwritten_ = std::max(by_.most_unwritten, 2 * writes_.size());
    stands_ = true;
    has_stood_ = true;
    act();
    look();
}

// ------------------------------------------------------------------ her own calls

void hotline::dials(domain::operator_id const& who) {
    dialling_.insert(who);
    queue_.dials(who);
    act();
}

void hotline::has_dialled(domain::operator_id const& who, bool has_talked) {
    dialling_.erase(who);
    queue_.has_dialled(who, has_talked, with_.clock.now());
    act();
}

// ------------------------------------------------------------------ what happens

struct hotline::hearing {
    hotline& in;
    line_event const& told;
    line& of;

    void operator()(line_tells_else const&) const {}
    void operator()(line_offered const&) const {}
    void operator()(line_answered const&) const {}
    void operator()(leg_rings const& what) const {
        auto attempt = attempt_of(what.leg);
        attempt.rang_at = told.at;
        in.writes_.emplace_back(std::move(attempt));
    }
    void operator()(leg_answers const& what) const {
        auto attempt = attempt_of(what.leg);
        attempt.answered_at = told.at;
        in.writes_.emplace_back(std::move(attempt));
        of.answered.insert(what.leg);
    }
    void operator()(leg_ends const& what) const;
    void operator()(leg_talks const& what) const;
    void operator()(third_joins const& what) const {
        of.third = what.leg;
        of.third_is = what.is_aside ? third_state::aside : third_state::joined;
        auto const who = user_of(what.leg);
        if (!who.empty()) in.queue_.third_came(of.id, who, in.with_.clock.now());
    }
    void operator()(line_held const&) const { of.is_held = true; }
    void operator()(line_resumed const&) const { of.is_held = false; }
    void operator()(line_ended const&) const { in.over(told.call, told.at); }

    call_attempt attempt_of(std::string const& leg) const {
        call_attempt attempt;
        attempt.call = of.id;
        attempt.leg = leg;
        attempt.who = user_of(leg);
        of.rung = std::max(of.rung, number_of(leg));
        return attempt;
    }
};

void hotline::hearing::operator()(leg_ends const& what) const {
    auto attempt = attempt_of(what.leg);
    auto const who = attempt.who;
    attempt.ended_at = told.at;
    attempt.how = what.how;
    in.writes_.emplace_back(std::move(attempt));
    of.legs.erase(what.leg);
    bool const is_no = is_refusal(what, of.answered.erase(what.leg) > 0);
    if (of.listeners.erase(what.leg) > 0) return;
    if (of.third == what.leg) return in.third_ended(of, what.leg, is_no);
    if (of.talks != what.leg) {
        if (!who.empty() && is_news(what.how))
            in.queue_.ring_ended(of.id, who, is_no ? ring_end::refused : ring_end::no_answer,
                                 in.with_.clock.now());
        return;
    }
    of.talks.clear();
    of.is_held = false;
    using domain::attempt_end;
    bool const is_lost = what.how == attempt_end::lost || what.how == attempt_end::no_media;
    if (is_lost && of.third_is != third_state::joined) // else he is being put through to the third
        in.queue_.operator_lost(of.id, in.with_.clock.now());
    else if (what.how == attempt_end::withdrawn)
        in.queue_.parked(of.id, in.with_.clock.now());
    else
        of.back_at = in.with_.clock.now() + between_talks;
}

void hotline::hearing::operator()(leg_talks const& what) const {
    auto const who = user_of(what.leg);
    of.talks = what.leg;
    if (of.third == what.leg) of.third.clear();
    of.third_is = third_state::rings;
    of.legs.insert(what.leg);
    of.joins_at.reset();
    of.back_at.reset();
    of.is_held = false;
    if (!std::exchange(of.has_talked, true)) {
        ++in.counted_.answered;
        if (told.at - of.came_at <= domain::answered_within) ++in.counted_.answered_in_time;
    }
    in.report(told.call, of, call_event::answered, told.at, seat_of(what.leg));
    if (!in.stands_ || !in.lines_.contains(told.call)) return; // the snapshot tells
    auto const with = who.empty() ? std::nullopt : std::optional(who);
    in.queue_.handed_over(of.id, with, in.with_.clock.now());
    in.queue_.found_talking(caller_of(of), with);
}

void hotline::line_happened(line_event const& what) {
    if (what.sequence <= heard_through_) return;
    heard_through_ = what.sequence;
    auto const* const offered = std::get_if<line_offered>(&what.what);
    if (offered && !past_.contains(what.call)) line_of(what.call, *offered, what.at);
    if (auto* const of = known(what.call)) {
        hearing const hears{*this, what, *of};
        std::visit(hears, what.what);
    }
    writes_.emplace_back(happened{run_, what.sequence});
    if (stands_ && writes_.size() > may_be_unwritten_) return start_over();
    act();
}

// What happened is told anew, but not whose line it was: of a line that runs we know that.
void hotline::start_over() {
    log::error("hotline_unwritten", {{"most", may_be_unwritten_},
                                     {"remedy", "look at the database: it is slow or away"}});
    ++starts_over_;
    writes_.clear();
    for (auto const& [name, each] : lines_)
        report_ringing(name, each);
    over_.clear();
    heard_through_ = 0;
    with_.lines.start_over();
}

domain::hotline_caller hotline::caller_of(line const& of) {
    return {of.id, rank_of(of.facts), of.came_at, of.facts.language};
}

// Also one that is over: what happened to it may be told after its end. Nothing: we have never
// heard of it.
hotline::line* hotline::known(std::string const& name) {
    if (auto const found = lines_.find(name); found != lines_.end()) return &found->second;
    if (auto const past = past_.find(name); past != past_.end()) return &past->second;
    auto const found = before_.find(name);
    if (found == before_.end()) return nullptr;
    auto const number = found->second.number;
    return &line_of(name, {number, {}}, with_.clock.now());
}

hotline::line& hotline::line_of(std::string const& name, line_offered const& from,
                                domain::instant came_at) {
    auto const [at, is_new] = lines_.try_emplace(name);
    auto& one = at->second;
    if (!is_new) return one;
    if (auto const known = before_.extract(name)) {
        one.id = known.mapped().id;
        one.rung = known.mapped().attempts;
        one.has_talked = known.mapped().has_answer;
    } else if (auto const past = past_.find(name); past != past_.end()) {
        one = past->second;
    } else {
        one.id = with_.ids.make<domain::call_id>(with_.clock.now());
        ++counted_.came;
    }
    one.number = from.number;
    one.dialled = from.dialled;
    one.came_at = came_at;
    one.joins_at = with_.clock.now() + waits_for_facts;
    names_[one.id] = name;
    report_ringing(name, one);
    look();
    return one;
}

void hotline::report_ringing(std::string const& call, line const& of) {
    domain::call_report rang{std::string(domain::own_hotline),
                             call,
                             call_event::ringing,
                             of.came_at,
                             of.number,
                             of.dialled,
                             {},
                             {}};
    writes_.emplace_back(told{std::move(rang), of.id, false});
}

void hotline::report(std::string const& call, line const& of, call_event what, domain::instant at,
                     std::string seat) {
    domain::call_report told_of{
        std::string(domain::own_hotline), call, what, at, of.number, {}, std::move(seat), {}};
    bool const is_missed = what == call_event::ended && !of.has_talked;
    writes_.emplace_back(told{std::move(told_of), of.id, is_missed});
}

void hotline::over(std::string const& name, domain::instant at) {
    auto const found = lines_.find(name);
    if (found == lines_.end()) return;
    auto& one = found->second;
    report(name, one, call_event::ended, at);
    queue_.left(one.id, with_.clock.now());
    to_show_[one.id] = {};
    names_.erase(one.id);
    over_.insert(name);
    one.legs.clear();
    one.talks.clear();
    if (past_.insert_or_assign(name, std::move(one)).second) {
        if (!past_.at(name).has_talked) ++counted_.abandoned;
        past_in_order_.push_back(name);
    }
    lines_.erase(found);
    if (past_in_order_.size() <= most_past) return;
    past_.erase(past_in_order_.front());
    past_in_order_.pop_front();
}

// One whose end we have heard needs nothing more; of any other it says all there is.
void hotline::line_was(line_over const& what) {
    if (over_.erase(what.call) == 0) {
        auto& one = line_of(what.call, what.offered, what.came_at);
        if (what.talked_at) {
            one.has_talked = true;
            report(what.call, one, call_event::answered, *what.talked_at,
                   seat_of_address(what.address));
        }
        over(what.call, what.ended_at);
        over_.erase(what.call);
    }
    writes_.emplace_back(was_over{what.call});
    act();
}

// ------------------------------------------------------------------ what is found

// All that the lines don't know is over, and its record lost with their disk.
void hotline::rebuild(lines_snapshot const& what) {
    auto const now = with_.clock.now();
    std::set<std::string> running;
    for (auto const& each : what.calls)
        running.insert(each.call);
    for (auto const& [name, known] : std::map(before_))
        if (!running.contains(name)) line_of(name, {known.number, {}}, now);
    for (auto const& [name, known] : std::map(lines_))
        if (!running.contains(name)) over(name, now);

    queue_ = domain::hotline_queue();
    for (auto const& [who, seat] : seats_)
        if (is_believed(seat, now))
            queue_.found_seat(who, seat.is, seat.languages,
                              seat.is == domain::seat_state::talking ? now : seat.since);
    for (auto const& who : dialling_)
        queue_.dials(who);
    for (auto const& each : what.calls)
        rebuild(each);
}

void hotline::rebuild(line_now const& one) {
    auto& of = line_of(one.call, one.offered, one.came_at);
    of.came_at = one.came_at;
    of.is_held = one.is_held;
    of.joins_at.reset();
    of.back_at.reset();
    of.legs.clear();
    of.answered.clear();
    of.talks.clear();
    of.third.clear();
    of.third_is = third_state::rings;
    of.listeners.clear();
    auto const who = caller_of(of);
    if (one.is != line_state::talks) queue_.came(who);
    for (auto const& each : one.legs) {
        of.rung = std::max(of.rung, number_of(each.leg));
        if (each.is == leg_state::connects) of.answered.insert(each.leg);
        if (each.role == domain::attempt_role::listens) of.listeners.insert(each.leg);
        if (each.role == domain::attempt_role::third) {
            of.third = each.leg;
            if (each.is == leg_state::talks)
                of.third_is = each.is_aside ? third_state::aside : third_state::joined;
        }
        if (each.role != domain::attempt_role::takes_caller) continue;
        of.legs.insert(each.leg);
        if (each.is != leg_state::talks) continue;
        of.talks = each.leg;
        auto const user = user_of(each.leg);
        queue_.found_talking(who, user.empty() ? std::nullopt : std::optional(user));
        if (!std::exchange(of.has_talked, true))
            report(one.call, of, call_event::answered, one.talked_at.value_or(with_.clock.now()),
                   seat_of(each.leg));
    }
    if (one.is == line_state::talks && of.talks.empty()) queue_.found_talking(who, {});
    for (auto const& each : one.legs) {
        bool const rings = each.is != leg_state::talks;
        bool const is_third = each.role == domain::attempt_role::third; // hers is no ready seat
        if (each.role == domain::attempt_role::listens || (!rings && !is_third)) continue;
        auto const user = user_of(each.leg);
        if (user.empty()) continue;
        auto const until = with_.clock.now() + domain::hotline_rules().rings_for;
        if (rings)
            queue_.found_ringing({of.id, user, until});
        else
            queue_.third_came(of.id, user, with_.clock.now());
    }
}

void hotline::join(line& who) {
    who.joins_at.reset();
    queue_.came(caller_of(who));
}

// ------------------------------------------------------------------ what is to do

void hotline::act() {
    if (stands_)
        for (auto const& each : queue_.next(with_.clock.now()))
            std::visit([this](auto const& what) { does(what); }, each);
    show();
    bell_.ring();
}

void hotline::does(domain::ring_seat const& what) {
    auto const& call = names_.at(what.call);
    auto& of = lines_.at(call);
    auto leg = leg_of(what.who, ++of.rung);
    ring(call, of, std::move(leg), seat_address(what.who, by_.domain), command_id());
}

void hotline::ring(std::string const& call, line& of, std::string leg, std::string address,
                   std::string command) {
    auto wanted = telephone_of(of, leg, std::move(address));
    of.legs.insert(leg);
    asked_[command].call = call;
    asked_[command].leg = std::move(leg);
    with_.lines.command(std::move(command), call, std::move(wanted));
}

ring_leg hotline::telephone_of(line const& of, std::string leg, std::string address) const {
    ring_leg wanted;
    wanted.webrtc = by_.browsers && !user_of(leg).empty();
    wanted.leg = std::move(leg);
    wanted.address = std::move(address);
    wanted.timeout = domain::hotline_rules().rings_for;
    wanted.headers = {{"X-Call", to_string(of.id)}};
    if (wanted.webrtc) wanted.headers.emplace(rings_a_seat, "1");
    return wanted;
}

// Whoever was asked to come to a talk of two is free again, or wraps up if she came.
void hotline::third_ended(line& of, std::string const& leg, bool was_refused) {
    auto const who = user_of(leg);
    bool const has_come = of.third_is != third_state::rings;
    of.third.clear();
    of.third_is = third_state::rings;
    if (who.empty()) return;
    auto const how = was_refused ? ring_end::refused : ring_end::no_answer;
    if (has_come)
        queue_.third_went(of.id, who, with_.clock.now());
    else
        queue_.ring_ended(of.id, who, how, with_.clock.now());
}

void hotline::does(domain::stop_ringing const& what) {
    auto const call = names_.find(what.call);
    if (call == names_.end()) return; // it ends with the call
    for (auto const& leg : lines_.at(call->second).legs)
        if (user_of(leg) == what.who && leg != lines_.at(call->second).talks)
            with_.lines.command(command_id(), call->second, withdraw_leg{leg});
}

void hotline::does(domain::say_place const& what) {
    auto const& call = names_.at(what.call);
    auto const place = std::min(what.place, last_place_with_a_sound);
    with_.lines.command(command_id(), call, line_plays{"place-" + std::to_string(place)});
}

void hotline::does(domain::ring_duty_list const& what) {
    with_.lines.command(command_id(), names_.at(what.call), ring_duty{true});
}

void hotline::does(domain::stop_duty_list const& what) {
    auto const call = names_.find(what.call);
    if (call != names_.end()) with_.lines.command(command_id(), call->second, ring_duty{false});
}

void hotline::lines_answered(std::string const& command, line_refusal why) {
    auto const found = asked_.find(command);
    if (found == asked_.end()) return;
    auto const what = std::move(found->second);
    asked_.erase(found);
    bool const is_refused = why != line_refusal::none;
    auto const at_line = lines_.find(what.call);
    if (is_refused && at_line != lines_.end()) {
        at_line->second.listeners.erase(what.listener);
        bool const is_third = !what.third.empty() && at_line->second.third == what.third;
        if (is_third) third_ended(at_line->second, what.third, true);
    }
    if (is_refused && !what.leg.empty())
        if (auto const at = lines_.find(what.call); at != lines_.end()) {
            at->second.legs.erase(what.leg);
            auto const who = user_of(what.leg);
            if (!who.empty())
                queue_.ring_ended(at->second.id, who, ring_end::refused, with_.clock.now());
        }
    if (what.wish) {
        auto refused = is_refused ? std::optional(domain::wish_refusal::not_now) : std::nullopt;
        if (why == line_refusal::unknown_call) refused = domain::wish_refusal::unknown_call;
        auto const of = lines_.find(what.call);
        end_wish(*what.wish, of == lines_.end() ? domain::call_id() : of->second.id, refused);
    }
    act();
}

std::string hotline::command_id() {
    return to_string(with_.ids.next(with_.clock.now()));
}

hotline::figures hotline::so_far() const {
    auto now = counted_;
    now.has_lines = stands_;
    now.waiting = queue_.waiting();
    now.talking = queue_.talking();
    now.unwritten = writes_.size();
    return now;
}

} // namespace linli::app
