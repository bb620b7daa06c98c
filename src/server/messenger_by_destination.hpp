#pragma once

#include <functional>
#include <utility>

#include "app/messenger.hpp"

namespace linli::server {

// Rows for people go to them, all others to the broker.
class messenger_by_destination final : public app::messenger {
public:
    messenger_by_destination(app::messenger& broker, app::messenger& people)
        : broker_(broker), people_(people) {}

    void send(app::outbox_row const& row, std::function<void(bool)> done) override {
        auto& to = row.destination.starts_with("people:") ? people_ : broker_;
        to.send(row, std::move(done));
    }

private:
    app::messenger& broker_;
    app::messenger& people_;
};

} // namespace linli::server
