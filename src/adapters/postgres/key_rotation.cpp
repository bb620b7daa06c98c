#include "adapters/postgres/key_rotation.hpp"

#include <array>
#include <optional>
#include <string_view>

#include <fmt/core.h>
#include <pqxx/pqxx>

#include "adapters/postgres/outbox_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/recording_record.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/wait_check_record.hpp"

namespace linli::postgres {

namespace {

// A column whose bytes begin with 1, the length of a key's id, and that id (key_ring).
struct sealed_column {
    std::string_view table;
    std::string_view key;
    std::string_view key_type;
    std::string_view column;
    purpose sealed_for;
    bool is_data_key = false;
};
constexpr std::array brought_over{
    sealed_column{"resident", "id", "text", "data_key", {}, true},
    sealed_column{"home", "id", "text", "data_key", {}, true},
    sealed_column{"house_key", "one", "boolean", "data_key", {}, true},
    sealed_column{"site", "id", "text", "personal", site_personal::sealed_for},
    sealed_column{"provider", "id", "text", "personal", provider_personal::sealed_for},
    sealed_column{"worker", "id", "text", "personal", worker_personal::sealed_for},
    sealed_column{"account", "id", "text", "personal", account_personal::sealed_for},
    sealed_column{"call", "id", "uuid", "personal", call_personal::sealed_for},
    sealed_column{"placed_call", "id", "uuid", "personal", placed_call_personal::sealed_for},
    sealed_column{"recording", "id", "uuid", "sealed_key", recording_keys},
    sealed_column{"call_wish", "id", "uuid", "personal", wish_sealed_for},
    sealed_column{"wait_check", "call", "uuid", "personal", check_sealed_for},
    sealed_column{"complaint", "id", "uuid", "personal", complaint_personal::sealed_for},
    sealed_column{"booking", "order_id", "uuid", "words", booking_words},
    sealed_column{"device_command", "id", "uuid", "personal", {"device_command"}},
};

struct staying_column {
    std::string_view table;
    std::string_view column;
    std::string_view why;
};
constexpr std::array left_alone{
    staying_column{"command_answer", "body", "goes by itself within a day"},
    staying_column{"outbox", "payload", "goes when it is told"},
    staying_column{"telemetry", "raw", "goes with its day: [telemetry] keep_days"},
    staying_column{"log", "personal",
                   "its digest stands in a chain: goes with [keeping] words_days"},
};

constexpr int rows_at_once = 200;
constexpr auto carries_a_key = "length({0}) > 2 and substring({0} from 1 for 1) = '\\x01'::bytea";

std::string sealed_by_ring(std::string_view column) {
    return fmt::format(fmt::runtime(carries_a_key), column);
}

// The head of what the current key seals.
std::string head_of(key_ring const& keys) {
    auto const id = keys.current_key_id();
    return std::string{'\x01', static_cast<char>(id.size())} + id;
}

std::string to_bring_over(sealed_column const& c) {
    return fmt::format("{0} and substring({1} from 1 for length($1::bytea)) <> $1::bytea",
                       sealed_by_ring(c.column), c.column);
}

std::size_t count_of(pqxx::connection& on, sealed_column const& c, std::string const& head) {
    pqxx::nontransaction in(on);
    auto const sql = fmt::format("select count(*) from {} where {}", c.table, to_bring_over(c));
    return in.exec_params1(sql, pqxx::binarystring(head))[0].as<std::size_t>();
}

std::optional<std::string> sealed_anew(key_ring const& keys, sealed_column const& c,
                                       std::string const& sealed) {
    if (!c.is_data_key) {
        auto const plain = keys.open(c.sealed_for, sealed);
        return plain ? std::optional(keys.seal(c.sealed_for, *plain)) : std::nullopt;
    }
    try {
        return keys.rewrap(sealed);
    } catch (std::invalid_argument const&) {
        return std::nullopt;
    }
}

class rotation {
public:
    rotation(pqxx::connection& on, key_ring const& keys, rotation_progress const& told)
        : on_(on), keys_(keys), told_(told), head_(head_of(keys)) {}

    rotated run() {
        for (auto const& each : brought_over)
            total_ += count_of(on_, each, head_);
        for (auto const& each : brought_over)
            bring_over(each);
        let_copies_be_sealed_anew();
        return so_far_;
    }

private:
    // Each server's copy of the registry, beside its journal, is sealed by the ring, too; a server
    // writes its own again when the registry has moved.
    void let_copies_be_sealed_anew() {
        pqxx::work in(on_);
        in.exec("update registry_version set version = version + 1");
        in.commit();
    }

    // By its key upwards: what can't be opened is passed by once, not met again and again.
    void bring_over(sealed_column const& c) {
        std::optional<std::string> last;
        while (auto const next = step(c, last))
            last = next;
    }

    // Answers the last key of the rows that it took; nothing: there were none.
    std::optional<std::string> step(sealed_column const& c,
                                    std::optional<std::string> const& after) {
        pqxx::work in(on_);
        auto const from = after
                              ? fmt::format(" and {} > {}::{}", c.key, in.quote(*after), c.key_type)
                              : std::string();
        auto const found = in.exec_params(
            fmt::format("select {0}::text, {1} from {2} where {3}{4} order by {0} limit {5}", c.key,
                        c.column, c.table, to_bring_over(c), from, rows_at_once),
            pqxx::binarystring(head_));
        if (found.empty()) return std::nullopt;
        for (auto const& r : found)
            bring_over(in, c, text(r[0]), bytes(r[1]));
        in.commit();
        done_ += found.size();
        if (told_) told_({std::string(c.table), done_, total_});
        return text(found.back()[0]);
    }

    void bring_over(pqxx::work& in, sealed_column const& c, std::string const& key,
                    std::string const& sealed) {
        auto const anew = sealed_anew(keys_, c, sealed);
        if (!anew) {
            ++so_far_.unreadable;
            return;
        }
        auto const done = in.exec_params(
            fmt::format("update {0} set {1} = $1::bytea where {2} = $2::{3} and {1} = $3::bytea",
                        c.table, c.column, c.key, c.key_type),
            pqxx::binarystring(*anew), key, pqxx::binarystring(sealed));
        so_far_.rows += done.affected_rows();
    }

    pqxx::connection& on_;
    key_ring const& keys_;
    rotation_progress const& told_;
    std::string const head_;
    std::size_t total_ = 0;
    std::size_t done_ = 0;
    rotated so_far_;
};

void add_needs(std::vector<key_need>& to, pqxx::connection& on, std::string_view table,
               std::string_view column, std::string_view stays) {
    pqxx::nontransaction in(on);
    auto const sql = fmt::format(
        "select convert_from(substring({0} from 3 for get_byte({0}, 1)), 'SQL_ASCII') as key,"
        " count(*) from {1} where {2} group by 1 order by 1",
        column, table, sealed_by_ring(column));
    for (auto const& r : in.exec(sql))
        to.push_back({text(r[0]), std::string(table), r[1].as<std::size_t>(), std::string(stays)});
}

} // namespace

std::vector<key_need> key_needs(std::string const& connection_string) {
    pqxx::connection on(connection_string);
    check_version(on);
    std::vector<key_need> all;
    for (auto const& c : brought_over)
        add_needs(all, on, c.table, c.column, "");
    for (auto const& c : left_alone)
        add_needs(all, on, c.table, c.column, c.why);
    return all;
}

rotated rotate(std::string const& connection_string, key_ring const& keys,
               rotation_progress const& told) {
    pqxx::connection on(connection_string);
    check_version(on);
    return rotation(on, keys, told).run();
}

} // namespace linli::postgres
