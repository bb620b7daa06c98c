// The desk without pages: what an operator does, from a terminal.
#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "cli/commands.hpp"
#include "cli/known_words.hpp"
#include "cli/picture.hpp"
#include "cli/session.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

namespace {

struct words {
    std::string target; // an id, its end, a subject, or an order number
    std::string who;
    std::string text;
    std::string outcome;
    std::string worker;
    std::string provider;
    int rating = 0;
};

constexpr int most_listed = 1000;

// "resident:R1", a whole id, or at least its last six characters.
bool is_meant(std::string const& target, std::string const& id, std::string const& subject) {
    return target == id || target == subject || (target.size() >= 6 && id.ends_with(target));
}

template <class Items, class Match>
auto const& the_one(Items const& items, std::string const& target, char const* what,
                    Match const& match) {
    auto const first = std::find_if(items.begin(), items.end(), match);
    if (first == items.end())
        throw std::runtime_error("no open " + std::string(what) + " \"" + target +
                                 "\": \"linli desk list\" shows what is open");
    if (std::find_if(std::next(first), items.end(), match) != items.end())
        throw std::runtime_error("\"" + target + "\" means more than one " + std::string(what) +
                                 ": give more of its id");
    return *first;
}

int tell(app::desk::answer const& done, char const* did) {
    if (!done) throw std::runtime_error("the database is away: nothing was changed, try again");
    if (done->refused)
        throw std::runtime_error("refused: " + std::string(to_text(*done->refused)) +
                                 "; nothing was changed");
    std::cout << did << '\n';
    return 0;
}

runtime::task<app::overview> look(session& s) {
    auto seen = co_await s.desk().look(most_listed);
    if (!seen) throw std::runtime_error("the database is away");
    co_return std::move(*seen);
}

runtime::task<domain::alert_id> find_alert(session& s, std::string target) {
    auto const seen = co_await look(s);
    auto const& found = the_one(seen.alerts, target, "alert", [&](app::alert_line const& a) {
        return is_meant(target, to_string(a.what.id), to_string(a.what.about));
    });
    co_return found.what.id;
}

runtime::task<domain::order_id> find_order(session& s, std::string target) {
    auto const seen = co_await look(s);
    std::vector<app::order_line> all = seen.orders;
    for (auto const& a : seen.alerts)
        all.insert(all.end(), a.orders.begin(), a.orders.end());
    auto const& found = the_one(all, target, "order", [&](app::order_line const& o) {
        return o.number == target || is_meant(target, to_string(o.id), to_string(o.about));
    });
    co_return found.id;
}

runtime::task<int> list(session& s) {
    auto const seen = co_await look(s);
    std::cout << draw(seen, s.clock().now(), {});
    co_return 0;
}

runtime::task<int> claim(session& s, words w) {
    auto const id = co_await find_alert(s, w.target);
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().claim(id, who);
    co_return tell(done, "claimed");
}

runtime::task<int> take_over(session& s, words w) {
    auto const id = co_await find_alert(s, w.target);
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().take_over(id, who, w.text);
    co_return tell(done, "taken over: it is yours");
}

runtime::task<int> release(session& s, words w) {
    auto const id = co_await find_alert(s, w.target);
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().release(id, who);
    co_return tell(done, "released: it rings again");
}

runtime::task<int> note(session& s, words w) {
    auto const id = co_await find_alert(s, w.target);
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().note(id, who, w.text);
    co_return tell(done, "noted");
}

runtime::task<int> close(session& s, words w) {
    auto const outcome = domain::from_text<domain::disposition>(w.outcome);
    if (!outcome) throw std::runtime_error("no such outcome: " + w.outcome);
    auto const id = co_await find_alert(s, w.target);
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().close(id, who, *outcome, w.text);
    co_return tell(done, "closed");
}

runtime::task<int> done(session& s, words w) {
    auto const what = domain::from_text<domain::ask>(w.outcome);
    if (!what) throw std::runtime_error("nobody asks for that: " + w.outcome);
    auto const id = co_await find_alert(s, w.target);
    domain::operator_id const who{w.who};
    auto const taken = co_await s.desk().done_as_asked(id, who, *what, w.text);
    co_return tell(taken, "noted: it is no longer asked for");
}

runtime::task<int> drill(session& s, words w) {
    auto const kind = domain::from_text<domain::alert_kind>(w.outcome);
    if (!kind || !domain::is_of_devices(*kind))
        throw std::runtime_error("no device reports that: " + w.outcome);
    domain::device_id const device{w.target};
    domain::operator_id const who{w.who};
    auto const begun = co_await s.desk().drill(device, *kind, who);
    co_return tell(begun, "the drill has begun: claim and close it like any alert");
}

runtime::task<int> install(session& s, words w) {
    domain::device_id const device{w.target};
    domain::operator_id const who{w.who};
    auto const opened = co_await s.desk().install(device, who);
    if (opened && opened->refused == domain::refusal::unknown)
        throw std::runtime_error("nobody has registered a device \"" + w.target +
                                 "\": \"linli import\" does");
    if (opened && opened->refused == domain::refusal::out_of_turn)
        throw std::runtime_error("\"" + w.target +
                                 "\" is registered for no resident and no home: devices.csv says "
                                 "for whom it is");
    if (opened && opened->refused == domain::refusal::held)
        throw std::runtime_error("its installation is open already: \"linli desk list\" shows it");
    co_return tell(opened, "a worker is asked to install it; his order ends only after a press of "
                           "it that a desk has claimed");
}

runtime::task<int> cancel(session& s, words w) {
    auto const id = co_await find_order(s, w.target);
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().cancel(id, who, w.text);
    co_return tell(done, "cancelled; a worker who is on his way is called back");
}

runtime::task<int> offer(session& s, words w) {
    auto const id = co_await find_order(s, w.target);
    domain::worker_id const worker{w.worker};
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().offer_to(id, who, worker);
    if (done && done->refused == domain::refusal::unknown)
        throw std::runtime_error("nobody has registered a worker \"" + w.worker + "\"");
    if (done && done->refused == domain::refusal::busy)
        throw std::runtime_error(w.worker + " is on an emergency visit to another home");
    if (done && done->refused == domain::refusal::taken)
        throw std::runtime_error("somebody goes already: \"linli desk list\" shows who");
    co_return tell(done, "he is asked now; whoever accepts first goes");
}

// To him, or to his company, which he tells us goes by him.
app::offer_line const& offer_to(std::vector<app::offer_line> const& all, words const& w) {
    auto const made_to = [&](std::string const& worker) {
        return std::find_if(all.begin(), all.end(), [&](app::offer_line const& o) {
            return (w.provider.empty() || o.provider.value == w.provider) &&
                   o.worker.value == worker;
        });
    };
    auto found = made_to(w.worker);
    if (found == all.end()) found = made_to({});
    if (found != all.end()) return *found;
    std::string others;
    for (auto const& o : all)
        others += ' ' + (o.worker.empty() ? "company " + o.provider.value : o.worker.value);
    throw std::runtime_error(
        "this order was not offered to " + w.worker +
        (others.empty() ? ": nobody is asked" : "; it was offered to" + others));
}

runtime::task<int> reply(session& s, words w) {
    auto const kind = domain::from_text<domain::reply_kind>(w.outcome);
    if (!kind) throw std::runtime_error("nobody can reply that: " + w.outcome);
    auto const id = co_await find_order(s, w.target);
    auto const offers = co_await s.desk().offers_of(id);
    if (!offers) throw std::runtime_error("the database is away");
    auto const to = offer_to(*offers, w);
    domain::worker_id const worker{w.worker};
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().reply_for(to.id, to.provider, worker, who, *kind, w.text);
    co_return tell(done, "noted as his word, heard by you");
}

runtime::task<int> follow_up(session& s, words w) {
    auto const id = co_await find_order(s, w.target);
    domain::operator_id const who{w.who};
    auto const rating = w.rating > 0 ? std::optional(w.rating) : std::nullopt;
    auto const done = co_await s.desk().follow_up(id, who, rating, w.text);
    co_return tell(done, "followed up: the order is closed");
}

runtime::task<int> ring_back(session& s, words w) {
    auto const seen = co_await look(s);
    auto const& found = the_one(seen.requests, w.target, "request", [&](domain::request const& q) {
        return is_meant(w.target, to_string(q.id), to_string(q.about));
    });
    auto const id = found.id;
    domain::operator_id const who{w.who};
    auto const done = co_await s.desk().ring_back(id, who, w.text);
    co_return tell(done, "rung back: the request is closed");
}

using action = runtime::task<int> (*)(session&, words);

CLI::App* add_action(CLI::App& desk, invocation& with, std::shared_ptr<words> const& w,
                     char const* name, char const* help, action run) {
    auto* command = desk.add_subcommand(name, help);
    command
        ->add_option("what", w->target,
                     "Its id (or the last six characters), its subject, or the order's number")
        ->required();
    command->add_option("--operator,-o", w->who, "Who you are")
        ->required()
        ->envname("LINLI_OPERATOR");
    command->callback([&with, w, run] {
        with.run = [&with, w, run] {
            session s(runtime::load_config(with.config_file));
            return s.run([&] { return run(s, *w); });
        };
    });
    return command;
}

} // namespace

void add_desk(CLI::App& to, invocation& with) {
    auto const w = std::make_shared<words>();
    auto* desk = to.add_subcommand("desk", "The desk without pages: see, claim, note, close");
    desk->require_subcommand(1);
    auto* listing = desk->add_subcommand("list", "What is open, the most urgent first");
    listing->callback([&with] {
        with.run = [&with] {
            session s(runtime::load_config(with.config_file));
            return s.run([&] { return list(s); });
        };
    });
    add_action(*desk, with, w, "claim", "Take an alert, or acknowledge a new press on yours",
               claim);
    add_action(*desk, with, w, "take-over",
               "Take an alert that somebody else holds, and say why: it goes into its record",
               take_over)
        ->add_option("--why", w->text, "The reason")
        ->required();
    add_action(*desk, with, w, "release", "Give an alert back: it rings again", release);
    add_action(*desk, with, w, "note", "Write into the record of an alert", note)
        ->add_option("--text,-t", w->text, "What to write")
        ->required();
    auto* closing = add_action(*desk, with, w, "close", "Close an alert with its outcome", close);
    closing->add_option("--outcome", w->outcome, "One of: " + known_words(domain::is_for_operators))
        ->required();
    closing->add_option("--text,-t", w->text, "What happened");
    auto* doing = add_action(*desk, with, w, "done",
                             "What the plan asked for is done: \"ASKED\" in the list", done);
    doing->add_option("--what", w->outcome, "One of: " + known_words<domain::ask>())->required();
    doing->add_option("--text,-t", w->text, "What came of it");
    auto* drilling = add_action(*desk, with, w, "drill",
                                "演练 with the device WHAT: an alert as if it had reported that; "
                                "nobody outside is told, and no figure counts it",
                                drill);
    drilling->add_option("--kind", w->outcome, "One of: " + known_words(domain::is_of_devices))
        ->default_val("sos");
    add_action(*desk, with, w, "install",
               "Send somebody to put the device WHAT into its home; he must press it there, and a "
               "desk must claim that call, before it is done",
               install);
    add_action(*desk, with, w, "cancel", "Cancel an order that has not arrived", cancel)
        ->add_option("--why", w->text, "The reason")
        ->required();
    add_action(*desk, with, w, "offer",
               "Ask a worker whom you choose, also off duty, beside whoever is asked already",
               offer)
        ->add_option("--worker,-w", w->worker, "Whom")
        ->required();
    auto* replying = add_action(*desk, with, w, "reply",
                                "What a worker says on the telephone to the offer of an order, "
                                "written down as his word",
                                reply);
    replying->add_option("--worker,-w", w->worker, "Who says it, or whom his company sends")
        ->required();
    replying->add_option("--provider", w->provider, "His company, if it is not plain");
    replying->add_option("--kind", w->outcome, "One of: " + known_words<domain::reply_kind>())
        ->required();
    replying->add_option("--text,-t", w->text, "The reason, of a decline or a failure");
    auto* asking =
        add_action(*desk, with, w, "follow-up",
                   "You have called to ask whether help came: close the order", follow_up);
    asking->add_option("--rating", w->rating, "1 to 5, as the resident said")
        ->check(CLI::Range(1, 5));
    asking->add_option("--text,-t", w->text, "What the resident said");
    add_action(*desk, with, w, "ring-back", "You have rung the resident back: close the request",
               ring_back)
        ->add_option("--text,-t", w->text, "What was wanted");
    add_device_commands(*desk, with);
}

} // namespace linli::cli
