// A resident's own data: a copy of it for himself, and its end.
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "adapters/files/person_writing.hpp"
#include "adapters/postgres/account_record.hpp"
#include "adapters/postgres/erasure_record.hpp"
#include "adapters/postgres/person_reading.hpp"
#include "app/person_files.hpp"
#include "app/report_period.hpp"
#include "cli/commands.hpp"
#include "cli/erasure_text.hpp"
#include "cli/known_words.hpp"
#include "cli/session.hpp"
#include "runtime/replace_file.hpp"

namespace linli::cli {

namespace {

struct choices {
    std::string resident;
    std::string who;
    std::string reason;
    std::string why;
    std::string on;
    std::filesystem::path folder = ".";
    int most_rows = 20'000;
};

// What these commands stand on.
struct desk_of_persons {
    explicit desk_of_persons(runtime::config const& config)
        : with(config), house(config), erasures(postgres::open_erasures(config.database.url)) {}
    desk_of_persons(desk_of_persons const&) = delete;
    desk_of_persons& operator=(desk_of_persons const&) = delete;
    ~desk_of_persons() { erasures->stop(); }

    runtime::config with;
    session house;
    std::unique_ptr<postgres::erasure_database> erasures;
};

[[noreturn]] void cannot(app::record_errc why) {
    if (why == app::record_errc::conflict)
        throw std::runtime_error("it stands otherwise by now: nothing was changed, look again");
    throw std::runtime_error("the database is away: nothing was changed, try again");
}

int refused(choices const& c, app::erasures::answer const& said) {
    std::cerr << refusal_text({c.resident}, said) << '\n';
    return 1;
}

std::chrono::sys_days day_he_came(std::string const& text, desk_of_persons& on) {
    auto const offset = on.with.installation.utc_offset;
    auto const day = app::parse_day(text);
    if (day && domain::can_be_wished_on(*day, on.house.clock().now(), offset)) return *day;
    throw std::runtime_error("when he came is a day as 2026-11-28, not ahead and not older than a "
                             "year: " +
                             text);
}

runtime::task<int> erase(desk_of_persons& on, choices c) {
    auto const why = domain::from_text<domain::erasure_reason>(c.reason);
    if (!why)
        throw std::runtime_error("no such reason: " + c.reason + "; there are " +
                                 known_words<domain::erasure_reason>());
    app::erasures erasures(*on.erasures, on.house.clock());
    app::erasures::wish what{{c.resident}, *why, {c.who}};
    if (!c.on.empty()) what.on = day_he_came(c.on, on);
    auto const said = co_await erasures.ask(std::move(what));
    if (!said) cannot(said.error());
    if (said->refused) co_return refused(c, *said);
    std::cout << asked_text(said->now);
    co_return 0;
}

runtime::task<int> withdraw(desk_of_persons& on, choices c) {
    app::erasures erasures(*on.erasures, on.house.clock());
    domain::resident_id const who{c.resident};
    domain::operator_id const by{c.who};
    auto const why = domain::from_text<domain::erasure_withdrawal>(c.why);
    if (!why)
        throw std::runtime_error("no such reason: " + c.why + "; there are " +
                                 known_words<domain::erasure_withdrawal>());
    auto const said = co_await erasures.withdraw(who, by, *why);
    if (!said) cannot(said.error());
    if (said->refused) co_return refused(c, *said);
    std::cout << "taken back; nothing has gone\n";
    co_return 0;
}

runtime::task<int> confirm(desk_of_persons& on, choices c) {
    app::erasures erasures(*on.erasures, on.house.clock());
    domain::resident_id const who{c.resident};
    domain::operator_id const by{c.who};
    auto const said = co_await erasures.confirm(who, by);
    if (!said) cannot(said.error());
    if (said->refused) co_return refused(c, *said);
    auto const cleared = co_await erasures.clear_all();
    if (!cleared)
        std::cerr << "the rest of the rows couldn't be cleared now: a server does it within an "
                     "hour\n";
    std::cout << erased_text(*said->now.asked, cleared ? *cleared : 0,
                             on.with.keeping.backups_days);
    co_return 0;
}

runtime::task<int> list(desk_of_persons& on, choices) {
    std::vector<domain::erasure> all;
    app::erasure_question every;
    every.per_page = app::most_erasures_a_page;
    for (bool is_all = false; !is_all; ++every.page) {
        auto const page = co_await on.erasures->list(every);
        if (!page) cannot(page.error());
        all.insert(all.end(), page->all.begin(), page->all.end());
        is_all = page->all.size() < every.per_page;
    }
    std::cout << erasures_text(all);
    co_return 0;
}

void write(std::filesystem::path const& file, std::string const& text) {
    if (auto const error = runtime::replace_file(file, text))
        throw std::runtime_error(file.string() + " can't be written: " + error.message());
    std::cout << file.string() << '\n';
}

runtime::task<int> hand_out(desk_of_persons& on, choices c) {
    auto keys = postgres::key_ring::load(on.with.database.key_file);
    auto const accounts = postgres::open_accounts(on.with.database.url, keys);
    auto const persons =
        postgres::open_persons(on.with.database.url, keys, on.with.installation.utc_offset,
                               std::chrono::days(on.with.keeping.recordings_days));
    app::person_files files(*persons, *accounts, on.house.clock());
    app::person_files::wish what;
    what.who = {c.resident};
    what.by = {c.who};
    what.why = c.why;
    what.most_rows = c.most_rows;
    auto const file = co_await files.make(std::move(what));
    accounts->stop();
    persons->stop();
    if (!file) cannot(file.error());
    if (!*file) throw std::runtime_error("there is no resident " + c.resident);
    auto const name = c.folder / c.resident;
    write(name.string() + ".json", files::person_json(**file));
    write(name.string() + ".html", files::person_page(**file, on.with.installation.utc_offset));
    co_return 0;
}

using act = runtime::task<int> (*)(desk_of_persons&, choices);

CLI::App* one_of(CLI::App& residents, invocation& with, std::shared_ptr<choices> const& c,
                 std::string const& name, std::string const& says, act does) {
    auto* command = residents.add_subcommand(name, says);
    command->callback([&with, c, does] {
        with.run = [&with, c, does] {
            desk_of_persons on(runtime::load_config(with.config_file));
            return on.house.run([&] { return does(on, *c); });
        };
    });
    return command;
}

CLI::App* about_one(CLI::App* command, std::shared_ptr<choices> const& c) {
    command->add_option("resident", c->resident, "His id")->required();
    command->add_option("--operator,-o", c->who, "Who you are")
        ->required()
        ->envname("LINLI_OPERATOR");
    return command;
}

} // namespace

void add_residents(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* residents = to.add_subcommand(
        "residents", "What is stored about one resident: a copy for himself, and its end");
    residents->require_subcommand(1);
    auto* copy = about_one(one_of(*residents, with, c, "export",
                                  "All that is stored about him, as a page to print and a file "
                                  "for programs; it is written down who made it",
                                  hand_out),
                           c);
    copy->add_option("--why", c->why, "What it is for, as a code: request")->required();
    copy->add_option("--out", c->folder, "The folder for ID.html and ID.json")
        ->check(CLI::ExistingDirectory)
        ->capture_default_str();
    copy->add_option("--rows", c->most_rows, "At most so many of a kind, the newest")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    auto* asks =
        about_one(one_of(*residents, with, c, "erase",
                         "Ask that his data go, for good; somebody else must confirm", erase),
                  c);
    asks->add_option("--reason", c->reason, "One of: " + known_words<domain::erasure_reason>())
        ->required();
    asks->add_option("--on", c->on, "The day on which he came, as 2026-11-28");
    about_one(one_of(*residents, with, c, "confirm",
                     "Destroy his key and take his rows away; nothing brings them back", confirm),
              c);
    auto* withdraws = about_one(
        one_of(*residents, with, c, "withdraw",
               "Take back that it was asked for, or refuse it; that it was asked for stays written "
               "down",
               withdraw),
        c);
    withdraws->add_option("--why", c->why, "One of: " + known_words<domain::erasure_withdrawal>())
        ->required();
    one_of(*residents, with, c, "erasures", "Whose data was asked to go, and went", list);
}

} // namespace linli::cli
