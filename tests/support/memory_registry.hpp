#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "app/registry_desk.hpp"

namespace linli::tests {

// A registry of a few records in memory, each in one area, for what stands before it: it knows no
// area above another but the city, in which all lie, and of a provider's manager his company. What
// a page may do with it, the contract on PostgreSQL says.
class memory_registry final : public app::registry_desk {
public:
    explicit memory_registry(std::string city) : city_(std::move(city)) {}

    bool is_away = false;
    app::registry_changed next_change; // what a change of a record that is there answers
    std::vector<app::registry_change> changes;
    std::vector<app::registry_question> asked;
    std::vector<app::registry_file> given;
    std::vector<doing> done;

    // Where an import stands still until it goes on.
    std::vector<app::import_step> import_stops;
    bool import_stops_in_commit = false;
    bool import_stands() const { return stands_.has_value(); }
    void import_goes_on() { stands_->cancel(); }
    // How it ends, unless it loads what it was given.
    std::optional<app::record_errc> import_fails;
    bool import_throws = false;
    app::registry_mistakes import_finds;
    std::map<domain::uuid, app::import_trace> traces; // left by imports, wherever they ran

    void holds(domain::sheet sheet, app::registry_record record) {
        records_[{sheet, record.key}] = std::move(record);
    }

    runtime::task<app::record_result<app::registry_page>>
    page(app::account const& who, app::registry_question const& what) override;
    runtime::task<app::record_result<std::optional<app::registry_record>>>
    record(app::account const& who, domain::sheet sheet, std::string const& key,
           bool in_clear) override;
    runtime::task<app::record_result<app::registry_changed>>
    change(app::account const& who, app::registry_change const& what) override;
    runtime::task<app::record_result<bool>> has_all(app::account const& who) override;
    runtime::task<app::record_result<std::variant<app::registry_imported, refusal>>>
    import(app::account const& who, import_order order, app::import_watch& watch) override;
    runtime::task<app::record_result<app::import_trace>> trace(domain::uuid const& which) override;
    runtime::task<app::record_result<app::registry_file>>
    file(app::account const& who, domain::sheet sheet, bool in_clear) override;

private:
    app::registry_record const* find(app::account const& who, domain::sheet sheet,
                                     std::string const& key) const;

    runtime::task<void> stand_still();

    std::string city_;
    std::optional<boost::asio::steady_timer> stands_; // a timer that is cancelled to go on
    std::map<std::pair<domain::sheet, std::string>, app::registry_record> records_;
};

} // namespace linli::tests
