#include "support/memory_recordings.hpp"

#include <utility>

#include "support/let_others_run.hpp"

namespace linli::tests {

using app::record_errc;
using app::record_result;
using app::recording_errc;
using app::recording_result;
using domain::call_id;
using domain::recording_state;

bool memory_recordings::answers() {
    return !away_ && !std::exchange(loses_answer_, false);
}

memory_recordings::matter memory_recordings::about_of(call_id id) const {
    if (auto const at = calls_.all().find(id); at != calls_.all().end())
        return {at->second.what.alert, at->second.what.request, at->second.what.number, {}};
    auto const of = domain::parse_uuid(placed_.all().at(id.value).what.reference).value();
    auto const& held = beside_.holds();
    if (auto const call = calls_.all().find({of}); call != calls_.all().end())
        return {call->second.what.alert, call->second.what.request, {}, of};
    matter all;
    if (held.alerts.contains({of})) all.alert = {of};
    if (held.requests.contains({of})) all.request = {of};
    return all;
}

bool memory_recordings::is_decided(call_id id) const {
    auto const at = calls_.all().find(id);
    return at == calls_.all().end() || at->second.what.outcome;
}

std::string memory_recordings::owner_of(call_id id) const {
    auto const c = about_of(id);
    using domain::subject_kind;
    auto const of = [](domain::subject const& about) {
        bool const is_one =
            about.kind == subject_kind::resident || about.kind == subject_kind::home;
        return is_one ? to_string(about) : std::string();
    };
    auto const& held = beside_.holds();
    if (c.alert) {
        auto const& a = held.alerts.at(*c.alert);
        if (!a.resident.empty()) return "resident:" + a.resident.value;
        if (auto his = of(a.about); !his.empty()) return his;
    }
    if (c.request)
        if (auto his = of(held.requests.at(*c.request).about); !his.empty()) return his;
    std::set<std::string> who;
    for (auto const& each : calls_.who_has(c.number))
        if (each.kind != domain::caller_kind::worker) who.insert(each.id);
    return who.size() == 1 ? "resident:" + *who.begin() : std::string();
}

void memory_recordings::goes(call_id id, row& one) {
    placed_.is_recorded(id.value, false);
    one.what.state = recording_state::gone;
    one.what.what.key.clear();
}

std::optional<app::kept_recording> memory_recordings::kept(call_id id) const {
    auto const at = all_.find(id);
    if (at == all_.end()) return std::nullopt;
    return as_kept(at->second);
}

bool memory_recordings::names(std::string const& file) const {
    for (auto const& [id, one] : all_)
        if (one.what.state == recording_state::sealed && one.what.what.file == file) return true;
    return false;
}

void memory_recordings::lets_go(call_id id) {
    goes(id, all_.at(id));
}

app::kept_recording memory_recordings::as_kept(row const& one) const {
    auto seen = one.what;
    seen.whose = one.whose;
    if (erased_.contains(one.whose)) seen.what.key.clear();
    bool const is_lost = seen.state == recording_state::sealed && seen.what.key.empty();
    if (is_lost) seen.state = recording_state::gone;
    return seen;
}

runtime::task<record_result<std::optional<app::recorded_call>>>
memory_recordings::find(std::string name) {
    co_await let_others_run();
    if (!answers()) co_return record_errc::away;
    std::optional<app::recorded_call> found;
    for (auto const& [id, each] : calls_.all())
        if (each.what.source == domain::own_hotline && each.what.name == name)
            found.emplace(app::recorded_call{id, each.what.ended_at.has_value(), {}});
    for (auto const& [id, each] : placed_.all())
        if (each.how && each.name == name) found.emplace(app::recorded_call{{id}, true, {}});
    auto const at = found ? all_.find(found->id) : all_.end();
    if (at != all_.end()) found->state = at->second.what.state;
    co_return found;
}

runtime::task<record_result<void>> memory_recordings::begun(call_id id, domain::instant now) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const [at, is_new] = all_.try_emplace(id);
    if (is_new) at->second.what.what.begun_at = now;
    if (is_new && placed_.all().contains(id.value)) placed_.is_recorded(id.value, true);
    co_return record_result<void>();
}

runtime::task<record_result<bool>> memory_recordings::seal(call_id id,
                                                           app::sealed_recording const& what) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = all_.find(id);
    bool is_kept = at != all_.end() && at->second.what.state == recording_state::recording;
    if (is_kept) {
        auto& one = at->second;
        one.whose = owner_of(id);
        is_kept = !erased_.contains(one.whose);
        if (is_kept)
            one.what = {recording_state::sealed, what, {}};
        else
            goes(id, one);
    }
    if (!answers()) co_return record_errc::away;
    co_return is_kept;
}

runtime::task<record_result<void>> memory_recordings::failed(call_id id, int pieces) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    auto const at = all_.find(id);
    if (at != all_.end() && at->second.what.state == recording_state::recording) {
        at->second.what.state = recording_state::failed;
        at->second.what.what.pieces = pieces;
    }
    if (!answers()) co_return record_errc::away;
    co_return record_result<void>();
}

runtime::task<record_result<std::size_t>> memory_recordings::adopt(int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::size_t looked_at = 0;
    for (auto& [id, one] : all_) {
        bool const is_due =
            one.what.state == recording_state::sealed && !one.is_settled && is_decided(id);
        if (!is_due || looked_at == static_cast<std::size_t>(limit)) continue;
        ++looked_at;
        one.is_settled = true;
        auto const his = owner_of(id);
        if (his.empty() || his == one.whose) continue;
        if (erased_.contains(his) || erased_.contains(one.whose)) goes(id, one);
        one.whose = his;
    }
    co_return looked_at;
}

runtime::task<record_result<std::vector<std::string>>> memory_recordings::to_remove(int limit) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<std::string> all;
    for (auto const& [id, one] : all_)
        if (one.what.state == recording_state::gone && !one.what.what.file.empty() &&
            all.size() < static_cast<std::size_t>(limit))
            all.push_back(one.what.what.file);
    co_return all;
}

runtime::task<record_result<void>> memory_recordings::removed(std::string file) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    for (auto& [id, one] : all_)
        if (one.what.state == recording_state::gone && one.what.what.file == file)
            one.what.what.file.clear();
    co_return record_result<void>();
}

runtime::task<record_result<std::vector<std::string>>>
memory_recordings::unknown_of(std::vector<std::string> files) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::erase_if(files, [this](std::string const& file) {
        for (auto const& [id, one] : all_)
            if (one.what.what.file == file) return true;
        return false;
    });
    co_return files;
}

runtime::task<record_result<std::vector<std::pair<call_id, app::kept_recording>>>>
memory_recordings::kept_of(domain::uuid of) {
    co_await let_others_run();
    if (away_) co_return record_errc::away;
    std::vector<std::pair<call_id, app::kept_recording>> all;
    for (auto const& [id, one] : all_) {
        bool const is_there = calls_.all().contains(id) || placed_.all().contains(id.value);
        if (!is_there) continue; // it went with its call
        auto const what = about_of(id);
        bool const is_its = id.value == of || (what.alert && what.alert->value == of) ||
                            (what.request && what.request->value == of) || what.call == of;
        if (is_its) all.emplace_back(id, as_kept(one));
    }
    co_return all;
}

// ------------------------------------------------------------------ the disk

runtime::task<recording_result<std::vector<app::call_pieces>>> memory_recording_files::waiting() {
    co_await let_others_run();
    std::vector<app::call_pieces> all;
    for (auto const& [call, each] : plain)
        all.push_back(each);
    co_return all;
}

runtime::task<recording_result<app::sealed_recording>>
memory_recording_files::seal(call_id id, app::call_pieces const& what) {
    co_await let_others_run();
    if (is_full) co_return recording_errc::disk;
    if (silent.contains(what.call)) co_return recording_errc::silent;
    app::sealed_recording one;
    one.file = to_string(id) + '-' + std::to_string(++made);
    one.key = "key of " + one.file;
    one.begun_at = begun_at;
    one.length = domain::seconds(3);
    for (auto const& each : what.pieces)
        sealed_[one.file] += each;
    one.bytes = sealed_[one.file].size();
    one.pieces = static_cast<int>(what.pieces.size());
    co_return one;
}

runtime::task<recording_result<void>> memory_recording_files::remove(app::call_pieces const& what) {
    co_await let_others_run();
    plain.erase(what.call);
    co_return recording_result<void>();
}

runtime::task<recording_result<std::vector<std::string>>> memory_recording_files::sealed() {
    co_await let_others_run();
    std::vector<std::string> all;
    for (auto const& [name, bytes] : sealed_)
        all.push_back(name);
    co_return all;
}

runtime::task<recording_result<void>> memory_recording_files::forget(std::string file) {
    co_await let_others_run();
    sealed_.erase(file);
    co_return recording_result<void>();
}

runtime::task<recording_result<std::string>>
memory_recording_files::read(app::sealed_recording const& what, std::uint64_t from,
                             std::size_t count) {
    co_await let_others_run();
    auto const at = sealed_.find(what.file);
    if (at == sealed_.end()) co_return recording_errc::elsewhere;
    if (what.key != "key of " + what.file) co_return recording_errc::damaged;
    co_return at->second.substr(from, count);
}

} // namespace linli::tests
