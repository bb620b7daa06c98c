#pragma once

#include <filesystem>

#include "adapters/recordings/pieces.hpp"
#include "app/recording_files.hpp"
#include "runtime/blocking_pool.hpp"

namespace linli::recordings {

// app::recording_files: rtpengine's folder, and ours for what is sealed, which our user alone may
// read. One thread seals, another one reads for pages.
class recordings_on_disk final : public app::recording_files {
public:
    struct settings {
        piece_folder pieces;
        std::filesystem::path sealed;     // made when it is first needed
        std::chrono::seconds young{3600}; // what is younger may be another process's, not yet told
    };

    explicit recordings_on_disk(settings with);

    runtime::task<app::recording_result<std::vector<app::call_pieces>>> waiting() override;
    runtime::task<app::recording_result<app::sealed_recording>>
    seal(domain::call_id id, app::call_pieces const& what) override;
    runtime::task<app::recording_result<void>> remove(app::call_pieces const& what) override;
    runtime::task<app::recording_result<std::vector<std::string>>> sealed() override;
    runtime::task<app::recording_result<void>> forget(std::string file) override;
    runtime::task<app::recording_result<std::string>>
    read(app::sealed_recording const& what, std::uint64_t from, std::size_t count) override;

    void stop(); // waits for what is running

private:
    settings const with_;
    runtime::blocking_pool sealing_{1};
    runtime::blocking_pool reading_{1};
};

} // namespace linli::recordings
