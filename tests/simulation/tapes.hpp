#pragma once

#include <functional>
#include <map>
#include <string>

#include "app/recording_files.hpp"
#include "simulation/trouble.hpp"

namespace linli::simulation {

// What the media server has recorded, and the folders in which it lies: they outlive everybody. The
// pieces of a call are still being written while somebody speaks.
class tapes {
public:
    explicit tapes(scene& here) : here_(here) {}

    void begins(std::string const& call);
    void ends(std::string const& call, bool is_silent);
    tests::memory_recording_files& disk() { return disk_; }
    bool is_done() const { return disk_.plain.empty(); }

    void sealed(std::string const& file) { sealed_at_[file] = here_.clock.now(); }
    bool is_old(std::string const& file) const;

    // At each step. The pieces in clear go when the record has what was made of them, and a sealed
    // file when the record doesn't name it.
    void removed(std::string const& call);
    void forgotten(std::string const& file);
    // When the house is quiet: what was to be heard can be heard, of the rest it is said.
    void check_all_kept();

private:
    std::optional<app::kept_recording> kept(std::string const& call) const;

    scene& here_;
    tests::memory_recording_files disk_;
    std::map<std::string, std::string> spoken_;        // by call; empty: nothing was to be heard
    std::map<std::string, domain::instant> sealed_at_; // by file, true time
};

// The folders with one process's troubles: a disk that is full, and its own death.
class unsteady_tapes final : public app::recording_files {
public:
    unsteady_tapes(tapes& of, scene& here, trouble& met) : of_(of), here_(here), met_(met) {}

    runtime::task<app::recording_result<std::vector<app::call_pieces>>> waiting() override {
        return of_.disk().waiting();
    }
    runtime::task<app::recording_result<app::sealed_recording>>
    seal(domain::call_id id, app::call_pieces const& what) override;
    runtime::task<app::recording_result<void>> remove(app::call_pieces const& what) override;
    // Those that are an hour old: a younger one may be in somebody's hands.
    runtime::task<app::recording_result<std::vector<std::string>>> sealed() override;
    runtime::task<app::recording_result<void>> forget(std::string file) override;
    runtime::task<app::recording_result<std::string>>
    read(app::sealed_recording const& what, std::uint64_t from, std::size_t count) override {
        return of_.disk().read(what, from, count);
    }

private:
    bool is_full() const { return !here_.now.helpful && here_.chance.percent(5); }

    tapes& of_;
    scene& here_;
    trouble& met_;
};

} // namespace linli::simulation
