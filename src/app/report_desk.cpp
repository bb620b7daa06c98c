#include "app/report_desk.hpp"

#include <algorithm>
#include <utility>

namespace linli::app {

namespace {

constexpr domain::seconds fresh_for{60};
constexpr int most_waiting = 16;
constexpr std::size_t most_reports = 32;

bool lies_in(std::vector<domain::area_id> const& areas, domain::area_id const& wide) {
    return std::ranges::find(areas, wide) != areas.end();
}

} // namespace

// Ends when whoever has waited for it goes.
class report_desk::turn {
public:
    explicit turn(report_desk& at) : at_(at) {}
    turn(turn const&) = delete;
    turn& operator=(turn const&) = delete;
    ~turn() {
        at_.is_taken_ = false;
        at_.free_.cancel();
    }

private:
    report_desk& at_;
};

report_desk::report_desk(boost::asio::any_io_executor loop, report_record& from, clock& time,
                         settings with)
    : free_(std::move(loop)), from_(from), time_(time), with_(std::move(with)) {
    free_.expires_at(boost::asio::steady_timer::time_point::max());
}

runtime::task<record_result<std::optional<night_part>>>
report_desk::tonight(account by, domain::area_id of, std::optional<gap_kind> kind) {
    if (of.empty()) of = by.area;
    bool const has_turn = co_await wait_for_turn();
    if (!has_turn) co_return record_errc::away;
    turn const mine(*this);
    auto const looked = co_await look();
    if (!looked) co_return looked.error();
    if (by.area != with_.whole && !lies_in(areas_around(*night_, of), by.area))
        co_return std::nullopt;
    co_return part_of(*night_, of, with_.whole, kind);
}

runtime::task<record_result<void>> report_desk::look() {
    auto const now = time_.now();
    if (night_ && now - night_->made_at < fresh_for) co_return record_result<void>();
    auto made = co_await from_.look(with_.rules, now);
    if (!made) co_return made.error();
    night_ = std::move(*made);
    co_return record_result<void>();
}

runtime::task<record_result<std::optional<service_report>>>
report_desk::service(account by, domain::area_id of, report_period during) {
    if (of.empty()) of = by.area;
    bool const has_turn = co_await wait_for_turn();
    if (!has_turn) co_return record_errc::away;
    turn const mine(*this);
    std::optional<service_report> report;
    if (auto const* kept = find(of, during)) report = *kept;
    if (!report) {
        auto made = co_await from_.service(of, during, time_.now());
        if (!made) co_return made.error();
        if (!*made) co_return std::nullopt;
        report = std::move(**made);
        reports_.push_back(*report);
    }
    if (by.area != with_.whole && !lies_in(report->areas, by.area)) co_return std::nullopt;
    co_return report;
}

runtime::task<record_result<std::optional<hotline_report>>>
report_desk::hotline(account by, domain::area_id of, report_period during) {
    if (of.empty()) of = by.area;
    bool const has_turn = co_await wait_for_turn();
    if (!has_turn) co_return record_errc::away;
    turn const mine(*this);
    auto made = co_await from_.hotline(of, during, time_.now());
    if (!made) co_return made.error();
    if (*made && by.area != with_.whole && !lies_in((**made).areas, by.area))
        co_return std::nullopt;
    co_return std::move(*made);
}

// What is fresh; the others go.
service_report const* report_desk::find(domain::area_id const& of, report_period const& during) {
    auto const now = time_.now();
    while (!reports_.empty() &&
           (now - reports_.front().made_at >= fresh_for || reports_.size() > most_reports))
        reports_.pop_front();
    auto const is_it = [&](service_report const& each) {
        return each.area == of && each.period == during.text;
    };
    auto const at = std::ranges::find_if(reports_, is_it);
    return at == reports_.end() ? nullptr : &*at;
}

runtime::task<bool> report_desk::wait_for_turn() {
    if (waiting_ >= most_waiting) co_return false;
    struct place {
        int& waiting;
        explicit place(int& of) : waiting(of) { ++waiting; }
        ~place() { --waiting; }
    } const mine(waiting_);
    while (is_taken_)
        co_await free_.async_wait(runtime::use_task_tuple);
    is_taken_ = true;
    co_return true;
}

} // namespace linli::app
