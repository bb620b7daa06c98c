#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/recording_files.hpp"
#include "app/recording_record.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_placed_calls.hpp"

namespace linli::tests {

// The twin of the recordings on PostgreSQL, beside its calls. Each call lets the loop run once
// before it does its work. One thread.
class memory_recordings final : public app::recording_record {
public:
    memory_recordings(memory_record const& beside, memory_calls const& calls,
                      memory_placed_calls& placed)
        : beside_(beside), calls_(calls), placed_(placed) {}

    void away(bool is_away) { away_ = is_away; }
    // The next answer gets lost, and what was asked for is done.
    void loses_an_answer() { loses_answer_ = true; }
    // His key is destroyed.
    void erases(std::string const& resident) { erased_.insert("resident:" + resident); }
    // Kept long enough.
    void lets_go(domain::call_id id);
    std::string whose(domain::call_id id) const { return all_.at(id).whose; }
    // Nothing: no recording of it is known. And whether one that is kept lies in that file.
    std::optional<app::kept_recording> kept(domain::call_id id) const;
    bool names(std::string const& file) const;

    runtime::task<app::record_result<std::optional<app::recorded_call>>>
    find(std::string name) override;
    runtime::task<app::record_result<void>> begun(domain::call_id id, domain::instant now) override;
    runtime::task<app::record_result<bool>> seal(domain::call_id id,
                                                 app::sealed_recording const& what) override;
    runtime::task<app::record_result<void>> failed(domain::call_id id, int pieces) override;
    runtime::task<app::record_result<std::size_t>> adopt(int limit) override;
    runtime::task<app::record_result<std::vector<std::string>>> to_remove(int limit) override;
    runtime::task<app::record_result<void>> removed(std::string file) override;
    runtime::task<app::record_result<std::vector<std::string>>>
    unknown_of(std::vector<std::string> files) override;
    runtime::task<app::record_result<std::vector<std::pair<domain::call_id, app::kept_recording>>>>
    kept_of(domain::uuid one) override;

private:
    struct row {
        app::kept_recording what;
        std::string whose;
        bool is_settled = false;
    };
    bool answers();
    // What it is about: the first two of nothing else, the last of a number alone.
    struct matter {
        std::optional<domain::alert_id> alert;
        std::optional<domain::request_id> request;
        std::string number;
        std::optional<domain::uuid> call; // that it was begun about
    };
    matter about_of(domain::call_id id) const;
    std::string owner_of(domain::call_id id) const;
    bool is_decided(domain::call_id id) const;
    app::kept_recording as_kept(row const& one) const;
    void goes(domain::call_id id, row& one);

    memory_record const& beside_;
    memory_calls const& calls_;
    memory_placed_calls& placed_;
    std::map<domain::call_id, row> all_;
    std::set<std::string> erased_;
    bool away_ = false;
    bool loses_answer_ = false;
};

// The twin of the disk.
class memory_recording_files final : public app::recording_files {
public:
    std::map<std::string, app::call_pieces> plain; // by the engine's name of the call
    std::map<std::string, std::string> sealed_;    // by the file's name: its bytes
    std::set<std::string> silent;                  // such calls
    bool is_full = false;
    domain::instant begun_at;
    int made = 0;

    void has(std::string const& call, std::vector<std::string> pieces, bool is_live = false) {
        plain[call] = {call, std::move(pieces), is_live};
    }

    runtime::task<app::recording_result<std::vector<app::call_pieces>>> waiting() override;
    runtime::task<app::recording_result<app::sealed_recording>>
    seal(domain::call_id id, app::call_pieces const& what) override;
    runtime::task<app::recording_result<void>> remove(app::call_pieces const& what) override;
    runtime::task<app::recording_result<std::vector<std::string>>> sealed() override;
    runtime::task<app::recording_result<void>> forget(std::string file) override;
    runtime::task<app::recording_result<std::string>>
    read(app::sealed_recording const& what, std::uint64_t from, std::size_t count) override;
};

} // namespace linli::tests
