#include "adapters/postgres/phone_lookups.hpp"

#include <array>
#include <map>

#include <fmt/core.h>
#include <pqxx/pqxx>

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

namespace {

constexpr auto residents_sql = R"(
    with page as (
        select id, phone_hmac, data_key, personal from resident
        where id > $1 order by id limit 2000)
    select id, true as his_own, phone_hmac, data_key, personal from page
    union all
    select p.id, false, c.phone_hmac, p.data_key, c.personal
    from page p join contact c on c.resident = p.id
    order by id)";
constexpr auto workers_sql =
    "select phone_hmac, personal from worker where phone_hmac is not null and personal is not null";

// Whatever is found by a number. What was told and tried must go on belonging to it, and so must
// that somebody shall not be told.
constexpr std::array looked_up{"resident", "contact",  "worker",
                               "call",     "delivery", "contact_trial"};
constexpr auto renewed_sql = "update {} t set phone_hmac = f.becomes "
                             "from unnest($1::bytea[], $2::bytea[]) as f(was, becomes) "
                             "where t.phone_hmac = f.was";
constexpr auto not_told_sql = R"(
    with gone as (
        delete from do_not_tell t using unnest($1::bytea[], $2::bytea[]) as f(was, becomes)
        where t.phone_hmac = f.was returning t.resident, f.becomes)
    insert into do_not_tell (resident, phone_hmac) select distinct resident, becomes from gone
    on conflict do nothing)";

class renewal {
public:
    explicit renewal(key_ring const& keys) : keys_(keys) {}

    void look_at_residents(pqxx::nontransaction& in) {
        for (std::string after;;) {
            auto const rows = in.exec_params(residents_sql, after);
            if (rows.empty()) return;
            for (auto const& r : rows)
                look_at_resident(r);
            after = text(rows.back()["id"]);
        }
    }

    void look_at_workers(pqxx::nontransaction& in) {
        for (auto const& r : in.exec(workers_sql)) {
            auto const plain = keys_.open(worker_personal::sealed_for, bytes(r["personal"]));
            if (plain) look_at(bytes(r["phone_hmac"]), text_in_json(*plain, "phone"));
        }
    }

    std::size_t write(pqxx::connection& on) const {
        if (anew_.empty()) return 0;
        column was;
        column becomes;
        for (auto const& [before, now] : anew_) {
            was.bytes(before);
            becomes.bytes(now);
        }
        pqxx::work in(on);
        for (auto const* const table : looked_up)
            in.exec_params(fmt::format(fmt::runtime(renewed_sql), table), was.literal(),
                           becomes.literal());
        in.exec_params(not_told_sql, was.literal(), becomes.literal());
        in.commit();
        return anew_.size();
    }

private:
    void look_at_resident(pqxx::row const& r) {
        if (r["phone_hmac"].is_null() || r["data_key"].is_null() || r["personal"].is_null()) return;
        auto const kind =
            r["his_own"].as<bool>() ? resident_personal::sealed_for : contact_personal::sealed_for;
        auto const plain = keys_.open_for(bytes(r["data_key"]), kind, bytes(r["personal"]));
        if (plain) look_at(bytes(r["phone_hmac"]), text_in_json(*plain, "phone"));
    }

    // As it was made of "+86 21 …", or of "86 21 …".
    void look_at(std::string const& digest, std::string const& phone) {
        auto const number = normalised_phone(phone);
        if (!number.starts_with('0')) return;
        auto const without = number.substr(1);
        if (digest == digest_of(without) || digest == digest_of("86" + without))
            anew_[digest] = digest_of(number);
    }

    std::string digest_of(std::string const& number) const {
        auto const digest = keys_.lookup_hmac("phone", number);
        return {reinterpret_cast<char const*>(digest.data()), digest.size()};
    }

    key_ring const& keys_;
    std::map<std::string, std::string> anew_; // by what stands there
};

} // namespace

// Those without a telephone, or without a key, stay as they are: a server never waits for this.
std::size_t fill_phone_lookups(std::string const& connection_string, key_ring const& keys) {
    pqxx::connection on(connection_string);
    pqxx::work in(on);
    column ids;
    column digests;
    std::size_t found = 0;
    for (auto const& r : in.exec("select id, personal from worker "
                                 "where phone_hmac is null and personal is not null for update")) {
        auto const plain = keys.open(worker_personal::sealed_for, bytes(r["personal"]));
        if (!plain) continue;
        auto const phone = from_json<worker_personal>(*plain).phone;
        if (normalised_phone(phone).empty()) continue;
        auto const digest = phone_lookup(keys, phone);
        ids.text(text(r["id"]));
        digests.bytes({reinterpret_cast<char const*>(digest.data()), digest.size()});
        ++found;
    }
    in.exec_params("update worker w set phone_hmac = f.digest "
                   "from unnest($1::text[], $2::bytea[]) as f(id, digest) where w.id = f.id",
                   ids.literal(), digests.literal());
    in.commit();
    return found;
}

std::size_t renew_phone_lookups(std::string const& connection_string, key_ring const& keys) {
    pqxx::connection on(connection_string);
    renewal all(keys);
    {
        pqxx::nontransaction in(on);
        all.look_at_residents(in);
        all.look_at_workers(in);
    }
    return all.write(on);
}

} // namespace linli::postgres
