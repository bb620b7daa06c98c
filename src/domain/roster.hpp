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

    // What only the day knows of them, where they were seen and until when they rest, from the
    // roster before this one. A restart begins without it.
    void remember(roster const& before);
    std::vector<worker> const& all() const;

    using rule = std::function<bool(worker const&)>;

    // Of those who are `meant`, nearest first, until `enough` of them satisfy `may_go`; of the
    // others at most `most`. Those who serve `site` but have no known place come after them.
    // Without a place, the site's own. "Near" goes by where they usually start from; the ranking
    // knows where they were seen.
    std::vector<worker const*> near(std::optional<position> const& place, std::string const& site,
                                    rule const& meant, rule const& may_go, std::size_t enough,
                                    std::size_t most) const;

    // Who goes to his own homes only, and has this one or one of these areas among them: neighbours
    // and guards are many, and only his own home's is of use. As many as `near` finds.
    std::vector<worker const*> who_has(std::string const& home,
                                       std::vector<std::string> const& areas, rule const& meant,
                                       rule const& may_go, std::size_t enough,
                                       std::size_t most) const;

private:
    struct index;
    std::unique_ptr<index> index_;
};

} // namespace linli::domain
