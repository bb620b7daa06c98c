#include "server/plans.hpp"

#include "adapters/files/plan_file.hpp"

namespace linli::server {

std::unique_ptr<app::plan_book> load_plan_book(std::vector<std::filesystem::path> const& folders) {
    std::vector<app::plan_book::page> pages;
    auto ordinary = files::load_plans(folders);
    for (auto const& folder : folders)
        for (auto& read : files::load_own_plans(folder / "resident", ordinary))
            pages.push_back({std::move(read.plan), std::move(read.body)});
    for (auto& [kind, read] : ordinary)
        pages.push_back({std::move(read.plan), std::move(read.body)});
    auto const read_again = [](std::string const& body) {
        return files::read_snapshot(body, "a stored snapshot");
    };
    return std::make_unique<app::plan_book>(std::move(pages), read_again);
}

} // namespace linli::server
