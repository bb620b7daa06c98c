#include "adapters/postgres/failures.hpp"

#include <optional>

#include <pqxx/pqxx>

#include "runtime/log.hpp"

namespace linli::postgres {

namespace log = runtime::log;

namespace {

using app::record_errc;

// Only what the data itself is to blame for may set a signal aside; everything else is tried again
// for as long as it takes, because it will be mended.
record_errc errc_of(std::string const& state) {
    if (state == "40001" || state == "40P01" || state == "23505" || state == "23P01")
        return record_errc::conflict;
    if (state.starts_with("22") || state == "23502" || state == "23514")
        return record_errc::bad_data;
    return record_errc::away;
}

} // namespace

app::record_errc refusal_of(char const* what, std::string const& sqlstate, char const* why) {
    auto const errc = errc_of(sqlstate);
    if (errc != record_errc::conflict)
        log::warning("database_refused", {{"what", what}, {"sqlstate", sqlstate}, {"why", why}});
    return errc;
}

app::record_errc failure_of(char const* what) {
    try {
        throw;
    } catch (pqxx::sql_error const& e) {
        return refusal_of(what, e.sqlstate(), e.what());
    } catch (pqxx::statement_completion_unknown const& e) {
        log::debug("database_in_doubt", {{"what", what}, {"why", e.what()}});
        return record_errc::away; // tried again; the ids find what was written
    } catch (pqxx::transaction_rollback const&) {
        return record_errc::conflict; // serialization failure, deadlock: no sql_error in 6.4
    } catch (pqxx::unexpected_rows const& e) {
        log::error("database_lacks_a_row", {{"what", what}, {"why", e.what()}});
        return record_errc::bad_data;
    } catch (std::bad_optional_access const& e) { // a word that a newer version has written
        log::error("database_word_unknown", {{"what", what}, {"why", e.what()}});
        return record_errc::bad_data;
    } catch (pqxx::failure const& e) {
        log::debug("database_away", {{"what", what}, {"why", e.what()}});
        return record_errc::away;
    }
}

} // namespace linli::postgres
