// Trying the ways to people: one number, or a resident's contacts, by day and with their knowledge.
#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "adapters/files/notice_file.hpp"
#include "adapters/notify/channels.hpp"
#include "adapters/postgres/delivery_record.hpp"
#include "app/id_source.hpp"
#include "cli/commands.hpp"
#include "runtime/config.hpp"
#include "runtime/machine_time.hpp"

namespace linli::cli {

namespace {

using domain::channel;
using domain::delivery_state;
using postgres::delivery_database;

struct words {
    std::string channel;
    std::string to;
};

app::letter test_letter(runtime::config const& c, channel by, std::string const& language) {
    auto const texts = files::load_notices(c.notify.texts);
    auto const now = runtime::machine_time();
    auto const said = app::said{"服务对象", "test", c.notify.callback, c.installation.utc_offset};
    auto const wording = app::word_test(texts, language, said);
    app::letter l;
    l.by = by;
    l.key = to_string(app::id_source(std::random_device{}()).next(now));
    l.subject = wording.subject;
    l.text = wording.text;
    l.about.event = {"test"};
    l.about.at = now;
    l.at = now;
    return l;
}

delivery_state state_of(app::carried const& came) {
    switch (came.how) {
    case domain::sending::accepted:
        return delivery_state::sent;
    case domain::sending::confirmed:
        return delivery_state::delivered;
    case domain::sending::refused:
    case domain::sending::unreachable:
    case domain::sending::silent:
        break;
    }
    return delivery_state::failed;
}

// What to do about a failure, by the first of its codes that fits.
std::string remedy_for(std::string const& reason) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 12> remedies{{
        {"certificate", "set notify.ca_file to what vouches for its certificate"},
        {"tls", "it must offer TLS; smtp:// must offer STARTTLS"},
        {"login", "it refuses user or password: correct them in [notify.email]"},
        {"name", "nobody knows its host: correct url"},
        {"connection", "is it running, and is url right? \"linli check\" tries to connect"},
        {"timeout", "no answer in timeout_s: ask whoever runs it"},
        {"answer", "it answers no: is success_equals right, and has the account credit?"},
        {"status_401", "it refuses the secret: correct secret_file, or headers"},
        {"status_403", "it refuses the secret: correct secret_file, or headers"},
        {"status_4", "it refuses the request: is the number right, and body as it wants it?"},
        {"status_", "its own fault, or url is wrong: ask whoever runs it"},
        {"smtp_", "it refuses the address: correct it"},
    }};
    for (auto const& [code, remedy] : remedies)
        if (reason.starts_with(code)) return std::string(remedy);
    return "\"linli check\" may say more";
}

// "sent", "failed: status_401: it refuses the secret …".
std::string words_for(app::carried const& came) {
    auto const state = state_of(came);
    std::string said(to_text(state));
    if (!came.reason.empty()) said += ": " + came.reason;
    if (state == delivery_state::failed) said += ": " + remedy_for(came.reason);
    return said;
}

int try_number(runtime::config const& c, words const& w) {
    auto const by = domain::from_text<channel>(w.channel);
    if (!by) throw std::runtime_error("no such channel: write voice, sms, email or webhook");
    if (!notify::has_channel(c.notify, *by))
        throw std::runtime_error("[notify." + w.channel + "] has no url: nobody is told this way");
    if (w.to.empty() && *by != channel::webhook)
        throw std::runtime_error("whom by " + w.channel +
                                 "? Write the number or address behind it");
    auto letter = test_letter(c, *by, "zh");
    (*by == channel::email ? letter.email : letter.phone) = w.to;
    auto const came = notify::carry_now(c.notify, letter);
    std::cout << words_for(came) << '\n';
    return state_of(came) == delivery_state::failed ? 1 : 0;
}

template <class T>
T waited_for(runtime::task<app::record_result<T>> work) {
    boost::asio::io_context loop;
    std::optional<app::record_result<T>> got;
    boost::asio::co_spawn(loop, std::move(work),
                          [&](std::exception_ptr e, app::record_result<T> done) {
                              if (e) std::rethrow_exception(e);
                              got.emplace(std::move(done));
                          });
    loop.run();
    if (!got || !*got) throw std::runtime_error("the database is away: see \"linli check\"");
    if constexpr (!std::is_void_v<T>) return std::move(**got);
}

// Says the contact's place, never the number.
bool try_contact(runtime::config const& c, delivery_database& record,
                 domain::resident_id const& resident,
                 delivery_database::contact_address const& contact, channel by) {
    auto letter = test_letter(c, by, contact.language);
    letter.phone = contact.phone;
    letter.email = contact.email;
    auto const came = notify::carry_now(c.notify, letter);
    delivery_database::trial const trial{resident,  contact.place,  by,
                                         letter.at, state_of(came), came.reason};
    waited_for(record.keep_trial(trial));
    std::cout << "contact " << contact.place << ' ' << to_text(by) << ' ' << words_for(came)
              << '\n';
    return trial.state != delivery_state::failed;
}

// By each way that is there; one that has none can't be told of an emergency either.
bool try_ways(runtime::config const& c, delivery_database& record,
              domain::resident_id const& resident,
              delivery_database::contact_address const& contact) {
    bool all_well = true;
    bool has_way = false;
    for (auto const by : contact.ways) {
        if (!notify::has_channel(c.notify, by)) continue;
        has_way = true;
        all_well = try_contact(c, record, resident, contact, by) && all_well;
    }
    if (!has_way)
        std::cout << "contact " << contact.place
                  << " can't be told: set the url of one of its channels in [notify.voice], "
                     "[notify.sms] or [notify.email], or give it a number or address for one\n";
    return has_way && all_well;
}

int try_contacts(runtime::config const& c, words const& w) {
    auto const record =
        postgres::open_deliveries(c.database.url, postgres::key_ring::load(c.database.key_file));
    domain::resident_id const resident{w.to};
    auto const contacts = waited_for(record->contacts_of(resident));
    bool all_well = !contacts.empty();
    if (contacts.empty()) std::cout << "no contact of " << w.to << " may be told\n";
    for (auto const& contact : contacts)
        all_well = try_ways(c, *record, resident, contact) && all_well;
    record->stop();
    return all_well ? 0 : 1;
}

} // namespace

void add_notify(CLI::App& to, invocation& with) {
    auto const w = std::make_shared<words>();
    auto* notify = to.add_subcommand("notify", "The ways to people outside the house");
    notify->require_subcommand(1);
    auto* test = notify->add_subcommand("test", "Send a test message");
    test->add_option("channel", w->channel, "voice, sms, email or webhook")->required();
    test->add_option("to", w->to, "The number or address; nothing for the webhook");
    test->callback([&with, w] {
        with.run = [&with, w] { return try_number(runtime::load_config(with.config_file), *w); };
    });
}

void add_contacts(CLI::App& to, invocation& with) {
    auto const w = std::make_shared<words>();
    auto* contacts = to.add_subcommand("contacts", "Whom to tell about a resident");
    contacts->require_subcommand(1);
    auto* test = contacts->add_subcommand(
        "test", "Send each contact a test message by each channel, and keep what came of it");
    test->add_option("resident", w->to, "The resident's id")->required();
    test->callback([&with, w] {
        with.run = [&with, w] { return try_contacts(runtime::load_config(with.config_file), *w); };
    });
}

} // namespace linli::cli
