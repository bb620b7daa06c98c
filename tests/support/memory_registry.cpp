#include "support/memory_registry.hpp"

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;

namespace {

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

runtime::task<record_result<std::variant<app::registry_imported, app::registry_desk::refusal>>>
memory_registry::import(app::account const& who, doing what, file_source files) {
    using answer = std::variant<app::registry_imported, refusal>;
    co_await let_others_run();
    if (is_away) co_return record_errc::away;
    if (who.area.value != city_) co_return answer(refusal::not_everything);
    auto const read = files();
    if (!read) co_return answer(refusal::not_understood);
    given = *read;
    done.push_back(what);
    app::registry_imported imported;
    imported.is_done = what == doing::import;
    co_return answer(imported);
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
