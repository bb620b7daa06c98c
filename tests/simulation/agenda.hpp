#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "domain/time.hpp"

namespace linli::simulation {

// What the world outside of the house will do, and when. Deeds of the same instant are done in the
// order in which they were entered.
class agenda {
public:
    using deed = std::function<void()>;

    void at(domain::instant when, deed what) {
        deeds_.emplace(std::pair(when, count_++), std::move(what));
    }

    std::optional<domain::instant> next() const {
        if (deeds_.empty()) return std::nullopt;
        return deeds_.begin()->first.first;
    }

    // The first deed whose time has come; false when there is none.
    bool do_one(domain::instant now) {
        if (deeds_.empty() || deeds_.begin()->first.first > now) return false;
        auto const what = std::move(deeds_.begin()->second);
        deeds_.erase(deeds_.begin());
        what();
        return true;
    }

private:
    std::map<std::pair<domain::instant, std::uint64_t>, deed> deeds_;
    std::uint64_t count_ = 0;
};

} // namespace linli::simulation
