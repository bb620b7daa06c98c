#include "system/load/audit.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr int no_matching_subscribers = 16; // MQTT 5
constexpr int refused_from = 0x80;
constexpr auto acknowledgement_on_the_way = 100ms; // read by us after its sender's death

std::string first_word(std::string const& text) {
    return text.substr(0, text.find(' '));
}

// Raised by the house itself: a place in its journal that can't be read, a clock, an outage.
bool is_of_house(record_picture::signal const& s) {
    return s.kind == "unreadable" || s.kind == "clock_jump" || s.kind == "outage";
}

struct inquiry {
    std::vector<press> const presses;
    std::vector<death> const deaths;
    heard_offers const& heard;
    record_picture const& record;
    audit out;
};

std::optional<moment> broker_died_after(inquiry const& i, moment taken) {
    for (auto const& d : i.deaths)
        if (d.who == victim::broker && d.at + acknowledgement_on_the_way >= taken) return d.at;
    return std::nullopt;
}

// The broker passes on in order. So when something that was sent after the acknowledgement of `p`
// was in the record before the broker's next death, the broker had passed `p` on, too.
bool had_passed_on(inquiry const& i, press const& p, moment died) {
    return std::any_of(i.presses.begin(), i.presses.end(), [&](press const& later) {
        return later.pressed_at > *p.taken_at && later.stored_at && *later.stored_at < died;
    });
}

void look_for_missing(inquiry& i, press const& p) {
    if (p.stored_at) {
        i.out.lost.push_back({p.event.value, "had our receipt"});
    } else if (resends(p.sender)) {
        i.out.lost.push_back({p.event.value, "was sent again and again"});
    } else if (p.taken_at && p.broker_said == no_matching_subscribers) {
        ++i.out.nobody_listened;
    } else if (p.taken_at) {
        auto const died = broker_died_after(i, *p.taken_at);
        if (!died || had_passed_on(i, p, *died))
            i.out.passed_on_and_missing.push_back(
                {p.event.value, "the broker had passed it on to the server"});
        else
            ++i.out.lost_by_broker;
    }
}

void audit_signals(inquiry& i) {
    std::set<std::string> pressed;
    for (auto const& p : i.presses) {
        pressed.insert(p.event.value);
        auto const at = i.record.signals.find(p.event.value);
        if (at == i.record.signals.end())
            look_for_missing(i, p);
        else if (!i.record.alerts.contains(at->second.alert))
            i.out.lost.push_back({p.event.value, "belongs to no alert"});
        else if (resends(p.sender) && !p.stored_at)
            i.out.wrong.push_back({p.event.value, "is in the record and got no receipt"});
        if (p.broker_said >= refused_from)
            i.out.wrong.push_back({p.event.value, "was refused by the broker"});
    }
    for (auto const& [event, s] : i.record.signals) {
        if (s.kind == "unreadable") ++i.out.damage_raised;
        if (!pressed.contains(event) && !is_of_house(s))
            i.out.wrong.push_back({event, "nobody has sent this"});
    }
}

// The log tells what each event has done.
void audit_effects(inquiry& i) {
    std::map<std::string, int> alerts, orders;
    for (auto const& [chain, lines] : i.record.chains)
        for (auto const& l : lines) {
            auto const event = first_word(l.what.line.why);
            switch (l.what.line.what) {
            case domain::log_kind::raised:
            case domain::log_kind::joined:
                ++alerts[event];
                break;
            case domain::log_kind::order_opened:
                ++orders[event];
                break;
            default:
                break;
            }
        }
    for (auto const& [event, times] : alerts)
        if (times > 1) i.out.doubled.push_back({event, fmt::format("{} alerts or joins", times)});
    for (auto const& [event, times] : orders)
        if (times > 1) i.out.doubled.push_back({event, fmt::format("{} orders", times)});
    for (auto const& [event, s] : i.record.signals)
        if (!alerts.contains(event)) i.out.lost.push_back({event, "its alert doesn't know it"});
}

// A patient one's alert has one signal and one order; of another's each signal counts once.
void audit_alerts(inquiry& i) {
    std::map<std::string, int> signals;
    for (auto const& [event, s] : i.record.signals)
        ++signals[s.alert];
    std::set<std::string> patient;
    for (auto const& p : i.presses)
        if (p.sender == temper::patient) patient.insert(p.event.value);
    for (auto const& [id, a] : i.record.alerts) {
        auto const at = i.record.orders_of.find(id);
        auto const orders = at == i.record.orders_of.end() ? 0 : at->second.size();
        if (a.signals != signals[id])
            i.out.wrong.push_back({a.first_event, fmt::format("its alert counts {} signals of {}",
                                                              a.signals, signals[id])});
        auto const first = i.record.signals.find(a.first_event);
        bool const of_house = first != i.record.signals.end() && is_of_house(first->second);
        if (orders == 0 && !of_house)
            i.out.lost.push_back({a.first_event, "its alert has no order"});
        if (!patient.contains(a.first_event)) continue;
        if (a.signals != 1)
            i.out.doubled.push_back({a.first_event, "somebody else's signal is in its alert"});
        if (orders > 1) i.out.doubled.push_back({a.first_event, "its alert has several orders"});
    }
}

void audit_offers(inquiry& i) {
    std::map<std::string, int> accepted;
    for (auto const& [id, o] : i.record.offers) {
        if (o.state == "accepted") ++accepted[o.order];
        auto const at = i.heard.find(id);
        if (at == i.heard.end() || at->second.version < o.version) ++i.out.offer_news_lost;
    }
    for (auto const& [order, times] : accepted)
        if (times > 1)
            i.out.doubled.push_back({i.record.orders.at(order).event, "two hold its order"});
    for (auto const& [id, h] : i.heard) {
        auto const at = i.record.offers.find(id);
        bool const is_true =
            at != i.record.offers.end() && at->second.provider == h.provider.value &&
            (h.version < at->second.version ||
             (h.version == at->second.version && to_text(*h.state) == at->second.state));
        if (!is_true)
            i.out.wrong.push_back({"", "offer " + id + " was told and is not so in the record"});
    }
    bool const broker_died = std::any_of(i.deaths.begin(), i.deaths.end(),
                                         [](death const& d) { return d.who == victim::broker; });
    if (i.out.offer_news_lost > 0 && !broker_died)
        i.out.wrong.push_back({"", "news of offers did not come, and the broker never died"});
}

void audit_chain(inquiry& i, std::string const& id, std::uint32_t seq, std::string const& hash,
                 std::string const& event) {
    auto const at = i.record.chains.find(id);
    std::string before;
    std::uint32_t last = 0;
    if (at != i.record.chains.end())
        for (auto const& l : at->second) {
            before = postgres::line_hash(before, l.what, l.seq, l.personal);
            if (l.seq != ++last || before != l.hash)
                return i.out.wrong.push_back({event, fmt::format("log {} breaks at {}", id, last)});
        }
    if (last != seq || before != hash)
        i.out.wrong.push_back({event, fmt::format("log {} ends at {}, not {}", id, last, seq)});
}

void audit_chains(inquiry& i) {
    for (auto const& [id, a] : i.record.alerts)
        audit_chain(i, id, a.log_seq, a.log_hash, a.first_event);
    for (auto const& [id, o] : i.record.orders)
        audit_chain(i, id, o.log_seq, o.log_hash, o.event);
    for (auto const& [id, lines] : i.record.chains)
        if (!i.record.alerts.contains(id) && !i.record.orders.contains(id))
            i.out.wrong.push_back({"", "log " + id + " belongs to nothing"});
}

} // namespace

audit audit_of(ledger const& outside, heard_offers const& heard, record_picture const& record) {
    inquiry i{outside.presses(), outside.deaths(), heard, record, {}};
    audit_signals(i);
    audit_effects(i);
    audit_alerts(i);
    audit_offers(i);
    audit_chains(i);
    if (record.open_without_due > 0)
        i.out.wrong.push_back({"", fmt::format("{} open without due_at", record.open_without_due)});
    if (record.lines_back_in_time > 0)
        i.out.wrong.push_back(
            {"", fmt::format("{} log lines of the server lie before the line that "
                             "precedes them",
                             record.lines_back_in_time)});
    return std::move(i.out);
}

} // namespace linli::tests::load
