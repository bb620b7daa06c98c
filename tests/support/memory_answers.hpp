#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "app/answer_record.hpp"

namespace linli::tests {

// The twin of the commands' answers on PostgreSQL, in memory. Each call lets the loop run once
// before it does its work. One thread.
class memory_answers final : public app::answer_record {
public:
    void away(bool is_away) { away_ = is_away; }
    // As by a server that dies between a command and the keeping of its answer.
    void loses_answers(bool does) { loses_answers_ = does; }
    std::size_t size() const { return rows_.size(); }

    runtime::task<app::record_result<found>> begin(command const& what) override;
    runtime::task<app::record_result<void>> end(command const& what, answer const& said) override;
    runtime::task<app::record_result<std::size_t>> forget(domain::instant before,
                                                          int limit) override;

private:
    struct row {
        std::string request;
        domain::instant since;
        std::optional<answer> said = {};
    };
    std::map<std::pair<std::string, std::string>, row> rows_; // by who and key
    bool away_ = false;
    bool loses_answers_ = false;
};

} // namespace linli::tests
