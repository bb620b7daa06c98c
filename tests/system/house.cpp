#include "system/house.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <stdexcept>

#include <pqxx/pqxx>
#include <sys/wait.h>

#include "adapters/anchors/anchor_key.hpp"
#include "adapters/files/device_mapping.hpp"
#include "adapters/http/certificates.hpp"
#include "adapters/http/push_secrets.hpp"
#include "adapters/mapped/device_book.hpp"
#include "adapters/mqtt/credentials.hpp"
#include "adapters/postgres/account_record.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/secrets/passwords.hpp"
#include "adapters/wire/notice_words.hpp"
#include "adapters/wire/topics.hpp"
#include "app/account_deeds.hpp"
#include "app/id_source.hpp"
#include "cli/session.hpp"
#include "runtime/log.hpp"
#include "support/places.hpp"
#include "support/run_on.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace fs = std::filesystem;

namespace {

std::string environment(char const* name) {
    auto const* value = std::getenv(name);
    if (!value)
        throw std::runtime_error(std::string(name) + " is not set: start this program by "
                                                     "tests/support/with_postgres");
    return value;
}

std::string at_database(std::string const& name) {
    return environment("LINLI_TEST_DATABASE") + " dbname=" + name;
}

domain::instant machine_time() {
    return std::chrono::floor<domain::duration>(std::chrono::system_clock::now());
}

// Migrated once; each test's database is a copy.
std::string const& template_database() {
    static std::string const name = [] {
        pqxx::connection c(environment("LINLI_TEST_DATABASE"));
        pqxx::nontransaction in(c);
        in.exec("create database system_template");
        postgres::migrate(at_database("system_template"), machine_time());
        return std::string("system_template");
    }();
    return name;
}

std::string new_database() {
    static int number = 0;
    auto const name = "house_" + std::to_string(++number);
    auto const from = template_database();
    pqxx::connection c(environment("LINLI_TEST_DATABASE"));
    pqxx::nontransaction in(c);
    in.exec("create database " + name + " template " + from);
    return name;
}

fs::path new_folder() {
    auto text = (fs::temp_directory_path() / "linli-house.XXXXXX").string();
    if (!::mkdtemp(text.data())) throw std::runtime_error("no folder in " + text);
    return text;
}

std::vector<std::string> users_of(app::registry_rows const& city) {
    std::vector<std::string> users{"linli-server"};
    for (auto const& d : city.devices)
        users.push_back(mqtt::broker_user(d.id));
    for (auto const& p : city.providers)
        users.push_back(mqtt::broker_user(p.id));
    for (auto const& m : files::load_device_mappings(shipped_config("devices")))
        if (mapped::comes_by_broker(m)) users.push_back(mapped::broker_user(m));
    return users;
}

} // namespace

// The part of a configuration file that says the same.
std::string words_of(runtime::notify_config const& c) {
    std::string all = "[notify]\ntexts = \"" + shipped_config("notices.toml") + "\"\nca_file = \"" +
                      c.ca_file.string() + "\"\n";
    auto const section = [&](std::string const& name, auto const& of) {
        if (of.url.empty()) return;
        all += "[notify." + name + "]\nurl = \"" + of.url +
               "\"\ntimeout_s = " + std::to_string(of.timeout_s) + '\n';
    };
    section("voice", c.voice);
    section("sms", c.sms);
    section("webhook", c.webhook);
    if (!c.webhook.url.empty()) all += "secret_file = \"" + c.webhook.secret_file.string() + "\"\n";
    section("email", c.email);
    if (!c.email.url.empty())
        all += "from = \"" + c.email.from + "\"\nuser = \"" + c.email.user +
               "\"\npassword_file = \"" + c.email.password_file.string() + "\"\n";
    return all;
}

// The desk as "linli desk" is: another session on the same database, with the house's time.
class house::desk_process {
public:
    desk_process(runtime::config const& config, domain::duration ahead)
        : session_(config, [this, ahead](boost::asio::any_io_executor loop) {
              auto clock = std::make_unique<shifted_clock>(loop);
              clock->fast_forward(ahead);
              clock_ = clock.get();
              return clock;
          }) {}

    template <class F>
    auto ask(F const& question) {
        using answer = typename std::invoke_result_t<F, app::desk&>::value_type;
        std::optional<answer> got;
        session_.run([&]() -> runtime::task<int> { return take(got, question(session_.desk())); });
        return std::move(*got);
    }
    void fast_forward(domain::duration by) { clock_->fast_forward(by); }

private:
    template <class T>
    static runtime::task<int> take(std::optional<T>& into, runtime::task<T> from) {
        auto answer = co_await std::move(from);
        into = std::move(answer);
        co_return 0;
    }

    shifted_clock* clock_ = nullptr;
    cli::session session_;
};

house::house(app::registry_rows city) : folder_(new_folder()), database_name_(new_database()) {
    runtime::log::set_level(std::getenv("LINLI_TEST_LOG") ? runtime::log::level::debug
                                                          : runtime::log::level::error);
    config_.installation.area = "620100";
    config_.database.url = at_database(database_name_);
    config_.database.key_file = folder_ / "record.keys";
    config_.journal.folder = folder_ / "journal";
    config_.journal.segment_mib = 1;
    config_.journal.reserve_mib = 1;
    config_.telemetry.folder = folder_ / "telemetry";
    config_.telemetry.journal_mib = 1;
    config_.audit.anchors = folder_ / "anchors";
    config_.audit.key_file = folder_ / "anchor.keys";
    anchors::signing_keys::create_if_missing(config_.audit.key_file);
    config_.http.listen.port = 0;
    config_.files.plans = shipped_config("plans");
    config_.files.devices = shipped_config("devices");
    config_.files.services = shipped_config("services.toml");
    config_.files.thresholds = shipped_config("thresholds.toml");

    auto const keys = postgres::key_ring::create_if_missing(config_.database.key_file);
    pqxx::connection c(config_.database.url);
    postgres::import_registry(c, keys, city, machine_time());

    broker_ = std::make_unique<tests::broker>(folder_ / "broker", users_of(city));
    config_.mqtt.url = broker_->url();
    config_.mqtt.password_file = folder_ / "broker/secrets/linli-server";
    config_.mqtt.broker_log = folder_ / "broker/log";
    server_starts();
}

house::~house() {
    devices_.clear();
    providers_.clear();
    desk_.reset();
    if (server_) server_stops();
    broker_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void house::server_starts() {
    server_starts_unready();
    until("the server is ready", [this] { return is_ready(); });
}

bool house::is_ready() const {
    return tells("/readyz").starts_with("HTTP/1.1 200");
}

std::string house::tells(std::string const& path) const {
    return answer_of(server_->http_port(), path);
}

long house::metric(std::string const& name) const {
    auto const text = tells("/metrics");
    auto const at = text.find('\n' + name + ' ');
    if (at == std::string::npos) throw std::runtime_error("no figure is called " + name);
    return std::stol(text.substr(at + name.size() + 2));
}

void house::counts(std::string const& name, long value) const {
    until(name + " is " + std::to_string(value), [&] { return metric(name) == value; });
}

void house::server_starts_unready() {
    server::server::options with{.config = config_};
    if (keeps_its_own_time_) {
        with.make_clock = [this](boost::asio::any_io_executor loop) {
            return std::make_unique<server::house_clock>(loop, machine_time() + machine_ahead_);
        };
    } else {
        with.make_clock = [this](boost::asio::any_io_executor loop) {
            auto clock = std::make_unique<shifted_clock>(loop);
            clock->fast_forward(ahead_);
            clock_ = clock.get();
            return clock;
        };
    }
    server_ = std::make_unique<server::server>(std::move(with));
    serving_ = std::thread([this] { server_->run(); });
    until("the broker has it", [this] {
        auto const answer = answer_of(server_->http_port());
        return answer.find(R"("name":"broker","ready":true)") != std::string::npos;
    });
}

void house::opens_watch_door(int connections) {
    config_.watch_tcp.listen = runtime::listen_address{"127.0.0.1", 0};
    config_.watch_tcp.connections = connections;
    server_stops();
    server_starts();
}

void house::reads_plans_from(std::filesystem::path const& folder) {
    config_.files.plans = folder;
    server_stops();
    server_starts();
}

void house::takes_the_demo_plans() {
    config_.files.plans = folder_ / "plans";
    auto const how = fs::copy_options::overwrite_existing | fs::copy_options::recursive;
    for (auto const& from : {shipped_config("plans"), shipped_config("demo/plans")})
        fs::copy(from, config_.files.plans, how);
    server_stops();
    server_starts();
}

void house::gets_gateways(runtime::notify_config const& gateways) {
    config_.notify = gateways;
    config_.notify.texts = shipped_config("notices.toml");
    server_stops();
    server_starts();
}

void house::opens_push_door(std::string const& source) {
    config_.push.listen = runtime::listen_address{"127.0.0.1", 0};
    config_.push.tls = false;
    config_.push.secrets = folder_ / "push";
    http::make_push_secret(config_.push.secrets, source);
    server_stops();
    server_starts();
}

void house::opens_push_door_by_tls(std::string const& source) {
    opens_push_door(source);
    config_.push.tls = true;
    config_.push.certificate = config_.console.certificate;
    config_.push.key = config_.console.key;
    server_stops();
    server_starts();
}

void house::opens_console() {
    config_.console.listen = runtime::listen_address{"127.0.0.1", 0};
    auto const made = http::make_certificates(folder_ / "console", {"localhost"});
    config_.console.certificate = made.certificate;
    config_.console.key = made.key;
    server_stops();
    server_starts();
}

void house::connects_telephone(std::string const& secret, std::string const& dial_url) {
    auto& c = config_.telephone;
    c.name = "pbx";
    c.secret_file = folder_ / "telephone.secret";
    std::ofstream(c.secret_file) << secret << '\n';
    fs::permissions(c.secret_file, fs::perms::owner_read | fs::perms::owner_write);
    c.dial_url = dial_url;
    c.timeout_s = 2;
    c.lines = {{"12349", "620102"}};
    server_stops();
    server_starts();
}

void house::adds_user(std::string const& user, domain::role who, std::string const& area) {
    auto const keys = postgres::key_ring::load(config_.database.key_file);
    auto const accounts = postgres::open_accounts(config_.database.url, keys);
    auto const hashing = secrets::start_passwords();
    app::account account;
    account.user = {user};
    account.name = user;
    account.role = who;
    account.area = {area};
    boost::asio::io_context loop;
    auto const hash = run_on(loop, hashing->hash("a long secret of " + user));
    auto const added = app::adding(account, hash, {{"house"}, machine_time()});
    if (!run_on(loop, accounts->do_to_account(added)))
        throw std::runtime_error("the account could not be kept");
    hashing->stop();
    accounts->stop();
}

void house::asks_cloud(std::string const& source, std::string const& mapping) {
    config_.files.devices = folder_ / "devices";
    fs::create_directories(config_.files.devices);
    std::ofstream(config_.files.devices / (source + ".toml")) << mapping;
    config_.push.secrets = folder_ / "push";
    http::keep_poll_secret(config_.push.secrets, source, "asked by " + source);
    opens_push_door(source);
}

std::unique_ptr<peer> house::maker(std::string const& name) {
    return std::make_unique<peer>(as("v-" + name), "linli/v1/server/state",
                                  [](std::string_view) {});
}

std::unique_ptr<peer> house::listener(std::string const& device,
                                      std::function<void(std::string_view payload)> on_command) {
    return std::make_unique<peer>(as("d-" + device), wire::command_topic({device}),
                                  std::move(on_command));
}

std::unique_ptr<peer> house::somebody_with(std::string const& user, std::string const& listens_to,
                                           std::function<void(std::string_view payload)> on_heard,
                                           std::string const& client) {
    auto who = as(user);
    who.client = client;
    return std::make_unique<peer>(who, listens_to, std::move(on_heard));
}

void house::has_notice(domain::notice const& what) {
    auto const keys = postgres::key_ring::load(config_.database.key_file);
    pqxx::binarystring const payload(keys.seal({"outbox"}, wire::encode_notice(what)));
    auto const id = app::id_source(std::random_device{}()).next(machine_time());
    pqxx::connection c(config_.database.url);
    pqxx::work in(c);
    in.exec_params("insert into outbox (id, destination, key, version, payload, due_at) values "
                   "($1, $2, 'notice', 1, $3, instant_of($4::bigint))",
                   to_string(id), "people:" + to_string(what.alert), payload,
                   what.at.time_since_epoch().count());
    in.commit();
}

std::vector<std::string> house::log_of(domain::alert_id const& id) {
    pqxx::connection c(config_.database.url);
    pqxx::work in(c);
    std::vector<std::string> all;
    for (auto const& r : in.exec_params(
             "select what || ' ' || why from log where chain = $1 order by seq", to_string(id)))
        all.emplace_back(r[0].c_str());
    return all;
}

void house::learns(app::registry_rows const& rows) {
    pqxx::connection c(config_.database.url);
    postgres::import_registry(c, postgres::key_ring::load(config_.database.key_file), rows,
                              machine_time());
}

void house::forget_devices(std::string const& like) {
    pqxx::connection c(config_.database.url);
    pqxx::work in(c);
    in.exec_params("delete from device_binding where device like $1", like);
    in.exec_params("delete from device where id like $1", like);
    in.commit();
}

void house::server_stops() {
    server_->stop();
    serving_.join();
    server_.reset();
    clock_ = nullptr;
}

void house::database(std::string const& verb) {
    auto const command = environment("LINLI_TEST_POSTGRES") + ' ' + verb;
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

peer::who house::as(std::string const& user) const {
    return {broker_->port(), user, broker_->secret(user)};
}

device& house::device(std::string const& id) {
    auto& found = devices_[id];
    if (!found) found = std::make_unique<tests::device>(id, as("d-" + id));
    return *found;
}

provider& house::provider(std::string const& id) {
    auto& found = providers_[id];
    if (!found) found = std::make_unique<tests::provider>(id, as("p-" + id));
    return *found;
}

void house::fast_forward(domain::duration by) {
    ahead_ += by;
    if (clock_) clock_->fast_forward(by);
    if (desk_) desk_->fast_forward(by);
}

house::desk_process& house::desk() {
    if (!desk_) desk_ = std::make_unique<desk_process>(config_, ahead_);
    return *desk_;
}

app::overview house::record() {
    auto seen = desk().ask([](app::desk& d) { return d.look(1000); });
    if (!seen) throw std::runtime_error("the record can't be read");
    return std::move(*seen);
}

app::overview house::when(std::string const& what,
                          std::function<bool(app::overview const&)> const& fits) {
    app::overview seen;
    until(what, [&] {
        seen = record();
        return fits(seen);
    });
    return seen;
}

long house::count(std::string const& sql) {
    pqxx::connection c(config_.database.url);
    pqxx::nontransaction in(c);
    return in.exec1("select count(*) from " + sql)[0].as<long>();
}

namespace {

std::string told(app::desk::answer const& answer) {
    if (!answer) throw std::runtime_error("the database is away");
    return answer->refused ? std::string(to_text(*answer->refused)) : std::string{};
}

} // namespace

domain::alert_id house::sees_alert(std::string const& subject) {
    auto const is_it = [&](app::alert_line const& a) { return to_string(a.what.about) == subject; };
    auto const seen = when("an alert of " + subject, [&](app::overview const& o) {
        return std::any_of(o.alerts.begin(), o.alerts.end(), is_it);
    });
    return std::find_if(seen.alerts.begin(), seen.alerts.end(), is_it)->what.id;
}

domain::alert house::sees(std::string const& subject, domain::alert_state state) {
    auto const is_it = [&](app::alert_line const& a) {
        return to_string(a.what.about) == subject && a.what.state == state;
    };
    auto const what = subject + " " + std::string(to_text(state));
    auto const seen = when(what, [&](app::overview const& o) {
        return std::any_of(o.alerts.begin(), o.alerts.end(), is_it);
    });
    return std::find_if(seen.alerts.begin(), seen.alerts.end(), is_it)->what;
}

std::string house::begins_drill(std::string const& device, domain::alert_kind kind,
                                std::string const& who) {
    return told(desk().ask([&](app::desk& d) { return d.drill({device}, kind, {who}); }));
}

std::string house::claims(domain::alert_id const& id, std::string const& who) {
    return told(desk().ask([&](app::desk& d) { return d.claim(id, {who}); }));
}

std::string house::closes(domain::alert_id const& id, std::string const& who,
                          domain::disposition outcome, std::string const& text) {
    return told(desk().ask([&](app::desk& d) { return d.close(id, {who}, outcome, text); }));
}

std::string house::handles(domain::alert_id const& id, std::string const& who) {
    return told(desk().ask([&](app::desk& d) { return d.handle(id, {who}); }));
}

std::string house::has_done(domain::alert_id const& id, std::string const& who, domain::ask what,
                            std::string const& text) {
    return told(desk().ask([&](app::desk& d) { return d.done_as_asked(id, {who}, what, text); }));
}

std::string house::replies_for(std::string const& offer, std::string const& provider,
                               std::string const& worker, domain::reply_kind kind,
                               std::string const& who) {
    domain::offer_id const id{domain::parse_uuid(offer).value()};
    return told(desk().ask(
        [&](app::desk& d) { return d.reply_for(id, {provider}, {worker}, {who}, kind, {}); }));
}

std::string house::desk_says(std::string const& words, int ends_with) {
    return program_says("desk " + words, ends_with);
}

std::string house::program_says(std::string const& words, int ends_with) {
    auto const file = folder_ / "linli.toml";
    std::ofstream(file) << "[installation]\narea = \"620100\"\n"
                        << "[database]\nurl = \"" << config_.database.url << "\"\n"
                        << "key_file = \"record.keys\"\n"
                        << "[mqtt]\nurl = \"" << config_.mqtt.url << "\"\n"
                        << "password_file = \"broker/secrets/linli-server\"\n"
                        << "[audit]\nkey_file = \"anchor.keys\"\n"
                        << "[files]\nplans = \"" << config_.files.plans.string() << "\"\n"
                        << "services = \"" << shipped_config("services.toml") << "\"\n"
                        << "thresholds = \"" << shipped_config("thresholds.toml") << "\"\n"
                        << words_of(config_.notify)
                        << (server_ ? "[http]\nlisten = \"127.0.0.1:" +
                                          std::to_string(server_->http_port()) + "\"\n"
                                    : std::string());
    auto const command = linli_program() + " --config " + file.string() + ' ' + words + " 2>&1";
    auto* const out = ::popen(command.c_str(), "r");
    if (!out) throw std::runtime_error("can't run " + command);
    std::string said;
    std::array<char, 4096> some{};
    while (auto const got = std::fread(some.data(), 1, some.size(), out))
        said.append(some.data(), got);
    auto const status = ::pclose(out);
    if (WEXITSTATUS(status) != ends_with)
        throw std::runtime_error(command + " ended with " + std::to_string(WEXITSTATUS(status)) +
                                 ": " + said);
    return said;
}

std::string house::follows_up(domain::order_id const& id, std::string const& who) {
    return told(desk().ask([&](app::desk& d) { return d.follow_up(id, {who}, 5, {}); }));
}

std::string house::cancels(domain::order_id const& id, std::string const& who,
                           std::string const& why) {
    return told(desk().ask([&](app::desk& d) { return d.cancel(id, {who}, why); }));
}

} // namespace linli::tests
