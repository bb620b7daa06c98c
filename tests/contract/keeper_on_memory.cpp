#include <algorithm>

#include "contract/booking_keeper.hpp"
#include "contract/keeper.hpp"
#include "contract/recording_keeper.hpp"
#include "contract/telling_keeper.hpp"
#include "contract/trace_keeper.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_accounts.hpp"
#include "support/memory_answers.hpp"
#include "support/memory_bookings.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_commands.hpp"
#include "support/memory_complaints.hpp"
#include "support/memory_desk.hpp"
#include "support/memory_health.hpp"
#include "support/memory_hotline.hpp"
#include "support/memory_observation.hpp"
#include "support/memory_offer_calls.hpp"
#include "support/memory_own_work.hpp"
#include "support/memory_picture.hpp"
#include "support/memory_placed_calls.hpp"
#include "support/memory_proofs.hpp"
#include "support/memory_record.hpp"
#include "support/memory_recordings.hpp"
#include "support/memory_telemetry.hpp"
#include "support/memory_traces.hpp"
#include "support/memory_wait_checks.hpp"

namespace linli::tests {

namespace {

class twin final : public keeper {
public:
    app::record& record() override { return record_; }
    app::presuming_record& presuming() override { return record_; }
    void load(city const& town) override { record_.becomes(town); }
    std::shared_ptr<app::foreseen_devices const> foreseen() override {
        return foreseen_by(record_.town());
    }
    void wears(std::string const& resident, std::string const& device) override {
        auto town = record_.town();
        for (auto& r : town.residents) {
            std::erase(r.devices, domain::device_id{device});
            if (r.id.value == resident) r.devices.push_back({device});
        }
        record_.becomes(std::move(town));
    }
    void is_flagged(std::string const& home, std::string const& flag) override {
        auto town = record_.town();
        for (auto& h : town.homes)
            if (h.id.value == home) h.flags.push_back(flag);
        record_.becomes(std::move(town));
    }

    std::vector<numbered_line> log_of(domain::uuid const& chain) override {
        std::vector<numbered_line> all;
        auto const at = record_.holds().log.find(chain);
        if (at == record_.holds().log.end()) return all;
        for (auto const& [seq, what] : at->second)
            all.push_back({seq, what.line});
        return all;
    }

    std::size_t count_signals() override { return record_.holds().signals.size(); }

    int times_noted(domain::device_id const& device, domain::signal_kind kind) override {
        auto const at = record_.holds().maintenance.find({device.value, kind});
        return at == record_.holds().maintenance.end() ? 0 : at->second.times;
    }

private:
    memory_record record_;
};

} // namespace

namespace {

class telemetry_twin final : public telemetry_keeper {
public:
    app::telemetry_record& record() override { return record_; }
    std::map<std::string, domain::telemetry> kept() override { return record_.kept(); }
    std::set<std::string> days() override { return record_.days(); }
    void loses(std::string const& day) override { record_.loses(day); }

private:
    memory_telemetry record_;
};

class health_twin final : public health_keeper {
public:
    app::health_record& record() override { return record_; }
    void load(city const& town) override { record_.becomes(town); }
    void is_edited(domain::sheet what, std::string const& key) override {
        if (key.empty())
            record_.becomes(the_town());
        else
            record_.becomes(the_town(), what, key);
    }
    void has_gone(std::string const& resident) override {
        auto town = the_town();
        std::erase_if(town.residents, [&](auto const& r) { return r.id.value == resident; });
        record_.becomes(std::move(town));
    }

private:
    memory_health record_;
};

class command_twin final : public command_keeper {
public:
    app::command_record& record() override { return record_; }
    void seeks_r1(domain::seconds every) override { record_.is_sought({"w1"}, every, evening); }
    void r1_is_handled() override { record_.nobody_is_sought(); }

private:
    memory_commands record_{{"w1", "w2", "w3", "box1", "spare", "w0"}};
};

class account_twin final : public account_keeper {
public:
    app::account_record& record() override { return record_; }
    bool hides(std::string const&) override { return true; } // it keeps nothing outside itself
    void has_the_town() override {
        record_.areas = {{{"310000"}, {{"310000"}}},
                         {{"310104"}, {{"310104"}, {"310000"}}},
                         {{"310110"}, {{"310110"}, {"310000"}}},
                         {{"310110001"}, {{"310110001"}, {"310110"}, {"310000"}}}};
        record_.area_names = {{{"310110"}, "东区"}};
        record_.sites = {"s1"};
        record_.providers = {"p1"};
        record_.workers = {"p1/k1"};
        record_.area_of_subject = {
            {"resident:r1", {"310110001"}}, {"home:h1", {"310110001"}}, {"worker:k1", {"310110"}}};
    }
    void has_a_worker_without_a_site(std::string const& id) override {
        record_.workers.insert("p1/" + id);
    }

private:
    memory_accounts record_;
};

class answer_twin final : public answer_keeper {
public:
    app::answer_record& record() override { return record_; }
    bool hides(std::string const&) override { return true; } // it keeps nothing outside itself

private:
    memory_answers record_;
};

class booking_twin final : public booking_keeper {
public:
    booking_twin() {
        record_.becomes(the_town());
        boost::asio::io_context loop;
        static_cast<void>(run_on(loop, record_.keep_plans({{"sos-plan", ""}})));
    }
    app::record& record() override { return record_; }
    app::booking_reading& bookings() override { return bookings_; }
    app::complaint_record& complaints() override { return complaints_; }
    void resident_is(std::string const& id, std::string const& status) override {
        bookings_.statuses[id] = status;
    }
    std::vector<domain::log_line> log_of(domain::complaint_id const& id) override {
        return complaints_.log_of(id);
    }
    bool hides(std::string const&) override { return true; } // it keeps nothing outside itself
    bool loses(domain::complaint_id const&) override { return false; }

private:
    memory_record record_;
    memory_bookings bookings_{record_};
    memory_complaints complaints_{record_};
};

class call_twin final : public recording_keeper {
public:
    call_twin() {
        record_.becomes(the_town());
        reading_.calls = &calls_;
        reading_.hotline = &hotline_;
    }

    app::record& record() override { return record_; }
    app::call_record& calls() override { return calls_; }
    app::hotline_record& hotline() override { return hotline_; }
    app::placed_call_record& placed() override { return placed_; }
    app::offer_call_record& offer_calls() override { return offer_calls_; }
    app::wait_check_record& wait_checks() override { return wait_checks_; }
    std::vector<domain::seat_stretch> stretches(std::string const& user) override {
        return hotline_.stretches_of({user});
    }
    app::recording_record& recordings() override { return recordings_; }
    void loses_key(std::string const& resident) override { recordings_.erases(resident); }
    void lets_go(domain::call_id of) override { recordings_.lets_go(of); }
    void has_account(std::string const& user, std::string const& area) override {
        hotline_.has_account(user, area);
    }
    app::desk_reading& reading() override { return reading_; }
    void has_telephones() override {
        calls_.has_number("13800000002", {domain::caller_kind::resident, "r2", 0, {"h1"}});
        calls_.has_number("13800000001", {domain::caller_kind::resident, "r1", 0, {"h1"}});
        calls_.has_number("13800000009", {domain::caller_kind::contact, "r1", 1, {"h1"}});
        calls_.has_number("13800000009", {domain::caller_kind::contact, "r3", 1, {"h2"}});
        calls_.has_number("13800000009", {domain::caller_kind::worker, "k1", 0, {}});
        for (auto const* who : {"r1", "r3"}) {
            app::contact_seen contact;
            contact.what.place = 1;
            contact.what.name = "Sun Li";
            contact.what.relation = "child";
            reading_.contacts[who] = {contact};
        }
        reading_.worker_names["k1"] = "Ma Ke";
    }
    void can_be_rung() override {
        offer_calls_.workers = {{{"k1"}, "13800000071"}};
        offer_calls_.companies = {{{"p1"}, "02155550001"}};
    }
    bool hides(std::string const&) override { return true; } // nothing of it is kept anywhere

private:
    manual_clock clock_{evening};
    memory_record record_;
    memory_calls calls_{record_};
    memory_placed_calls placed_;
    memory_offer_calls offer_calls_{record_, placed_};
    memory_hotline hotline_{record_, calls_};
    memory_wait_checks wait_checks_{record_, calls_};
    memory_recordings recordings_{record_, calls_, placed_};
    memory_desk reading_{record_, clock_};
};

class own_work_twin final : public own_work_keeper {
public:
    own_work_twin() {
        record_.becomes(the_town());
        boost::asio::io_context loop;
        static_cast<void>(run_on(loop, record_.keep_plans({{"sos-plan", ""}})));
    }
    app::record& record() override { return record_; }
    app::own_work_reading& own_work() override { return own_work_; }
    app::proof_record& proofs() override { return proofs_; }
    void has_contact(std::string const& resident, int place, std::string const& phone,
                     bool do_not_tell) override {
        if (!do_not_tell) own_work_.contacts.push_back({{resident}, place, {}, "friend", phone});
    }
    void has_words(app::own_person const& worker) override { own_work_.people[worker.id] = worker; }
    void loses_key_of_home(std::string const& home) override { own_work_.closed.insert({home}); }
    bool hides(std::string const&) override { return true; } // nobody copies it
    void loses_key_of(std::string const& resident) override { proofs_.loses_key_of(resident); }
    void has_gone(std::string const& resident) override {
        auto town = record_.town();
        for (auto& r : town.residents)
            if (r.id.value == resident) r.home = {};
        record_.becomes(std::move(town));
        std::erase_if(own_work_.contacts,
                      [&](auto const& c) { return c.resident.value == resident; });
    }

private:
    memory_record record_;
    memory_proofs proofs_{record_};
    memory_own_work own_work_{record_, &proofs_};
};

class observation_twin final : public observation_keeper {
public:
    observation_twin() {
        w1_.device = {"w1"};
        w1_.about = {domain::subject_kind::resident, "r1"};
        box1_.device = {"box1"};
        box1_.about = {domain::subject_kind::home, "h1"};
        record_.is_no_heir(box1_.device);
        tell();
    }
    app::observation_record& record() override { return record_; }
    void agree(domain::care const& of_w1, std::vector<domain::day_part> const& of_home) override {
        w1_.limits = of_w1.limits;
        w1_.zones = of_w1.zones;
        box1_.parts = of_home;
        tell();
    }
    void becomes(domain::resident_id const& who, std::string const& status) override {
        present_[who.value] = status == "present";
        w1_.is_present = present_["r1"];
        box1_.is_present = present_["r1"] || present_["r2"];
        tell();
    }
    void broker_is_out(domain::instant since, std::optional<domain::instant> ended) override {
        record_.broker_is_out(since, ended);
    }

private:
    void tell() {
        record_.cares(w1_);
        record_.cares(box1_);
    }

    domain::care w1_;
    domain::care box1_;
    std::map<std::string, bool> present_{{"r1", true}, {"r2", true}};
    memory_observation record_;
};

} // namespace

std::unique_ptr<health_keeper> health_on_memory() {
    return std::make_unique<health_twin>();
}

std::unique_ptr<account_keeper> accounts_on_memory() {
    return std::make_unique<account_twin>();
}

std::unique_ptr<answer_keeper> answers_on_memory() {
    return std::make_unique<answer_twin>();
}

std::unique_ptr<booking_keeper> bookings_on_memory() {
    return std::make_unique<booking_twin>();
}

std::unique_ptr<call_keeper> calls_on_memory() {
    return std::make_unique<call_twin>();
}

std::unique_ptr<recording_keeper> recordings_on_memory() {
    return std::make_unique<call_twin>();
}

std::unique_ptr<own_work_keeper> own_work_on_memory() {
    return std::make_unique<own_work_twin>();
}

std::unique_ptr<command_keeper> commands_on_memory() {
    return std::make_unique<command_twin>();
}

std::unique_ptr<observation_keeper> observation_on_memory() {
    return std::make_unique<observation_twin>();
}

std::unique_ptr<telemetry_keeper> telemetry_on_memory() {
    return std::make_unique<telemetry_twin>();
}

namespace {

class telling_twin final : public telling_keeper {
public:
    telling_twin() {
        record_.becomes(the_town());
        deliveries_.resident_names["r1"] = "Sun Mei";
    }
    app::record& record() override { return record_; }
    app::delivery_record& deliveries() override { return deliveries_; }

    // The town's sites stand there too, without telephones.
    void knows(std::vector<known_contact> const& contacts,
               std::vector<known_site> const& sites) override {
        deliveries_.contacts = contacts;
        deliveries_.sites = sites;
        for (auto const& s : record_.town().sites)
            deliveries_.sites.push_back({s.id, s.parent, {}, {}});
    }

private:
    memory_record record_;
    memory_deliveries deliveries_{record_};
};

} // namespace

std::unique_ptr<telling_keeper> telling_on_memory() {
    return std::make_unique<telling_twin>();
}

namespace {

class trace_twin final : public trace_keeper {
public:
    trace_twin() { record_.becomes(the_town()); }
    app::record& record() override { return record_; }
    app::trace_record& traces() override { return traces_; }
    void tells(domain::alert const& about, std::string const& who,
               domain::instant due_at) override {
        boost::asio::io_context loop;
        auto const told = delivery_of(about, who, due_at);
        static_cast<void>(run_on(loop, deliveries_.expand(told.notice, {told})));
    }

private:
    memory_record record_;
    memory_deliveries deliveries_{record_};
    memory_traces traces_{record_, deliveries_};
};

} // namespace

domain::delivery delivery_of(domain::alert const& about, std::string const& who,
                             domain::instant due_at) {
    domain::delivery d;
    d.id.value.bytes[0] = 9;
    d.notice.bytes[0] = 8;
    d.about.alert = about.id;
    d.about.event = about.first_event;
    d.about.resident = about.resident;
    d.about.at = evening;
    d.who = who;
    d.since = due_at;
    d.due_at = due_at;
    return d;
}

std::unique_ptr<trace_keeper> traces_on_memory() {
    return std::make_unique<trace_twin>();
}

namespace {

class desk_twin final : public desk_keeper {
public:
    desk_twin() { record_.becomes(the_town()); }
    app::record& record() override { return record_; }
    app::desk_reading& reading() override { return desk_; }

    void has_account(std::string const& user, std::string const& name) override {
        desk_.account_names[user] = name;
    }
    void is_on_duty(std::string const& user, domain::instant used, domain::instant until) override {
        desk_.on_duty[user] = {used, until};
    }
    void has_worker(std::string const& worker, std::string const& name) override {
        desk_.worker_names[worker] = name;
    }
    void has_contact(std::string const& resident, std::string const& phone,
                     bool was_reached) override {
        app::contact_seen seen;
        seen.what.resident = {resident};
        seen.what.name = "Sun Li";
        seen.what.phone = phone;
        seen.reached = was_reached ? "ok" : "failed";
        desk_.contacts[resident].push_back(seen);
    }
    void measured(domain::vital const& what) override {
        auto& all = desk_.readings["r1"];
        std::string const kind(to_text(what.what));
        std::erase_if(all, [&](auto const& r) { return r.kind == kind && r.at < *what.at; });
        if (std::ranges::none_of(all, [&](auto const& r) { return r.kind == kind; }))
            all.push_back({kind, what.value, *what.at});
    }
    void is_low(int battery_percent, domain::instant heard_at) override {
        desk_.health["w1"] = {
            {{"w1"}, "watch", {"r1"}, {}, {}}, battery_percent, heard_at, {"battery"}, {}};
    }
    void loses_key_of(std::string const& resident) override { desk_.lost_keys.insert(resident); }
    void moves(std::string const& resident, std::string const& home, domain::instant at) override {
        auto town = record_.town();
        for (auto& r : town.residents) {
            if (r.id.value != resident) continue;
            desk_.former.push_back({resident, r.home.value, at});
            r.home = {home};
        }
        record_.becomes(std::move(town));
        desk_.came[resident] = at;
    }
    void has_gone(std::string const& resident, domain::instant at) override {
        desk_.left[resident] = at;
    }

private:
    manual_clock clock_{evening};
    memory_record record_;
    memory_desk desk_{record_, clock_};
};

} // namespace

std::unique_ptr<desk_keeper> desk_on_memory() {
    return std::make_unique<desk_twin>();
}

std::unique_ptr<keeper> keeper_on_memory() {
    return std::make_unique<twin>();
}

} // namespace linli::tests
