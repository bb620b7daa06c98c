// Who may sign in at the pages. Works on the database alone, so that the first one needs no server.
#include <iostream>
#include <memory>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <fmt/core.h>

#include "adapters/postgres/account_record.hpp"
#include "adapters/secrets/passwords.hpp"
#include "app/account_deeds.hpp"
#include "cli/commands.hpp"
#include "cli/house_now.hpp"
#include "cli/known_words.hpp"
#include "cli/new_password.hpp"
#include "runtime/config.hpp"
#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace {

namespace json = boost::json;
using app::account;
using deed_end = app::account_record::deed_end;
using stored_account = app::account_record::stored_account;
using listed_account = app::account_record::listed_account;

struct choices {
    std::string user;
    std::string name;
    std::string role;
    std::string area;
    std::string site;
    std::string provider;
    std::string worker;
    bool password_stdin = false;
    bool as_json = false;
};

// The accounts of an installation and what hashes their passwords, for one command.
class office {
public:
    explicit office(runtime::config const& with)
        : url_(with.database.url),
          record_(postgres::open_accounts(with.database.url,
                                          postgres::key_ring::load(with.database.key_file))),
          passwords_(secrets::start_passwords()) {}
    office(office const&) = delete;
    office& operator=(office const&) = delete;
    ~office() {
        record_->stop();
        passwords_->stop();
    }

    app::account_record& record() { return *record_; }
    domain::instant time() const { return house_now(url_); }
    app::password_hashing& passwords() { return *passwords_; }

    void run(runtime::task<void> work) {
        std::exception_ptr failed;
        boost::asio::co_spawn(loop_, std::move(work),
                              [&](std::exception_ptr error) { failed = error; });
        loop_.run();
        if (failed) std::rethrow_exception(failed);
    }

private:
    boost::asio::io_context loop_{1};
    std::string const url_;
    std::unique_ptr<postgres::account_database> record_;
    std::unique_ptr<secrets::passwords> passwords_;
};

// ------------------------------------------------------------------ what may not be

[[noreturn]] void refuse(std::string const& why) {
    throw std::runtime_error(why);
}

void refuse_if_away(app::record_errc why) {
    if (why == app::record_errc::away)
        refuse("the database can't be reached, or has no schema yet: see \"linli check\", then "
               "\"linli migrate\"");
    if (why == app::record_errc::bad_data)
        refuse("the database refuses this account; nothing was changed: its log says why");
}

domain::role role_of(std::string const& word) {
    auto const role = domain::from_text<domain::role>(word);
    if (!role) refuse("no such role: " + word + "; there are " + known_words<domain::role>());
    return *role;
}

[[noreturn]] void refuse_who_is_there(std::string const& user) {
    refuse("there is a user \"" + user +
           "\" already: \"linli user password\" and \"linli user role\" change what is there");
}

void change_as_chosen(account& a, choices const& c) {
    if (!c.role.empty()) a.role = role_of(c.role);
    if (!c.name.empty()) a.name = c.name;
    if (!c.area.empty()) a.area = {c.area};
    if (!c.site.empty()) a.site = {c.site};
    if (!c.provider.empty()) a.provider = {c.provider};
    if (!c.worker.empty()) a.worker = {c.worker};
    auto const wrong = app::objection_to(a);
    if (!wrong) return;
    bool const is_an_option = wrong->field != "user";
    refuse(wrong->why + (is_an_option ? ": --" + wrong->field : ""));
}

// ------------------------------------------------------------------ what is done

runtime::task<stored_account> known(office& o, std::string const& user) {
    domain::operator_id const whom{user};
    auto const found = co_await o.record().find(whom);
    if (!found) refuse_if_away(found.error());
    if (!*found)
        refuse("there is no user \"" + user + "\": \"linli user list\" shows who there is");
    co_return **found;
}

runtime::task<void> carry_out(office& o, app::account_record::deed what) {
    auto const done = co_await o.record().do_to_account(what);
    if (!done) refuse_if_away(done.error());
    auto const& user = what.who.user.value;
    switch (*done) {
    case deed_end::done:
        co_return;
    case deed_end::last_administrator:
        refuse("\"" + user +
               "\" is the last administrator of that area: \"linli user add\" "
               "another one first");
    case deed_end::stale:
        break;
    }
    if (what.who.version == 0) refuse_who_is_there(user);
    refuse("somebody else has changed \"" + user + "\" meanwhile; nothing was changed: try again");
}

// In the access log, where accounts changed by a page are told with the administrator's user.
app::doer command_line(office const& o) {
    return {{"command line"}, o.time()};
}

runtime::task<void> add(office& o, choices c) {
    account a;
    a.user = {c.user};
    change_as_chosen(a, c);
    auto const found = co_await o.record().find(a.user);
    if (!found) refuse_if_away(found.error());
    if (*found) refuse_who_is_there(c.user);
    auto password = new_password(a, c.password_stdin);
    auto hash = co_await o.passwords().hash(std::move(password));
    auto what = app::adding(a, std::move(hash), command_line(o));
    co_await carry_out(o, std::move(what));
    std::cout << c.user << " may sign in as " << to_text(a.role) << " of " << a.area.value << '\n';
}

runtime::task<void> change_password(office& o, choices c) {
    auto const found = co_await known(o, c.user);
    auto password = new_password(found.who, c.password_stdin);
    auto hash = co_await o.passwords().hash(std::move(password));
    auto what = app::giving_password(found.who, std::move(hash), command_line(o));
    co_await carry_out(o, std::move(what));
    std::cout << "changed; whoever was signed in as " << c.user << " is signed out\n";
}

runtime::task<void> let_in(office& o, choices c, bool is_let_in) {
    auto const found = co_await known(o, c.user);
    auto what = app::letting_in(found.who, is_let_in, command_line(o));
    co_await carry_out(o, std::move(what));
    std::cout << c.user << (is_let_in ? " may sign in\n" : " is signed out and may not sign in\n");
}

runtime::task<void> change_role(office& o, choices c) {
    auto const found = co_await known(o, c.user);
    auto after = found.who;
    change_as_chosen(after, c);
    auto what = app::changing(found.who, after, command_line(o));
    auto const signed_out =
        what.ends_sessions ? "; whoever was signed in as " + c.user + " is signed out" : "";
    co_await carry_out(o, std::move(what));
    std::cout << c.user << " is " << to_text(after.role) << " of " << after.area.value << signed_out
              << '\n';
}

// ------------------------------------------------------------------ the list

std::string when_signed_in(listed_account const& each) {
    return each.signed_in_at ? runtime::utc_text(*each.signed_in_at).substr(0, 19) : "";
}

std::string as_json(std::vector<listed_account> const& all) {
    json::array lines;
    for (auto const& each : all)
        lines.push_back(
            {{"user", each.who.user.value},
             {"name", each.who.name},
             {"role", to_text(each.who.role)},
             {"area", each.who.area.value},
             {"site", each.who.site.value},
             {"provider", each.who.provider.value},
             {"worker", each.who.worker.value},
             {"disabled", each.who.is_disabled},
             {"signed_in_at", each.signed_in_at ? runtime::utc_text(*each.signed_in_at) : ""}});
    return json::serialize(lines) + '\n';
}

std::string as_table(std::vector<listed_account> const& all) {
    constexpr auto line = "{:<20}{:<18}{:<14}{:<22}{:<10}{}\n";
    auto text = fmt::format(line, "USER", "ROLE", "AREA", "LAST SIGNED IN (UTC)", "MAY", "NAME");
    for (auto const& each : all)
        text += fmt::format(line, each.who.user.value, to_text(each.who.role), each.who.area.value,
                            each.signed_in_at ? when_signed_in(each) : "never",
                            each.who.is_disabled ? "disabled" : "sign in", each.who.name);
    if (all.empty()) text += "nobody may sign in yet: \"linli user add --help\"\n";
    return text;
}

runtime::task<void> list(office& o, choices c) {
    auto const all = co_await o.record().list();
    if (!all) refuse_if_away(all.error());
    std::cout << (c.as_json ? as_json(*all) : as_table(*all));
}

// ------------------------------------------------------------------ the words

using work = runtime::task<void> (*)(office&, choices);

void runs(CLI::App* command, invocation& with, std::shared_ptr<choices> const& c, work what) {
    command->callback([&with, c, what] {
        with.run = [&with, c, what] {
            office o(runtime::load_config(with.config_file));
            o.run(what(o, *c));
            return 0;
        };
    });
}

CLI::App* about_one(CLI::App& user, char const* name, char const* does,
                    std::shared_ptr<choices> const& c) {
    auto* command = user.add_subcommand(name, does);
    command->add_option("user", c->user, "Whom: 1 to 40 of a-z, 0-9, '.', '_' and '-'")->required();
    return command;
}

void add_password_choice(CLI::App* command, std::shared_ptr<choices> const& c) {
    command->add_flag("--password-stdin", c->password_stdin,
                      "Take the password from standard input's first line, not from the terminal");
}

void add_place_choices(CLI::App* command, std::shared_ptr<choices> const& c) {
    command->add_option("--site", c->site, "The desk where they sit, as sites.csv names it");
    command->add_option("--provider", c->provider, "Of a provider_manager and a worker");
    command->add_option("--worker", c->worker, "Of a worker, as workers.csv names him");
}

} // namespace

void add_user(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* user = to.add_subcommand("user", "Who may sign in at the pages, and as what");
    user->require_subcommand(1);
    auto* adding = about_one(*user, "add",
                             "Somebody new. A password has at least 10 characters; it is asked on "
                             "the terminal, twice",
                             c);
    adding->add_option("--name", c->name, "As it is shown: 张敏")->required();
    adding->add_option("--role", c->role, "One of: " + known_words<domain::role>())->required();
    adding->add_option("--area", c->area, "The code of their area: this one and all below it")
        ->required();
    add_place_choices(adding, c);
    add_password_choice(adding, c);
    runs(adding, with, c, add);

    auto* listing = user->add_subcommand("list", "Who there is, and when they last signed in");
    listing->add_flag("--json", c->as_json, "For programs");
    runs(listing, with, c, list);

    auto* password = about_one(*user, "password",
                               "A new password; whoever is signed in with the old one is out", c);
    add_password_choice(password, c);
    runs(password, with, c, change_password);

    auto* disable = about_one(*user, "disable", "Out at once, and not in again", c);
    runs(disable, with, c, [](office& o, choices it) { return let_in(o, std::move(it), false); });
    auto* enable = about_one(*user, "enable", "May sign in again, with the password as it was", c);
    runs(enable, with, c, [](office& o, choices it) { return let_in(o, std::move(it), true); });

    auto* role = about_one(*user, "role", "Another work, area or desk; what isn't named stays", c);
    role->add_option("role", c->role, "One of: " + known_words<domain::role>())->required();
    role->add_option("--area", c->area, "The code of their area: this one and all below it");
    role->add_option("--name", c->name, "As it is shown");
    add_place_choices(role, c);
    runs(role, with, c, change_role);
}

} // namespace linli::cli
