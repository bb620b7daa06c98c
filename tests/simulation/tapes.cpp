#include "simulation/tapes.hpp"

#include <utility>

namespace linli::simulation {

using app::recording_errc;
using app::recording_result;
using domain::recording_state;

// ---------------------------------------------------------------- the media server

void tapes::begins(std::string const& call) {
    disk_.has(call, {"first of " + call + ", "}, true);
}

void tapes::ends(std::string const& call, bool is_silent) {
    disk_.has(call, {"first of " + call + ", ", "second"});
    auto const& pieces = disk_.plain.at(call).pieces;
    spoken_[call] = is_silent ? std::string() : pieces[0] + pieces[1];
    if (is_silent) disk_.silent.insert(call);
}

bool tapes::is_old(std::string const& file) const {
    return here_.clock.now() - sealed_at_.at(file) > domain::hours(1);
}

// ---------------------------------------------------------------- the rules

std::optional<app::kept_recording> tapes::kept(std::string const& call) const {
    for (auto const& [id, each] : here_.calls.all())
        if (each.what.source == domain::own_hotline && each.what.name == call)
            return here_.recordings.kept(id);
    for (auto const& [id, each] : here_.placed.all())
        if (each.name == call) return here_.recordings.kept({id});
    return std::nullopt;
}

void tapes::removed(std::string const& call) {
    auto const is = kept(call);
    if (!is || is->state == recording_state::recording)
        here_.broken("rule 1: a recording is taken away before the record has it: " + call);
}

void tapes::forgotten(std::string const& file) {
    if (here_.recordings.names(file))
        here_.broken("rule 1: a recording is taken away that the record names: " + file);
    here_.saw(rare::recording_sealed_for_nothing);
}

void tapes::check_all_kept() {
    for (auto const& [call, words] : spoken_) {
        auto const is = kept(call);
        if (!is) {
            here_.broken("rule 1: nobody knows of the recording of " + call);
            continue;
        }
        here_.seen.recordings.add(is->state);
        auto const file = disk_.sealed_.find(is->what.file);
        bool const can_be_heard = is->state == recording_state::sealed &&
                                  file != disk_.sealed_.end() && file->second == words;
        bool const is_said_to_be_silent = is->state == recording_state::failed && words.empty();
        if (!can_be_heard && !is_said_to_be_silent)
            here_.broken("rule 1: the recording of " + call + " is lost");
    }
}

// ---------------------------------------------------------------- one process

runtime::task<recording_result<app::sealed_recording>>
unsteady_tapes::seal(domain::call_id id, app::call_pieces const& what) {
    auto const met = co_await met_.begin_outside(place::tapes);
    if (is_full()) {
        here_.saw(rare::recordings_disk_is_full);
        co_return recording_errc::disk;
    }
    auto made = co_await of_.disk().seal(id, what);
    if (made) of_.sealed(made->file);
    co_await met_.end_outside(met);
    co_return made;
}

runtime::task<recording_result<std::vector<std::string>>> unsteady_tapes::sealed() {
    auto all = co_await of_.disk().sealed();
    std::erase_if(*all, [this](std::string const& file) { return !of_.is_old(file); });
    co_return all;
}

runtime::task<recording_result<void>> unsteady_tapes::remove(app::call_pieces const& what) {
    auto const call = what.call;
    auto const met = co_await met_.begin_outside(place::tapes);
    auto done = co_await of_.disk().remove(what);
    of_.removed(call);
    co_await met_.end_outside(met);
    co_return done;
}

runtime::task<recording_result<void>> unsteady_tapes::forget(std::string file) {
    auto const met = co_await met_.begin_outside(place::tapes);
    of_.forgotten(file);
    auto done = co_await of_.disk().forget(std::move(file));
    co_await met_.end_outside(met);
    co_return done;
}

} // namespace linli::simulation
