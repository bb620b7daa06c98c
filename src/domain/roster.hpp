#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/matching.hpp"

namespace linli::domain {

// All workers by place, in an R-tree. Load and visit change with each order; places and papers
// with the registry, which builds a new roster.
class roster {
public:
    explicit roster(std::vector<worker> workers);
    roster(roster&&) noexcept;
    roster& operator=(roster&&) noexcept;
    ~roster();

    worker* find(worker_id const& id);
    std::vector<worker> const& all() const;

    // Nearest first, until `enough` of them satisfy `may_go` or `most` were looked at; those who
    // serve `site` but have no known place come after them. Without a place, the site's own.
    std::vector<worker const*> near(std::optional<position> const& place, std::string const& site,
                                    std::function<bool(worker const&)> const& may_go,
                                    std::size_t enough, std::size_t most) const;

private:
    struct index;
    std::unique_ptr<index> index_;
};

} // namespace linli::domain
