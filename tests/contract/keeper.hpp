#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "app/accounts.hpp"
#include "app/answer_record.hpp"
#include "app/call_record.hpp"
#include "app/command_record.hpp"
#include "app/desk_reading.hpp"
#include "app/foresight.hpp"
#include "app/health_record.hpp"
#include "app/hotline_record.hpp"
#include "app/observation_record.hpp"
#include "app/offer_call_record.hpp"
#include "app/own_work.hpp"
#include "app/placed_call_record.hpp"
#include "app/record.hpp"
#include "app/telemetry_record.hpp"
#include "app/visit_proofs.hpp"
#include "app/wait_check_record.hpp"
#include "domain/sheet.hpp"
#include "support/city.hpp"
#include "support/in_words.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

struct numbered_line {
    std::uint32_t seq = 0;
    domain::log_line line;

    bool operator==(numbered_line const&) const = default;
};

inline std::string in_words(std::optional<app::record_errc> why) {
    if (!why) return "done";
    switch (*why) {
    case app::record_errc::conflict:
        return "conflict";
    case app::record_errc::away:
        return "away";
    case app::record_errc::bad_data:
        return "bad_data";
    }
    return "?";
}

// Somebody who keeps a record, and what a test must ask him beside the port.
class keeper {
public:
    virtual ~keeper() = default;

    virtual app::record& record() = 0;
    virtual app::presuming_record& presuming() = 0;
    virtual void load(city const& town) = 0;
    virtual std::shared_ptr<app::foreseen_devices const> foreseen() = 0;
    // What a page changes in the registry: who wears a device, and what a home is known for.
    virtual void wears(std::string const& resident, std::string const& device) = 0;
    virtual void is_flagged(std::string const& home, std::string const& flag) = 0;

    virtual std::vector<numbered_line> log_of(domain::uuid const& chain) = 0;
    virtual std::size_t count_signals() = 0;
    virtual int times_noted(domain::device_id const& device, domain::signal_kind kind) = 0;
};

// Answers nothing when there is no such keeper on this machine.
using keeper_maker = std::unique_ptr<keeper> (*)();
std::unique_ptr<keeper> keeper_on_memory();
std::unique_ptr<keeper> keeper_on_postgres();

// The same for telemetry.
class telemetry_keeper {
public:
    virtual ~telemetry_keeper() = default;

    virtual app::telemetry_record& record() = 0;
    // All that it keeps, by event; and the days of which it keeps any.
    virtual std::map<std::string, domain::telemetry> kept() = 0;
    virtual std::set<std::string> days() = 0;
    // Forgets a day as somebody else may do it, behind the record's back.
    virtual void loses(std::string const& day) = 0;
};

using telemetry_keeper_maker = std::unique_ptr<telemetry_keeper> (*)();
std::unique_ptr<telemetry_keeper> telemetry_on_memory();
std::unique_ptr<telemetry_keeper> telemetry_on_postgres();

// The same for the devices' health, on the town below.
class health_keeper {
public:
    virtual ~health_keeper() = default;

    virtual app::health_record& record() = 0;
    virtual void load(city const& town) = 0;
    // What was changed in the registry, by a page; an empty key: by an import.
    virtual void is_edited(domain::sheet what, std::string const& key) = 0;
    // Away for good, and still registered at his home.
    virtual void has_gone(std::string const& resident) = 0;
};

using health_keeper_maker = std::unique_ptr<health_keeper> (*)();
std::unique_ptr<health_keeper> health_on_memory();
std::unique_ptr<health_keeper> health_on_postgres();

// The same for what devices are asked to do, on the town below.
class command_keeper {
public:
    virtual ~command_keeper() = default;

    virtual app::command_record& record() = 0;
    // An alert of r1, who wears w1, seeks him, since `evening`; another alert of r3 seeks nobody.
    virtual void seeks_r1(domain::seconds every) = 0;
    virtual void r1_is_handled() = 0;
};

using command_keeper_maker = std::unique_ptr<command_keeper> (*)();
std::unique_ptr<command_keeper> commands_on_memory();
std::unique_ptr<command_keeper> commands_on_postgres();

// The same for accounts and their sessions.
class account_keeper {
public:
    virtual ~account_keeper() = default;

    virtual app::account_record& record() = 0;
    // The city 310000, its district 310110 with the station s1, therein the street 310110001 where
    // r1 lives at h1, and the district 310104; k1 works for p1, at s1.
    virtual void has_the_town() = 0;
    virtual void has_a_worker_without_a_site(std::string const& id) = 0; // of p1
    // Whoever copies what is kept finds nothing of it.
    virtual bool hides(std::string const& words) = 0;
};

using account_keeper_maker = std::unique_ptr<account_keeper> (*)();
std::unique_ptr<account_keeper> accounts_on_memory();
std::unique_ptr<account_keeper> accounts_on_postgres();

// The same for what was answered to commands that bear a key.
class answer_keeper {
public:
    virtual ~answer_keeper() = default;

    virtual app::answer_record& record() = 0;
    // Whoever copies what is kept finds nothing of it.
    virtual bool hides(std::string const& words) = 0;
};

using answer_keeper_maker = std::unique_ptr<answer_keeper> (*)();
std::unique_ptr<answer_keeper> answers_on_memory();
std::unique_ptr<answer_keeper> answers_on_postgres();

// The same for what the house remembers of telemetry.
class observation_keeper {
public:
    virtual ~observation_keeper() = default;

    virtual app::observation_record& record() = 0;
    // What is agreed for the town's w1, worn by r1; and for box1, fixed in r1's and r2's home.
    virtual void agree(domain::care const& of_w1, std::vector<domain::day_part> const& of_home) = 0;
    virtual void becomes(domain::resident_id const& who, std::string const& status) = 0;
    // As it was written down.
    virtual void broker_is_out(domain::instant since, std::optional<domain::instant> ended) = 0;
};

using observation_keeper_maker = std::unique_ptr<observation_keeper> (*)();
std::unique_ptr<observation_keeper> observation_on_memory();
std::unique_ptr<observation_keeper> observation_on_postgres();

// The same for what the pages read, on the town below.
class desk_keeper {
public:
    virtual ~desk_keeper() = default;

    virtual app::record& record() = 0;
    virtual app::desk_reading& reading() = 0; // at the time of `evening`
    virtual void has_account(std::string const& user, std::string const& name) = 0;
    // By a session that was used then, and ends.
    virtual void is_on_duty(std::string const& user, domain::instant used,
                            domain::instant until) = 0;
    virtual void has_worker(std::string const& worker, std::string const& name) = 0;
    virtual void has_contact(std::string const& resident, std::string const& phone,
                             bool was_reached) = 0;
    // What r1's watch w1 has told.
    virtual void measured(domain::vital const& what) = 0;
    virtual void is_low(int battery_percent, domain::instant heard_at) = 0;
    virtual void loses_key_of(std::string const& resident) = 0;
    // To another home; or away for good, and still registered at the old one.
    virtual void moves(std::string const& resident, std::string const& home,
                       domain::instant at) = 0;
    virtual void has_gone(std::string const& resident, domain::instant at) = 0;
};

using desk_keeper_maker = std::unique_ptr<desk_keeper> (*)();
std::unique_ptr<desk_keeper> desk_on_memory();
std::unique_ptr<desk_keeper> desk_on_postgres();

// What workers' pages read of a record, on the town below.
class own_work_keeper {
public:
    virtual ~own_work_keeper() = default;

    virtual app::record& record() = 0;
    virtual app::own_work_reading& own_work() = 0;
    virtual app::proof_record& proofs() = 0;
    virtual void has_contact(std::string const& resident, int place, std::string const& phone,
                             bool do_not_tell) = 0;
    virtual void has_words(app::own_person const& worker) = 0;
    virtual void loses_key_of_home(std::string const& home) = 0;
    // Whoever copies what is kept finds nothing of it.
    virtual bool hides(std::string const& words) = 0;
    virtual void loses_key_of(std::string const& resident) = 0;
    // Away for good, and still registered at his home.
    virtual void has_gone(std::string const& resident) = 0;
};

using own_work_keeper_maker = std::unique_ptr<own_work_keeper> (*)();
std::unique_ptr<own_work_keeper> own_work_on_memory();
std::unique_ptr<own_work_keeper> own_work_on_postgres();

// The same for calls to the hotline, beside a record, on the town below.
class call_keeper {
public:
    virtual ~call_keeper() = default;

    virtual app::record& record() = 0;
    virtual app::call_record& calls() = 0;
    virtual app::hotline_record& hotline() = 0;
    virtual app::placed_call_record& placed() = 0;
    virtual app::offer_call_record& offer_calls() = 0;
    virtual app::wait_check_record& wait_checks() = 0;
    virtual std::vector<domain::seat_stretch> stretches(std::string const& user) = 0;
    virtual void has_account(std::string const& user, std::string const& area = "310000") = 0;
    virtual app::desk_reading& reading() = 0; // at the time of `evening`
    // r1 has 13800000001, r2 13800000002; 13800000009 is a contact's of r1 and of r3, and the
    // worker k1's.
    virtual void has_telephones() = 0;
    // The worker k1 has 13800000071, the company p1 has 02155550001, and nobody else any.
    virtual void can_be_rung() = 0;
    // Whoever copies what is kept finds nothing of it.
    virtual bool hides(std::string const& words) = 0;
};

using call_keeper_maker = std::unique_ptr<call_keeper> (*)();
std::unique_ptr<call_keeper> calls_on_memory();
std::unique_ptr<call_keeper> calls_on_postgres();

// What everybody who keeps a record must do. Each test runs on every keeper, on a fresh record with
// the town below and the plan "sos-plan".
class record_contract : public testing::TestWithParam<keeper_maker> {
protected:
    void SetUp() override;

    app::record& record() { return keeper_->record(); }

    template <class T>
    T run(runtime::task<T> work) {
        return run_on(loop_, std::move(work));
    }
    // Of something that can't fail today.
    template <class T>
    T must(runtime::task<app::record_result<T>> work) {
        auto done = run(std::move(work));
        if (!done) throw std::runtime_error("the record says " + in_words(done.error()));
        if constexpr (!std::is_void_v<T>) return std::move(*done);
    }

    app::view read(app::wanted const& what) { return must(record().read(what)); }
    void store(app::changes const& what) { must(record().commit(what)); }
    // "done", "conflict", "away" or "bad_data".
    std::string answer_to(app::changes const& what,
                          std::vector<app::presumed_device> const& presumed = {});

    boost::asio::io_context loop_;
    std::unique_ptr<keeper> keeper_;
};

// Station s1 with home h1, where r1 wears w1 and r2 (high risk) wears w2, and box1 hangs on the
// wall; station s2 with home h2 and r3, who wears w3. Workers k1 and k2; bound to nobody: spare.
// The synthetic resident r0 in home h0 wears w0; the synthetic worker is k0.
city the_town();

} // namespace linli::tests
