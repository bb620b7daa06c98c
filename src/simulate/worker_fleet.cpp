#include "simulate/worker_fleet.hpp"

#include "runtime/machine_time.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/wire/topics.hpp"

namespace linli::simulate {

namespace {

using namespace std::chrono_literals;
using domain::offer_state;
using domain::reply_kind;

constexpr auto session_expiry = 1h;
constexpr std::size_t most_remembered = 20'000;

constexpr std::array<std::string_view, 4> excuses{"车坏了", "身体不适", "距离太远", "正在用餐"};

happening_kind happening_of(reply_kind kind) {
    switch (kind) {
    case reply_kind::accept:
        return happening_kind::accepted;
    case reply_kind::decline:
        return happening_kind::declined;
    case reply_kind::en_route:
        return happening_kind::en_route;
    case reply_kind::arrived:
        return happening_kind::arrived;
    case reply_kind::started:
        return happening_kind::started;
    case reply_kind::completed:
        return happening_kind::completed;
    case reply_kind::stood_down:
        return happening_kind::turned_round;
    case reply_kind::no_access:
    case reply_kind::failed:
    case reply_kind::assign:
        break; // doors open and visits succeed in this city
    }
    return happening_kind::trouble;
}

} // namespace

worker_fleet::worker_fleet(boost::asio::io_context& loop, city_access const& access,
                           std::vector<domain::provider_id> const& providers, options with,
                           report tell)
    : loop_(loop), with_(with), tell_(std::move(tell)), dice_(with.seed, "workers") {
    for (auto const& id : providers) {
        auto& made = *providers_.emplace_back(std::make_unique<provider>());
        made.id = id;
        made.peer = connect(access, made);
    }
}

worker_fleet::~worker_fleet() = default;

void worker_fleet::start(std::function<void()> all_reachable) {
    all_reachable_ = std::move(all_reachable);
    for (auto const& each : providers_) {
        each->on_line = true;
        each->peer->start();
    }
}

void worker_fleet::ready(provider& which) {
    which.reachable = true;
    if (all_reachable_ &&
        std::ranges::all_of(providers_, [](auto const& p) { return p->reachable; }))
        std::exchange(all_reachable_, {})();
}

std::size_t worker_fleet::connected() const {
    auto const count = std::ranges::count_if(providers_, [](auto const& p) { return p->on_line; });
    return static_cast<std::size_t>(count);
}

void worker_fleet::hang_up() {
    for (auto const& each : providers_)
        if (each->on_line) tasks_.spawn("hang_up", leave(*each));
}

runtime::task<> worker_fleet::leave(provider& which) {
    auto going = which.peer->hang_up();
    co_await std::move(going);
    which.on_line = false;
}

std::unique_ptr<mqtt::peer> worker_fleet::connect(city_access const& access, provider& of) {
    mqtt::peer::callbacks calls{
        [this, &of](std::string_view, std::string_view payload) { read(of, payload); },
        [this, &of] { ready(of); },
        [this, &of](std::string const& reason) {
            tell_({happening_kind::lost, of.id.value, "", reason});
        },
        [this, &of](std::string const& what) {
            tell_({happening_kind::trouble, of.id.value, "", what});
        }};
    return std::make_unique<mqtt::peer>(loop_, settings_of(access, "p-" + of.id.value),
                                        wire::offers_topic(of.id), session_expiry,
                                        std::move(calls));
}

void worker_fleet::read(provider& of, std::string_view payload) {
    auto const seen = wire::decode_offer(payload);
    if (!seen) {
        tell_({happening_kind::trouble, of.id.value, "", "an offer that can't be read"});
        return;
    }
    auto* const v = visit_of(of, *seen);
    if (!v) return;
    // The answer first: it may be what the new version is about.
    take_answer(seen->offer, *v, *seen);
    take_version(seen->offer, *v, *seen);
    if (v->over) forget_old();
}

worker_fleet::visit* worker_fleet::visit_of(provider& of, wire::seen_offer const& seen) {
    auto const known = visits_.find(seen.offer);
    if (known != visits_.end()) return &known->second;
    auto const id = domain::parse_uuid(seen.offer);
    if (!id || !seen.state) return nullptr; // answers a reply of an earlier run
    if (!seen.worker.empty() && seen.worker == with_.leaves.value) return nullptr;
    auto& made = visits_.try_emplace(seen.offer, loop_).first->second;
    made.of = &of;
    made.offer = domain::offer_id{*id};
    made.worker = seen.worker;
    oldest_.push_back(seen.offer);
    return &made;
}

void worker_fleet::take_answer(key const& id, visit& v, wire::seen_offer const& seen) {
    if (v.reply_id.empty() || seen.in_reply_to != v.reply_id) return;
    v.reply_id.clear();
    v.timer.cancel();
    if (!seen.refused) return;
    auto const why = seen.why ? std::string(domain::to_text(*seen.why)) : "unreadable";
    say(happening_kind::reply_refused, v, id, why + ' ' + seen.refusal_text);
    end(v); // somebody else goes, or nobody needs to
}

void worker_fleet::take_version(key const& id, visit& v, wire::seen_offer const& seen) {
    if (!seen.state || seen.version <= v.version) {
        if (!v.over && v.holds && v.reply_id.empty()) go(id, v);
        return;
    }
    bool const first = v.version == 0;
    v.version = seen.version;
    if (v.over) return;
    switch (*seen.state) {
    case offer_state::open:
        if (!first) return;
        say(happening_kind::offered, v, id, seen.order_number);
        if (seen.expires_at && *seen.expires_at < runtime::machine_time())
            return end(v); // of an earlier run
        return decide(id, v);
    case offer_state::accepted:
        if (!v.holds) {
            v.holds = true;
            v.next = reply_kind::en_route;
            busy_[v.worker] = id;
        }
        if (v.reply_id.empty()) go(id, v);
        return;
    case offer_state::withdrawn:
        return turn_round(id, v, seen.withdrawn_because);
    case offer_state::declined:
    case offer_state::expired:
        return end(v);
    }
}

void worker_fleet::decide(key const& id, visit& v) {
    auto const looks_after = takes(300ms, 2000ms);
    if (refused_ < with_.refuse_first) {
        ++refused_;
        return reply_after(id, looks_after, reply_kind::decline, std::string(excuses.front()));
    }
    auto const roll = dice_.below(100);
    if (busy_.contains(v.worker))
        return reply_after(id, looks_after, reply_kind::decline, "正在服务另一户");
    if (roll < with_.accept_percent) return reply_after(id, looks_after, reply_kind::accept);
    if (roll >= 100 - with_.silent_percent) return say(happening_kind::kept_silent, v, id);
    auto const excuse = excuses[dice_.below(excuses.size())];
    reply_after(id, looks_after, reply_kind::decline, std::string(excuse));
}

// The next step of a visit whose last step is known to the house.
void worker_fleet::go(key const& id, visit& v) {
    auto const step = v.next;
    switch (step) {
    case reply_kind::en_route:
        v.next = reply_kind::arrived;
        break;
    case reply_kind::arrived:
        v.next = reply_kind::started;
        break;
    case reply_kind::started:
        v.next = reply_kind::completed;
        break;
    case reply_kind::completed:
        v.next = reply_kind::accept;
        break;
    case reply_kind::accept:
    case reply_kind::decline:
    case reply_kind::no_access:
    case reply_kind::failed:
    case reply_kind::stood_down:
    case reply_kind::assign:
        return end(v); // there is no next one
    }
    v.reply_id = "soon"; // nothing else is begun meanwhile
    auto const wait = step == reply_kind::en_route  ? takes(500ms, 3000ms)
                      : step == reply_kind::arrived ? takes(3000ms, 8000ms)
                      : step == reply_kind::started ? takes(500ms, 1500ms)
                                                    : takes(4000ms, 10'000ms);
    reply_after(id, wait, step);
}

void worker_fleet::turn_round(key const& id, visit& v, std::string const& why) {
    say(happening_kind::withdrawn, v, id, why);
    if (!v.holds) return end(v);
    busy_.erase(v.worker);
    v.holds = false;
    v.reply_id = "soon";
    v.next = reply_kind::accept;
    reply_after(id, takes(300ms, 1500ms), reply_kind::stood_down);
}

void worker_fleet::end(visit& v) {
    v.over = true;
    v.reply_id.clear();
    v.timer.cancel();
    auto const at = busy_.find(v.worker);
    if (at != busy_.end() && at->second == to_string(v.offer)) busy_.erase(at);
}

// What is over is remembered for a while: an old version may still be on its way.
void worker_fleet::forget_old() {
    while (oldest_.size() > most_remembered && visits_.at(oldest_.front()).over) {
        visits_.erase(oldest_.front());
        oldest_.pop_front();
    }
}

void worker_fleet::reply_after(key const& id, std::chrono::milliseconds wait, reply_kind kind,
                               std::string reason) {
    auto& v = visits_.at(id);
    v.timer.expires_after(wait);
    v.timer.async_wait([this, id, kind, reason](boost::system::error_code error) {
        if (error) return;
        auto const found = visits_.find(id);
        if (found != visits_.end() && !found->second.over) reply(id, found->second, kind, reason);
    });
}

void worker_fleet::reply(key const& id, visit& v, reply_kind kind, std::string reason) {
    domain::reply r;
    r.reply_id =
        v.of->id.value + '-' + std::to_string(with_.boot) + '-' + std::to_string(++v.of->replies);
    r.offer = v.offer;
    r.kind = kind;
    r.reason = std::move(reason);
    r.happened_at = runtime::machine_time();
    v.reply_id = r.reply_id;
    v.payload = wire::encode_reply(r);
    v.pause.reset();
    if (kind == reply_kind::accept) busy_[v.worker] = id;
    say(happening_of(kind), v, id, r.reason);
    send(id, v);
}

// Until it is answered.
void worker_fleet::send(key const& id, visit& v) {
    v.of->peer->send(wire::replies_topic(v.of->id), v.payload);
    v.timer.expires_after(v.pause.next());
    v.timer.async_wait([this, id](boost::system::error_code error) {
        if (error) return;
        auto const found = visits_.find(id);
        if (found != visits_.end() && !found->second.reply_id.empty()) send(id, found->second);
    });
}

std::chrono::milliseconds worker_fleet::takes(std::chrono::milliseconds low,
                                              std::chrono::milliseconds high) {
    auto const drawn = static_cast<double>(dice_.between(low, high).count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(drawn * with_.time_scale));
}

void worker_fleet::say(happening_kind what, visit const& v, key const& id, std::string note) {
    tell_({what, v.worker, id, std::move(note)});
}

} // namespace linli::simulate
