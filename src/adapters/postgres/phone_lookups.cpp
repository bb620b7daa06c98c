#include "adapters/postgres/phone_lookups.hpp"

#include <pqxx/pqxx>

#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"

namespace linli::postgres {

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

} // namespace linli::postgres
