#include "system/crash/figures.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

#include <fmt/core.h>

namespace linli::tests::crash {

using namespace load;

namespace {

double seconds(steady::duration d) {
    return std::chrono::duration<double>(d).count();
}

struct table {
    std::string text;

    void line(std::string const& what, long count) {
        fmt::format_to(std::back_inserter(text), "{:<58}{:>10}\n", what, count);
    }
    void line(std::string const& what, steady::duration time) {
        fmt::format_to(std::back_inserter(text), "{:<58}{:>8.3f} s\n", what, seconds(time));
    }
    void gap() { text += '\n'; }
};

template <class T>
long count(std::vector<T> const& all, std::function<bool(T const&)> const& fits) {
    return std::count_if(all.begin(), all.end(), fits);
}

void field_lines(table& t, std::vector<press> const& presses) {
    long sendings = 0, receipts = 0;
    steady::duration longest{0};
    for (auto const& p : presses) {
        sendings += p.sendings;
        receipts += p.receipts;
        if (p.stored_at) longest = std::max(longest, *p.stored_at - p.pressed_at);
    }
    auto const events = static_cast<long>(presses.size());
    auto const once = count<press>(presses, [](auto& p) { return !resends(p.sender); });
    t.line("signals sent (events)", events);
    t.line("  by devices that send until receipted", events - once);
    t.line("  by devices that send once", once);
    t.line("  acknowledged by the broker",
           count<press>(presses, [](auto& p) { return p.taken_at.has_value(); }));
    t.line("  sendings", sendings);
    t.line("events with our receipt",
           count<press>(presses, [](auto& p) { return p.stored_at.has_value(); }));
    t.line("  receipts heard", receipts);
    t.line("  longest from press to receipt", longest);
}

void record_lines(table& t, record_picture const& record) {
    t.gap();
    t.line("signals in the record", static_cast<long>(record.signals.size()));
    t.line("alerts", static_cast<long>(record.alerts.size()));
    t.line("orders", static_cast<long>(record.orders.size()));
    t.line("  completed", std::count_if(record.orders.begin(), record.orders.end(),
                                        [](auto& o) { return o.second.state == "completed"; }));
    t.line("offers", static_cast<long>(record.offers.size()));
    long lines = 0;
    for (auto const& [id, chain] : record.chains)
        lines += static_cast<long>(chain.size());
    t.line("log lines", lines);
    t.line("  earlier than the line before them, both of the server", record.lines_back_in_time);
    t.line("  earlier than the line before them, one of the desk", record.desk_lines_back_in_time);
}

void provider_lines(table& t, heard_offers const& heard, reply_counts const& replies) {
    long messages = 0, repeated = 0, older = 0;
    for (auto const& [id, h] : heard) {
        messages += h.messages;
        repeated += h.repeated;
        older += h.older;
    }
    t.gap();
    t.line("messages about offers heard by providers", messages);
    t.line("  of the same version again", repeated);
    t.line("  of an older version, ignored", older);
    t.line("replies of providers", replies.sent);
    t.line("  sent again", replies.resent);
    t.line("  answered", replies.answered);
    t.line("  of these refused (too late, taken, closed)", replies.refused);
}

void death_lines(table& t, ledger const& outside) {
    auto const deaths = outside.deaths();
    auto const of = [&](victim who) {
        return count<death>(deaths, [&](auto& d) { return d.who == who; });
    };
    auto const by = [&](aim how) {
        return count<death>(deaths,
                            [&](auto& d) { return d.who == victim::server && d.how == how; });
    };
    auto returns = outside.returns();
    std::sort(returns.begin(), returns.end());
    t.gap();
    t.line("kills of the server", of(victim::server));
    t.line("  at any time after it was ready", by(aim::any_time));
    t.line("  at a receipt or an offer that the field has just heard", by(aim::at_a_message));
    t.line("  while it started, or another part was away", by(aim::while_starting));
    t.line("  that left something committed and not yet told", outside.kills_before_telling());
    t.line("    events of these: receipt came after the restart", outside.events_told_late());
    t.line("kills of the database", of(victim::database));
    t.line("kills of the broker", of(victim::broker));
    if (returns.empty()) return;
    t.line("from a restart to ready, middle", returns[returns.size() / 2]);
    t.line("from a restart to ready, longest", returns.back());
}

} // namespace

std::string figures_of(ledger const& outside, heard_offers const& heard,
                       record_picture const& record, audit const& found) {
    table t;
    field_lines(t, outside.presses());
    record_lines(t, record);
    provider_lines(t, heard, outside.replies());
    death_lines(t, outside);
    t.gap();
    t.line("lost by the broker, of devices that send once", found.lost_by_broker);
    t.line("  and sent while it had lost the server's session", found.nobody_listened);
    t.line("  offers whose last news it lost", found.offer_news_lost);
    t.line("house clock ahead of the machine's, seconds", static_cast<long>(record.clock_ahead_s));
    t.line("lasted", steady::now() - outside.began_at());
    t.gap();
    t.line("lost", static_cast<long>(found.lost.size() + found.passed_on_and_missing.size()));
    t.line("doubled", static_cast<long>(found.doubled.size()));
    t.line("otherwise wrong", static_cast<long>(found.wrong.size()));
    return t.text;
}

} // namespace linli::tests::crash
