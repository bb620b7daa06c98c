#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "app/clock.hpp"
#include "app/recording_files.hpp"
#include "app/recording_record.hpp"

namespace linli::app {

// Makes of what the media server has recorded one sealed file a call, for as long as this server
// holds the hotline, and takes away what nobody may hear any more. The folder itself is the list of
// what is to do: pieces in clear go when the record has their sealed file, so whoever dies between
// two steps leaves work and loses nothing; what was sealed for nothing goes an hour later.
class recordings {
public:
    struct ports {
        recording_record& keeper;
        recording_files& files;
        clock& time;
        std::function<bool()> is_ours;
    };
    explicit recordings(ports with) : with_(std::move(with)) {}

    // Runs until cancelled.
    runtime::task<void> run();
    // One round.
    runtime::task<void> look();

    struct figures {
        std::size_t waiting = 0; // calls with pieces in clear
        std::size_t unknown = 0; // of them, such as the record hasn't heard of
        std::uint64_t sealed = 0;
        std::uint64_t silent = 0;
        std::uint64_t disk_errors = 0;
        bool is_disk_well = true;
    };
    figures const& so_far() const { return counted_; }

private:
    runtime::task<void> look_at(call_pieces const& one);
    runtime::task<void> seal(domain::call_id id, call_pieces const& one);
    runtime::task<void> remove_gone();
    runtime::task<void> remove_unknown();
    bool is_well(std::optional<recording_errc> why);

    ports with_;
    figures counted_;
    std::optional<domain::instant> disk_again_at_;
    std::optional<domain::instant> unknown_at_;
};

} // namespace linli::app
