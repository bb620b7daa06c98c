#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "linli/hotline/v1/hotline.pb.h"

namespace linli::tests {

namespace v1 = ::linli::hotline::v1;

// What stands for the dispatch server: connects, hears, commands. Told in the order in which things
// are said.
class dispatch_peer {
public:
    explicit dispatch_peer(std::filesystem::path const& socket);
    ~dispatch_peer();
    dispatch_peer(dispatch_peer const&) = delete;
    dispatch_peer& operator=(dispatch_peer const&) = delete;

    using is = std::function<bool(v1::FromEngine const&)>;

    // The next that is so, and has not been asked for before. Throws when it does not come.
    v1::FromEngine hears(std::string const& what, is const& so);
    v1::Event hears(v1::Event::WhatCase what);
    v1::Snapshot hears_snapshot();
    v1::EndedCall hears_ended_call();
    // Of all that has been heard up to now.
    bool has_heard(is const& so) const;
    int times_heard(v1::Event::WhatCase what) const;

    void says(v1::ToEngine const& message);
    // And hears the answer.
    v1::Refusal commands(v1::Command command);
    v1::CommandAnswer is_answered(v1::Command command);
    void rings(std::string const& call, std::string const& leg, std::string const& address,
               int timeout_s = 20);
    // Begins a call; returns its id.
    std::string calls(v1::Originate const& what);
    void hangs_up(std::string const& call);

    // As by kill -9.
    void dies();

private:
    bool read_more();

    int socket_;
    std::string bytes_;
    std::vector<v1::FromEngine> heard_;
    std::size_t seen_ = 0;
};

} // namespace linli::tests
