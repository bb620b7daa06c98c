#include "hotline/engine.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "hotline/core/sdp.hpp"
#include "runtime/log.hpp"

namespace linli::hotline {

namespace {

namespace log = runtime::log;

constexpr int service_unavailable = 503; // the edge then rings the duty telephone
constexpr int not_acceptable_here = 488;
constexpr seconds heard_after_end{5};
constexpr std::size_t most_remembered_commands = 10'000;
constexpr int looks_between_leak_checks = 6;
constexpr milliseconds drain_look{100};

} // namespace

struct engine::doing {
    parts& to;
    engine& by;
    call_id const& id;

    void operator()(news& what) const { by.tell(id, std::move(what)); }
    void operator()(answer_caller& what) const { to.sip.answer(id, std::move(what.sdp)); }
    void operator()(refuse_caller& what) const { to.sip.refuse(id, what.sip_code); }
    void operator()(move_caller& what) const { to.sip.move(id, std::move(what.sdp)); }
    void operator()(call_caller& what) const { to.sip.call(id, std::move(what)); }
    void operator()(end_caller&) const { to.sip.end(id); }
    void operator()(invite_leg& what) const { to.sip.invite(id, std::move(what)); }
    void operator()(end_leg& what) const { to.sip.end(id, what.leg); }
    void operator()(open_session& what) const { to.media.open(id, std::move(what)); }
    void operator()(offer_caller& what) const { to.media.offer(id, what); }
    void operator()(join_caller& what) const { to.media.join(id, std::move(what)); }
    void operator()(offer_leg& what) const { to.media.offer(id, std::move(what)); }
    void operator()(connect_leg& what) const { to.media.connect(id, std::move(what)); }
    void operator()(offer_third& what) const { to.media.offer(id, std::move(what)); }
    void operator()(connect_to_room& what) const { to.media.connect(id, std::move(what)); }
    void operator()(open_mixed& what) const { to.media.open(id, std::move(what)); }
    void operator()(join_mixed& what) const { to.media.join(id, std::move(what)); }
    void operator()(mix_leg& what) const { to.media.mix(id, std::move(what)); }
    void operator()(mix_talk& what) const { to.media.mix(id, std::move(what)); }
    void operator()(close_room& what) const { to.media.close(id, what); }
    void operator()(offer_listener& what) const { to.media.offer(id, std::move(what)); }
    void operator()(end_listening& what) const { to.media.end(id, std::move(what)); }
    void operator()(start_sound& what) const { to.media.start(id, std::move(what)); }
    void operator()(stop_sound& what) const { to.media.stop(id, what); }
    void operator()(silence_talk& what) const { to.media.silence(id, what); }
    void operator()(switch_recording& what) const { to.media.record(id, what); }
    void operator()(close_session& what) const { to.media.close(id, std::move(what)); }
};

engine::engine(boost::asio::any_io_executor loop, settings with)
    : with_(std::move(with)), admission_(with_.lines), backlog_(with_.most_events),
      answered_(most_remembered_commands), timer_(loop), work_(std::move(loop)) {}

void engine::connect(parts to) {
    to_.emplace(to);
}

std::size_t engine::lines_taken() const {
    auto const taken = std::ranges::count_if(
        calls_, [](auto const& each) { return each.second.is != call_state::ended; });
    return static_cast<std::size_t>(taken);
}

std::size_t engine::lines_placed() const {
    auto const placed = std::ranges::count_if(calls_, [](auto const& each) {
        return each.second.placed && each.second.is != call_state::ended;
    });
    return static_cast<std::size_t>(placed);
}

void engine::came(arrival from) {
    auto const now = clock_.now();
    bool const has_line = !draining_ && admission_.admits(from.number, lines_taken());
    bool const is_as_agreed = is_allowed(with_.terms.srtp, carriage_of(from.sdp));
    bool const has_codec = is_as_agreed && usable_audio(from.sdp).has_value();
    auto& c = calls_[from.id];
    log::info("call_came", {{"call", from.id.value}, {"trunk", from.trunk}});
    if (!has_line || !has_codec) {
        auto const code = has_line ? not_acceptable_here : service_unavailable;
        auto const why = has_line ? call_end::no_codec : call_end::no_line;
        return do_all(c, turn_away(c, std::move(from), code, why, now));
    }
    auto first = begin(c, std::move(from), has_server_, with_.terms, now);
    work_.spawn("call is written", to_->calls.begun(c.from.id, messages::ended_call(c), now));
    do_all(c, std::move(first));
}

void engine::take(call_id const& id, input what) {
    auto const at = calls_.find(id);
    if (at == calls_.end()) return;
    auto& c = at->second;
    do_all(c, hotline::take(c, what, with_.terms, clock_.now()));
}

void engine::do_all(call& c, turn done) {
    bool const has_ended = std::ranges::any_of(done.effects, [](effect const& each) {
        auto const* const told = std::get_if<news>(&each);
        return told && std::holds_alternative<told_ended>(*told);
    });
    doing const now{*to_, *this, c.from.id};
    for (auto& each : done.effects)
        std::visit(now, each);
    if (has_ended) over(c);
    wake();
}

void engine::over(call& c) {
    log::info("call_ended", {{"call", c.from.id.value}});
    auto record = messages::ended_call(c);
    to_->server.send(messages::framed_ended_call(record));
    work_.spawn("call is written", to_->calls.ended(c.from.id, std::move(record), clock_.now()));
}

void engine::tell(call_id const& id, news what) {
    auto const of = calls_.find(id);
    bool const is_placed = of != calls_.end() && of->second.placed;
    auto reference = is_placed ? of->second.placed->reference : std::string();
    auto const& added = backlog_.add(id, clock_.now(), std::move(what), std::move(reference));
    to_->server.send(messages::told(added));
}

// ---- the dispatch server ----

void engine::server_came() {
    has_server_ = true;
    auto& server = to_->server;
    server.send(messages::hello(with_.run, backlog_.dropped(), clock_.now()));
    for (auto const& each : to_->calls.waiting())
        server.send(messages::framed_ended_call(each));
    for (auto const& each : backlog_.waiting())
        server.send(messages::told(each));
    std::vector<call const*> running;
    for (auto const& [id, each] : calls_)
        if (each.is != call_state::ended) running.push_back(&each);
    server.send(messages::snapshot(running, backlog_.last()));
    take_all(server_back{});
}

// It may be told in the middle of a turn, when something can't be sent.
void engine::server_went() {
    boost::asio::post(timer_.get_executor(), [this] {
        if (to_->server.is_connected()) return; // another has come already
        has_server_ = false;
        take_all(server_lost{});
    });
}

void engine::take_all(input const& what) {
    std::vector<call_id> all;
    for (auto const& [id, each] : calls_)
        all.push_back(id);
    for (auto const& each : all)
        take(each, what);
}

void engine::server_said(messages::from_server what) {
    if (auto* const wanted = std::get_if<messages::wanted>(&what)) {
        answer_once(wanted->id, [&] {
            return answer{wanted->what ? obey(wanted->call, *wanted->what)
                                       : refusal::not_understood};
        });
    } else if (auto* const begun = std::get_if<messages::wanted_call>(&what)) {
        answer_once(begun->id, [&] {
            return begun->what ? place(*begun->what) : answer{refusal::not_understood};
        });
    } else if (auto* const seen = std::get_if<messages::acknowledged>(&what)) {
        backlog_.acknowledge(seen->through);
        if (!seen->ended_calls.empty())
            work_.spawn("ends are acknowledged",
                        to_->calls.acknowledge(std::move(seen->ended_calls)));
    } else if (auto* const bound = std::get_if<messages::bound_numbers>(&what)) {
        if (bound->begins) admission_.forget_bound();
        for (auto& each : bound->numbers)
            admission_.add_bound(each);
    }
}

void engine::answer_once(std::string const& id, std::function<answer()> const& obey) {
    auto given = answered_.find(id);
    if (!given) {
        given = obey();
        answered_.add(id, *given);
    }
    to_->server.send(messages::answered(id, *given));
}

bool engine::has_sounds(std::vector<sound> const& all) const {
    return std::ranges::all_of(
        all, [this](sound const& each) { return with_.sounds.find(each).has_value(); });
}

bool engine::has_sounds(speak const& of) const {
    return has_sounds(of.sounds) && (!of.thanks || has_sounds({*of.thanks}));
}

answer engine::place(originate what) {
    if (draining_) return {refusal::not_now};
    if (!admission_.admits_placed(lines_placed(), lines_taken())) return {refusal::no_line};
    if (auto const* const said = std::get_if<speak>(&what.then); said && !has_sounds(*said))
        return {refusal::unknown_sound};
    auto const now = clock_.now();
    call_id const id{with_.run + "-o" + std::to_string(++placed_)};
    log::info("call_placed", {{"call", id.value}, {"reference", what.reference}});
    auto& c = calls_[id];
    auto first = hotline::place(c, id, std::move(what), has_server_, with_.terms, now);
    work_.spawn("call is written", to_->calls.begun(id, messages::ended_call(c), now));
    do_all(c, std::move(first));
    return {refusal::none, id};
}

// By its id, or the reference of one that we have begun: the server knows no other name before it
// is answered.
call* engine::running(call_id const& name) {
    auto at = calls_.find(name);
    if (at == calls_.end())
        at = std::ranges::find_if(calls_, [&](auto const& each) {
            bool const runs = each.second.is != call_state::ended;
            return runs && each.second.placed && each.second.placed->reference == name.value;
        });
    return at == calls_.end() || at->second.is == call_state::ended ? nullptr : &at->second;
}

refusal engine::obey(call_id const& id, command const& what) {
    auto* const c = running(id);
    if (!c) return refusal::unknown_call;
    if (auto const* const played = std::get_if<play>(&what); played && !has_sounds({played->what}))
        return refusal::unknown_sound;
    if (auto const* const said = std::get_if<say>(&what); said && !has_sounds(said->sounds))
        return refusal::unknown_sound;
    auto const as_input = std::visit([](auto const& each) { return input(each); }, what);
    auto done = hotline::take(*c, as_input, with_.terms, clock_.now());
    auto const refused = done.refused;
    do_all(*c, std::move(done));
    return refused;
}

// ---- time ----

void engine::wake() {
    timer_.cancel();
}

runtime::task<> engine::watch() {
    auto next_look = clock_.now() + with_.look_every;
    for (int looks = 0;;) {
        auto first = next_look;
        for (auto const& [id, each] : calls_) {
            if (auto const at = due(each)) first = std::min(first, *at);
            if (each.ended_at) first = std::min<instant>(first, *each.ended_at + heard_after_end);
        }
        timer_.expires_at(clock_.steady(first));
        co_await timer_.async_wait(runtime::use_task_tuple);
        auto const state = co_await boost::asio::this_coro::cancellation_state;
        if (state.cancelled() != boost::asio::cancellation_type::none) co_return;
        take_due();
        if (clock_.now() < next_look) continue;
        next_look = clock_.now() + with_.look_every;
        look_around();
        if (looks++ % looks_between_leak_checks == 0) end_leaked();
    }
}

void engine::take_due() {
    auto const now = clock_.now();
    std::vector<call_id> late;
    std::erase_if(calls_, [&](auto const& each) {
        auto const& ended = each.second.ended_at;
        return ended && now >= *ended + heard_after_end;
    });
    for (auto const& [id, each] : calls_)
        if (auto const at = due(each); at && now >= *at) late.push_back(id);
    for (auto const& each : late)
        take(each, time_passed{});
}

void engine::look_around() {
    for (auto const& [id, each] : calls_) {
        if (each.is == call_state::ended || each.is == call_state::opening) continue;
        if (!each.without_caller) to_->media.look_at(id, each.session);
        for (auto const& one : each.legs)
            if (one.is == leg_state::talking && one.session != each.session)
                to_->media.look_at(id, one.session);
    }
}

void engine::end_leaked() {
    to_->media.end_leaked([this](call_id const& id, session_number session) {
        auto const at = calls_.find(id);
        if (at == calls_.end() || at->second.is == call_state::ended) return false;
        auto const& c = at->second;
        auto const has = [session](leg const& l) { return l.session == session; };
        if (c.three && (session == c.three->callers || session == c.three->to_session)) return true;
        return session == c.session || session == c.moving_to || std::ranges::any_of(c.legs, has);
    });
}

runtime::task<> engine::drain(milliseconds at_most) {
    draining_ = true;
    log::info("draining", {{"calls", lines_taken()}});
    drain_until_ = clock_.now() + at_most;
    boost::asio::steady_timer pause(timer_.get_executor());
    while (lines_taken() > 0 && clock_.now() < drain_until_) {
        pause.expires_after(drain_look);
        co_await pause.async_wait(runtime::use_task_tuple);
    }
    take_all(engine_stops{});
}

} // namespace linli::hotline
