#include "app/person_files.hpp"

#include <utility>

namespace linli::app {

runtime::task<record_result<std::optional<person_file>>> person_files::make(wish what) {
    auto const now = time_.now();
    std::vector<seen_entry> looks;
    looks.push_back({now, what.by, "person_file", "resident:" + what.who.value, what.why});
    auto const logged = co_await looks_.saw(looks);
    if (!logged) co_return logged.error();
    auto file = co_await from_.read(what.who, now, what.most_rows);
    co_return file;
}

} // namespace linli::app
