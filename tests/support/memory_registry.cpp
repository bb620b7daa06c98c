#include "support/memory_registry.hpp"

#include <stdexcept>

#include <boost/asio/this_coro.hpp>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;

namespace {

constexpr domain::instant noon_of_imports{std::chrono::seconds(1'795'000'000)};

bool is_of(domain::provider_id const& company, domain::sheet sheet,
           app::registry_record const& record) {
    if (sheet == domain::sheet::providers) return record.key == company.value;
    return sheet == domain::sheet::workers && record.rows.at(0).at(1) == company.value;
}

} // namespace

app::registry_record const* memory_registry::find(app::account const& who, domain::sheet sheet,
                                                  std::string const& key) const {
    auto const at = records_.find({sheet, key});
    if (at == records_.end()) return nullptr;
    bool is_his = who.area.value == city_ || who.area == at->second.area;
    if (who.role == domain::role::provider_manager) is_his = is_of(who.provider, sheet, at->second);
    return is_his ? &at->second : nullptr;
}

runtime::task<record_result<app::registry_page>>
memory_registry::page(app::account const& who, app::registry_question const& what) {
    co_await let_others_run();
    if (is_away) co_return record_errc::away;
    asked.push_back(what);
    app::registry_page page;
    for (auto const& [name, record] : records_)
        if (name.first == what.sheet && find(who, name.first, name.second))
            page.records.push_back(record);
    page.total = static_cast<std::uint32_t>(page.records.size());
    co_return page;
}

runtime::task<record_result<std::optional<app::registry_record>>>
memory_registry::record(app::account const& who, domain::sheet sheet, std::string const& key,
                        bool in_clear) {
    co_await let_others_run();
    if (is_away) co_return record_errc::away;
    std::optional<app::registry_record> found;
    if (auto const* record = find(who, sheet, key)) found = *record;
    if (found) found->is_masked = !in_clear;
    co_return found;
}

runtime::task<record_result<app::registry_changed>>
memory_registry::change(app::account const& who, app::registry_change const& what) {
    co_await let_others_run();
    if (is_away) co_return record_errc::away;
    changes.push_back(what);
    if (!find(who, what.sheet, what.key)) co_return app::registry_changed();
    co_return next_change;
}

runtime::task<record_result<bool>> memory_registry::has_all(app::account const& who) {
    co_await let_others_run();
    if (is_away) co_return record_errc::away;
    co_return who.area.value == city_;
}

runtime::task<record_result<std::variant<app::registry_imported, app::registry_desk::refusal>>>
memory_registry::import(app::account const& who, import_order order, app::import_watch& watch) {
    using answer = std::variant<app::registry_imported, refusal>;
    bool const is_import = order.what == doing::import;
    co_await let_others_run();
    auto const read = order.files();
    if (!read) co_return answer(refusal::not_understood);
    given = *read;
    auto const stops = import_stops; // a test may change them meanwhile
    for (auto const& step : stops) {
        watch.is_at(step);
        co_await stand_still();
        if (!watch.is_wanted()) co_return answer(refusal::cancelled);
    }
    if (import_throws) throw std::runtime_error("the key file is another installation's");
    app::registry_imported imported;
    imported.found = import_finds;
    if (import_finds.mistakes.count > 0) co_return answer(imported);
    if (is_import && !watch.may_commit()) co_return answer(refusal::cancelled);
    if (import_stops_in_commit) co_await stand_still();
    if (import_fails) co_return *import_fails;
    imported.is_done = is_import;
    if (is_import)
        traces[order.id].done = app::import_trace::commit{noon_of_imports, who.user, who.area};
    done.push_back(order.what);
    co_return answer(imported);
}

runtime::task<void> memory_registry::stand_still() {
    auto executor = co_await boost::asio::this_coro::executor;
    stands_.emplace(executor, boost::asio::steady_timer::time_point::max());
    auto const rung = co_await stands_->async_wait(runtime::use_task_tuple);
    static_cast<void>(rung);
    stands_.reset();
}

runtime::task<record_result<app::import_trace>> memory_registry::trace(domain::uuid const& which) {
    co_await let_others_run();
    if (is_away) co_return record_errc::away;
    co_return traces[which];
}

runtime::task<record_result<app::registry_file>>
memory_registry::file(app::account const& who, domain::sheet sheet, bool in_clear) {
    co_await let_others_run();
    if (is_away) co_return record_errc::away;
    app::registry_file made;
    made.name =
        sheet == domain::sheet::zones ? "zones.geojson" : std::string(to_text(sheet)) + ".csv";
    for (auto const& [name, record] : records_)
        if (name.first == sheet && find(who, name.first, name.second))
            made.text += name.second + (in_clear ? " clear" : " masked") + "\n";
    co_return made;
}

} // namespace linli::tests
