#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "app/accounts.hpp"
#include "app/clock.hpp"
#include "app/id_source.hpp"
#include "app/registry_desk.hpp"
#include "runtime/work_scope.hpp"

namespace linli::app {

// Only `done` of an import has loaded anything.
enum class import_state : std::uint8_t {
    running,
    done,
    refused, // for mistakes in the files
    cancelled,
    failed,
};

// A check or an import of files, as it is now.
struct import_job {
    domain::uuid id{};
    registry_desk::doing what{};
    domain::operator_id by;
    std::string by_name;
    domain::area_id area; // of whoever began it
    domain::instant started_at;
    std::optional<domain::instant> ended_at = {};
    import_state state = import_state::running;
    std::size_t rows_done = 0;
    std::size_t rows = 0; // 0: the files are still being read
    bool may_be_cancelled = false;
    std::string why = {}; // failed: away, conflict, bad_data, failed; refused: not_understood
    registry_imported result = {};
};

// Checks and imports as pages ask for them, as jobs: each goes on whether or not somebody waits for
// it. One runs at a time, here; on another server the registry's lock keeps it waiting for 50 s,
// and then it is `away`. Changes of single records are `away`, too, while an import writes. What
// has ended is told for an hour, and of an import that this server doesn't know, the registry's
// trace tells. Shown to those of the area in which it was begun, who may import. On one loop.
class import_desk {
public:
    import_desk(boost::asio::any_io_executor loop, registry_desk& registry, clock& time,
                id_source& ids);
    import_desk(import_desk const&) = delete;
    import_desk& operator=(import_desk const&) = delete;
    ~import_desk();

    struct not_his {}; // the whole registry doesn't lie in his area
    struct another {   // runs, and nothing was begun
        import_job job;
    };
    using begun = std::variant<import_job, another, not_his>;
    // Waits for it a little, so that whoever brings a small file hears of its end at once. The same
    // user's same key, unless it is empty, is the same job: its first answer was lost on the way.
    runtime::task<record_result<begun>> begin(account by, registry_desk::doing what,
                                              registry_desk::file_source files, std::string key);

    // Newest first.
    std::vector<import_job> jobs(account const& by);
    // Nothing: none that he may see, and nothing of it was loaded.
    runtime::task<record_result<std::optional<import_job>>> find(account by, domain::uuid id);

    // `too_late`: it is being committed, or has ended.
    enum class cancelling : std::uint8_t { done, too_late, not_yours, unknown };
    cancelling cancel(account const& by, domain::uuid const& id);

    // Gives up what runs, and waits until it has ended.
    runtime::task<> stop();

private:
    class kept;
    using kept_job = std::shared_ptr<kept>;

    runtime::task<> run(kept_job job, registry_desk::file_source files);
    runtime::task<> settle(kept_job job, std::string why);
    runtime::task<> wait_for(kept_job job);
    runtime::task<record_result<std::optional<import_job>>> find_trace(account by, domain::uuid id);
    kept_job running() const;
    kept_job find_kept(domain::uuid const& id) const;
    kept_job find_tried(account const& by, std::string const& key) const;
    void forget_old();

    boost::asio::any_io_executor loop_;
    registry_desk& registry_;
    clock& time_;
    id_source& ids_;
    std::deque<kept_job> jobs_; // newest first
    runtime::work_scope tasks_;
};

} // namespace linli::app

template <>
struct linli::domain::names<linli::app::import_state> {
    static constexpr std::array<std::pair<app::import_state, std::string_view>, 5> table{{
        {app::import_state::running, "running"},
        {app::import_state::done, "done"},
        {app::import_state::refused, "refused"},
        {app::import_state::cancelled, "cancelled"},
        {app::import_state::failed, "failed"},
    }};
};
