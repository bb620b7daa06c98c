#include "app/complaints.hpp"

#include <utility>

namespace linli::app {

namespace {

// Two supervisors at once: the second reads what the first has done.
constexpr int most_attempts = 5;

} // namespace

runtime::task<record_result<domain::complaint_id>> complaints::write(domain::complaint what,
                                                                     complained_of about) {
    what.id = ids_.make<domain::complaint_id>(time_.now());
    what.resident = about.resident;
    what.area = about.area;
    if (what.worker.empty()) what.worker = about.worker;
    if (what.against.empty()) what.against = about.operator_;
    auto const id = what.id;
    auto const opened = domain::open_complaint(std::move(what), worked_, time_.now());
    auto const kept = co_await keeper_.keep(opened);
    if (!kept) co_return kept.error();
    co_return id;
}

runtime::task<complaints::answer>
complaints::reply(domain::complaint_id id, domain::complaint_answerer who, std::string words) {
    return decide(id, std::move(who), std::move(words), domain::answer_complaint);
}

runtime::task<complaints::answer>
complaints::accept(domain::complaint_id id, domain::complaint_answerer who, std::string words) {
    return decide(id, std::move(who), std::move(words), domain::accept_answer);
}

runtime::task<complaints::answer> complaints::decide(domain::complaint_id id,
                                                     domain::complaint_answerer who,
                                                     std::string words, decision how) {
    for (int attempt = 1;; ++attempt) {
        auto const found = co_await keeper_.find(id);
        if (!found) co_return found.error();
        if (!*found) co_return verdict{domain::refusal::unknown, false};
        auto const came = how((*found)->what, who, words, time_.now());
        if (!came) co_return verdict{came.error(), false};
        auto const kept = co_await keeper_.keep(*came);
        if (kept) co_return verdict{};
        bool const again = kept.error() == record_errc::conflict && attempt < most_attempts;
        if (!again) co_return kept.error();
    }
}

} // namespace linli::app
