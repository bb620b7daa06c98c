#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/recording_record.hpp"
#include "simulation/trouble.hpp"

namespace linli::simulation {

// What the record knows of recordings, with one process's troubles.
class unsteady_recordings final : public app::recording_record {
public:
    unsteady_recordings(app::recording_record& inner, trouble& met) : inner_(inner), met_(met) {}

    runtime::task<app::record_result<std::optional<app::recorded_call>>>
    find(std::string name) override {
        return met_.pass(place::recordings_read, inner_.find(std::move(name)));
    }
    runtime::task<app::record_result<void>> begun(domain::call_id id,
                                                  domain::instant now) override {
        return met_.pass(place::recordings, inner_.begun(id, now));
    }
    runtime::task<app::record_result<bool>> seal(domain::call_id id,
                                                 app::sealed_recording const& what) override {
        return met_.pass(place::recordings, inner_.seal(id, what));
    }
    runtime::task<app::record_result<void>> failed(domain::call_id id, int pieces) override {
        return met_.pass(place::recordings, inner_.failed(id, pieces));
    }
    runtime::task<app::record_result<std::size_t>> adopt(int limit) override {
        return met_.pass(place::recordings_read, inner_.adopt(limit));
    }
    runtime::task<app::record_result<std::vector<std::string>>> to_remove(int limit) override {
        return met_.pass(place::recordings_read, inner_.to_remove(limit));
    }
    runtime::task<app::record_result<void>> removed(std::string file) override {
        return met_.pass(place::recordings, inner_.removed(std::move(file)));
    }
    runtime::task<app::record_result<std::vector<std::string>>>
    unknown_of(std::vector<std::string> files) override {
        return met_.pass(place::recordings_read, inner_.unknown_of(std::move(files)));
    }
    runtime::task<app::record_result<std::vector<std::pair<domain::call_id, app::kept_recording>>>>
    kept_of(domain::uuid one) override {
        return met_.pass(place::recordings_read, inner_.kept_of(one));
    }

private:
    app::recording_record& inner_;
    trouble& met_;
};

} // namespace linli::simulation
