#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/carrier.hpp"

namespace linli::tests {

// Gateways that answer what a test wants, when it wants.
class gateways final : public app::carrier {
public:
    bool carries(domain::channel by) const override { return !missing.contains(by); }
    void carry(app::letter what, std::function<void(app::carried)> done) override {
        letters.push_back(what);
        auto const answer = answers.find(what.by);
        if (answer == answers.end() || answer->second.empty()) {
            if (holds_back) return held.push_back(std::move(done));
            return done({domain::sending::accepted, {}});
        }
        auto const first = answer->second.front();
        answer->second.erase(answer->second.begin());
        done(first);
    }
    // What left the house, "sms 13900000001".
    std::vector<std::string> sent() const {
        std::vector<std::string> all;
        for (auto const& l : letters)
            all.push_back(std::string(to_text(l.by)) + ' ' +
                          (l.by == domain::channel::email ? l.email : l.phone));
        return all;
    }

    std::set<domain::channel> missing;
    std::map<domain::channel, std::vector<app::carried>> answers; // then: accepted
    bool holds_back = false;
    std::vector<std::function<void(app::carried)>> held;
    std::vector<app::letter> letters;
};

inline app::carried const failing{domain::sending::unreachable, "status_500"};
inline app::carried const hanging{domain::sending::silent, "timeout"};
inline app::carried const refusing{domain::sending::refused, "status_400"};

} // namespace linli::tests
