#pragma once

#include <functional>
#include <string_view>

#include "app/carrier.hpp"
#include "app/messenger.hpp"
#include "app/notice_text.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

inline constexpr std::string_view people_prefix = "people:";

// How what a server says leaves it. Rows for people go to them, all others to the broker.
class post_office final : public app::messenger {
public:
    using way = std::function<void(app::outbox_row const&, std::function<void(bool)>)>;
    post_office(way broker, app::messenger& people) : broker_(std::move(broker)), people_(people) {}
    void send(app::outbox_row const& row, std::function<void(bool)> done) override {
        if (row.destination.starts_with(people_prefix))
            people_.send(row, std::move(done));
        else
            broker_(row, std::move(done));
    }

private:
    way broker_;
    app::messenger& people_;
};

class gateways final : public app::carrier {
public:
    using way = std::function<void(app::letter, std::function<void(app::carried)>)>;
    explicit gateways(way by) : by_(std::move(by)) {}
    bool carries(domain::channel) const override { return true; }
    void carry(app::letter what, std::function<void(app::carried)> done) override {
        by_(std::move(what), std::move(done));
    }

private:
    way by_;
};

// As the server's: by voice our own hotline, where it speaks.
class ways_to_people final : public app::carrier {
public:
    using given = std::function<void(app::letter const&)>;
    ways_to_people(scene const& here, app::carrier& others, app::carrier& spoken, given to_speak)
        : here_(here), others_(others), spoken_(spoken), to_speak_(std::move(to_speak)) {}
    bool carries(domain::channel) const override { return true; }
    void carry(app::letter what, std::function<void(app::carried)> done) override {
        bool const is_spoken = here_.speaks && what.by == domain::channel::voice;
        if (is_spoken) to_speak_(what);
        (is_spoken ? spoken_ : others_).carry(std::move(what), std::move(done));
    }

private:
    scene const& here_;
    app::carrier& others_;
    app::carrier& spoken_;
    given to_speak_;
};

// Words for every kind of alert and notice.
app::notice_texts const& some_words();

// What a gateway makes of a letter, in such weather.
app::carried sending_of(dice& chance, int not_told_percent);

} // namespace linli::simulation
