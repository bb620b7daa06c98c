// Checks and imports as jobs, on a registry that stands still where the test wants it to.
#include "app/import_desk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/manual_clock.hpp"
#include "support/memory_registry.hpp"
#include "support/run_on.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using app::import_desk;
using app::import_job;
using app::import_state;
using cancelling = app::import_desk::cancelling;
using doing = app::registry_desk::doing;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr domain::instant morning{std::chrono::seconds(1'795'000'000)};
constexpr auto city = "620100";

class an_import : public testing::Test {
protected:
    using answered = std::optional<app::record_result<import_desk::begun>>;

    ~an_import() override {
        run_on(loop_, desk_->stop());
        settle();
    }

    static app::account somebody(std::string name, std::string area = city,
                                 domain::role role = domain::role::administrator) {
        app::account a;
        a.user = {name};
        a.name = "name of " + name;
        a.role = role;
        a.area = {std::move(area)};
        return a;
    }
    void settle() {
        loop_.restart();
        while (loop_.poll() > 0) {
        }
    }
    void moves_on(domain::duration by) {
        clock_.fast_forward(by);
        settle();
    }
    void goes_on() {
        registry_.import_goes_on();
        settle();
    }
    // Until it is answered, or all stands still.
    void begins(app::account const& who, doing what = doing::import) {
        answer_.reset();
        boost::asio::co_spawn(loop_, ask(*desk_, who, what, is_understood_, key_, answer_),
                              boost::asio::detached);
        settle();
    }
    static runtime::task<void> ask(import_desk& of, app::account who, doing what,
                                   bool is_understood, std::string key, answered& into) {
        app::registry_desk::file_source files = [is_understood] {
            std::optional<std::vector<app::registry_file>> all;
            if (is_understood) all.emplace();
            return all;
        };
        auto done = co_await of.begin(who, what, std::move(files), std::move(key));
        into = std::move(done);
    }
    // As its first answer told it.
    import_job job() const { return std::get<import_job>(answer_->value()); }
    std::optional<import_job> find(domain::uuid const& id, app::account const& by) {
        return run_on(loop_, desk_->find(by, id)).value();
    }
    import_job now() { return find(job().id, chen_).value(); }
    // A job whose first answer is out and that goes on.
    void runs_for_long(doing what = doing::import) {
        registry_.import_stops = {{"home", 300, 1200}};
        begins(chen_, what);
        moves_on(2s);
        ASSERT_TRUE(answer_);
        ASSERT_EQ(job().state, import_state::running);
    }
    void server_starts_anew() {
        run_on(loop_, desk_->stop());
        settle();
        desk_.emplace(loop_.get_executor(), registry_, clock_, ids_);
    }

    boost::asio::io_context loop_;
    manual_clock clock_{morning};
    memory_registry registry_{city};
    app::id_source ids_{7};
    std::optional<import_desk> desk_{std::in_place, loop_.get_executor(), registry_, clock_, ids_};
    app::account const chen_ = somebody("chen");
    bool is_understood_ = true;
    std::string key_; // of the button's press
    answered answer_;
};

TEST_F(an_import, that_is_quick_is_done_in_its_first_answer) {
    begins(chen_);
    ASSERT_TRUE(answer_) << "nobody waits for what has ended";
    EXPECT_EQ(job().state, import_state::done);
    EXPECT_TRUE(job().result.is_done);
    EXPECT_EQ(job().by.value, "chen");
    EXPECT_EQ(job().by_name, "name of chen");
    EXPECT_EQ(job().ended_at, morning);
    EXPECT_FALSE(job().may_be_cancelled);
    begins(chen_, doing::check);
    EXPECT_EQ(job().state, import_state::done);
    EXPECT_FALSE(job().result.is_done);
    EXPECT_THAT(registry_.done, ElementsAre(doing::import, doing::check));
}

TEST_F(an_import, that_takes_long_is_answered_after_two_seconds_and_tells_how_far_it_is) {
    registry_.import_stops = {{}, {"home", 300, 1200}, {"device", 1200, 1200}};
    begins(chen_);
    moves_on(1999ms);
    EXPECT_FALSE(answer_);
    moves_on(1ms);
    ASSERT_TRUE(answer_);
    EXPECT_EQ(job().state, import_state::running);
    EXPECT_EQ(job().rows, 0U) << "the files are still being read";
    EXPECT_TRUE(job().may_be_cancelled);
    goes_on();
    EXPECT_EQ(now().rows_done, 300U);
    EXPECT_EQ(now().rows, 1200U);
    goes_on();
    EXPECT_EQ(now().rows_done, 1200U);
    goes_on();
    EXPECT_EQ(now().state, import_state::done);
    EXPECT_EQ(now().ended_at, morning + 2s);
}

TEST_F(an_import, runs_alone_and_says_whose_it_is) {
    runs_for_long(doing::check);
    auto const first = job();
    begins(somebody("li"));
    auto const& other = std::get<import_desk::another>(answer_->value());
    EXPECT_EQ(other.job.id, first.id);
    EXPECT_EQ(other.job.by_name, "name of chen");
    EXPECT_THAT(registry_.done, IsEmpty());
    begins(somebody("wu", "620102"));
    EXPECT_TRUE(std::holds_alternative<import_desk::not_his>(answer_->value()))
        << "whoever may not import learns of none";
    registry_.import_stops.clear();
    goes_on();
    begins(somebody("li"));
    EXPECT_EQ(job().state, import_state::done);
}

TEST_F(an_import, whose_first_answer_was_lost_is_not_begun_a_second_time) {
    key_ = "press 1";
    runs_for_long();
    auto const first = job();
    begins(chen_);
    moves_on(2s);
    EXPECT_EQ(job().id, first.id);
    begins(somebody("li"));
    EXPECT_TRUE(std::holds_alternative<import_desk::another>(answer_->value()));
    registry_.import_stops.clear();
    goes_on();
    begins(chen_);
    EXPECT_EQ(job().id, first.id);
    EXPECT_EQ(job().state, import_state::done);
    EXPECT_THAT(registry_.done, ElementsAre(doing::import));
    key_ = "press 2";
    begins(chen_);
    EXPECT_NE(job().id, first.id);
}

TEST_F(an_import, ends_with_what_came_of_it) {
    registry_.import_finds.mistakes.add({"homes.csv", 3, "door", "", "missing", "give it"});
    begins(chen_);
    EXPECT_EQ(job().state, import_state::refused);
    EXPECT_EQ(job().result.found.mistakes.count, 1U);
    EXPECT_FALSE(job().result.is_done);
    registry_.import_finds = {};
    is_understood_ = false;
    begins(chen_);
    EXPECT_EQ(job().state, import_state::refused);
    EXPECT_EQ(job().why, "not_understood");
    is_understood_ = true;
    registry_.import_throws = true;
    begins(chen_);
    EXPECT_EQ(job().state, import_state::failed);
    EXPECT_EQ(job().why, "failed");
    registry_.import_throws = false;
    registry_.import_fails = app::record_errc::conflict;
    begins(chen_, doing::check);
    EXPECT_EQ(job().state, import_state::failed);
    EXPECT_EQ(job().why, "conflict");
    registry_.is_away = true;
    begins(chen_);
    EXPECT_EQ(answer_->error(), app::record_errc::away);
}

TEST_F(an_import, is_given_up_by_whoever_began_it_until_the_commit) {
    runs_for_long();
    EXPECT_EQ(desk_->cancel(somebody("li"), job().id), cancelling::not_yours);
    EXPECT_EQ(desk_->cancel(somebody("chen", "620102"), job().id), cancelling::unknown);
    EXPECT_EQ(desk_->cancel(chen_, {}), cancelling::unknown);
    EXPECT_EQ(desk_->cancel(chen_, job().id), cancelling::done);
    EXPECT_EQ(desk_->cancel(chen_, job().id), cancelling::done) << "pressed twice";
    EXPECT_FALSE(now().may_be_cancelled);
    goes_on();
    EXPECT_EQ(now().state, import_state::cancelled);
    EXPECT_THAT(registry_.done, IsEmpty());
    EXPECT_EQ(desk_->cancel(chen_, job().id), cancelling::too_late);
}

TEST_F(an_import, is_not_given_up_in_its_commit) {
    registry_.import_stops_in_commit = true;
    begins(chen_);
    moves_on(2s);
    EXPECT_FALSE(job().may_be_cancelled);
    EXPECT_EQ(desk_->cancel(chen_, job().id), cancelling::too_late);
    goes_on();
    EXPECT_EQ(now().state, import_state::done);
}

TEST_F(an_import, whose_commit_was_lost_from_sight_is_what_the_registry_says) {
    registry_.import_stops_in_commit = true;
    registry_.import_fails = app::record_errc::away;
    for (bool const was_committed : {true, false}) {
        begins(chen_);
        moves_on(2s);
        auto const id = job().id;
        if (was_committed)
            registry_.traces[id].done = app::import_trace::commit{morning, {"chen"}, {city}};
        registry_.is_away = true;
        goes_on();
        registry_.is_away = false;
        EXPECT_EQ(now().state, import_state::running) << "nobody knows yet";
        moves_on(2s);
        EXPECT_EQ(now().state, was_committed ? import_state::done : import_state::failed);
        EXPECT_EQ(now().result.is_done, was_committed);
    }
}

TEST_F(an_import, that_a_stop_of_the_server_ends_has_loaded_nothing) {
    runs_for_long();
    auto const id = job().id;
    server_starts_anew();
    EXPECT_THAT(registry_.done, IsEmpty());
    EXPECT_EQ(find(id, chen_), std::nullopt);
    EXPECT_THAT(desk_->jobs(chen_), IsEmpty());
}

TEST_F(an_import, that_was_loaded_is_known_to_the_next_server) {
    begins(chen_);
    auto const id = job().id;
    server_starts_anew();
    auto const left = find(id, chen_).value();
    EXPECT_EQ(left.state, import_state::done);
    EXPECT_TRUE(left.result.is_done);
    EXPECT_EQ(left.by.value, "chen");
    EXPECT_TRUE(find(id, somebody("li")));
    EXPECT_FALSE(find(id, somebody("chen", "620102")));
    registry_.is_away = true;
    EXPECT_EQ(run_on(loop_, desk_->find(chen_, id)).error(), app::record_errc::away);
}

TEST_F(an_import, on_another_server_is_not_taken_for_lost) {
    domain::uuid const id{{1, 2, 3}};
    registry_.traces[id].is_running = true;
    EXPECT_EQ(find(id, chen_)->state, import_state::running);
    registry_.traces[id] = {};
    EXPECT_FALSE(find(id, chen_));
}

TEST_F(an_import, is_shown_to_the_administrators_of_its_area_newest_first_for_an_hour) {
    begins(chen_, doing::check);
    begins(somebody("li"));
    auto const told = desk_->jobs(chen_);
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].by.value, "li");
    EXPECT_THAT(desk_->jobs(somebody("chen", "620102")), IsEmpty());
    EXPECT_THAT(desk_->jobs(somebody("chen", city, domain::role::station)), IsEmpty());
    moves_on(1h);
    EXPECT_EQ(desk_->jobs(chen_).size(), 2U);
    moves_on(1us);
    EXPECT_THAT(desk_->jobs(chen_), IsEmpty());
    for (int i = 0; i < 20; ++i)
        begins(chen_, doing::check);
    EXPECT_EQ(desk_->jobs(chen_).size(), 10U) << "whoever checks again and again fills no memory";
}

} // namespace
} // namespace linli::tests
