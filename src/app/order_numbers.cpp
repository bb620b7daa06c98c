#include "app/order_numbers.hpp"

#include <algorithm>
#include <chrono>

namespace linli::app {

namespace {

constexpr int block = 200;

std::string padded(int value, std::size_t digits) {
    auto const text = std::to_string(value);
    return text.size() < digits ? std::string(digits - text.size(), '0') + text : text;
}

int local_day(domain::instant now, domain::minutes utc_offset) {
    std::chrono::year_month_day const day{std::chrono::floor<std::chrono::days>(now + utc_offset)};
    return int(day.year()) * 10000 + static_cast<int>(unsigned(day.month())) * 100 +
           static_cast<int>(unsigned(day.day()));
}

} // namespace

runtime::task<record_result<void>> order_numbers::provide(record& from, int count,
                                                          domain::instant now) {
    auto const today = local_day(now, utc_offset_);
    if (today == day_ && end_ - next_ >= count) co_return record_result<void>();
    auto const wanted = std::max(block, count);
    auto first = co_await from.reserve_numbers(today, wanted);
    if (!first) co_return first.error();
    day_ = today;
    next_ = *first;
    end_ = *first + wanted;
    co_return record_result<void>();
}

std::string order_numbers::next(domain::area_id const& area) {
    return area.value + '-' + padded(day_ % 1'000'000, 6) + '-' + padded(next_++, 5);
}

} // namespace linli::app
