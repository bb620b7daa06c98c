#pragma once

#include <map>
#include <string>
#include <utility>

#include "domain/call.hpp"

namespace linli::http {

// Who listens to what at the moment. A player asks for a recording part by part, and that is one
// listening as long as its parts follow each other. Lives on the house's loop.
class listenings {
public:
    static constexpr domain::minutes goes_on_for{10};

    bool goes_on(std::string const& who, domain::call_id id, domain::instant now) const {
        auto const last = last_.find({who, id});
        return last != last_.end() && now < last->second + goes_on_for;
    }
    // And it is written down.
    void heard(std::string const& who, domain::call_id id, domain::instant now) {
        std::erase_if(last_, [&](auto const& each) { return now >= each.second + goes_on_for; });
        last_[{who, id}] = now;
    }

private:
    std::map<std::pair<std::string, domain::call_id>, domain::instant> last_;
};

} // namespace linli::http
