// The live feed: what a page is told, in which order, and that nothing of it is missing.
#include "app/live_feed.hpp"

#include <map>
#include <random>
#include <set>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/work_scope.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/run_on.hpp"
#include "support/scripted_desk_reading.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using app::live_feed;
using app::work_line;
using domain::alert_state;
using domain::priority;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

domain::uuid number(int n) {
    domain::uuid id;
    id.bytes[0] = 1;
    id.bytes[14] = static_cast<std::uint8_t>(n / 256);
    id.bytes[15] = static_cast<std::uint8_t>(n % 256);
    return id;
}

std::string named(int n) {
    return to_string(number(n));
}

// In community 310101001 of district 310101 of the city.
std::vector<domain::area_id> community() {
    return {{"310101001"}, {"310101"}, {"31"}};
}
std::vector<domain::area_id> other_district() {
    return {{"310202001"}, {"310202"}, {"31"}};
}

work_line alert_line(int n, alert_state state = alert_state::raised, std::uint32_t version = 1) {
    work_line line;
    line.alert.emplace();
    line.alert->id = {number(n)};
    line.alert->state = state;
    line.alert->version = version;
    line.alert->opened_at = evening + std::chrono::seconds(n);
    line.areas = community();
    return line;
}

work_line request_line(int n, std::uint32_t version = 1) {
    work_line line;
    line.request.emplace();
    line.request->id = {number(n)};
    line.request->version = version;
    line.areas = community();
    return line;
}

// What a page would paint: enough to tell one version from another.
std::string painted(work_line const& line) {
    if (line.call) return "call " + std::to_string(line.version());
    auto const state = line.alert ? to_text(line.alert->state) : to_text(line.request->state);
    auto const text = std::string(state) + ' ' + std::to_string(line.version());
    return line.holder_is_away ? text + ", its holder is away" : text;
}

std::vector<std::string> ids_of(live_feed::update const& u) {
    std::vector<std::string> ids;
    for (auto const& each : u.lines)
        ids.push_back(each->id);
    return ids;
}

// A page, as it stands: it takes what the feed has for it, and notices when something is missing.
struct page final : live_feed::reader {
    live_feed* from;
    domain::area_id where;
    std::string epoch = {};
    std::uint64_t at = 0;
    std::map<std::string, std::string> picture = {};
    std::map<std::string, std::string> endings = {};
    int told = 0;
    int snapshots = 0;
    int gaps = 0;
    bool takes_at_once = true;

    page(live_feed& feed, domain::area_id area) : from(&feed), where(std::move(area)) {
        from->add(*this);
    }
    page(page const&) = delete;
    page& operator=(page const&) = delete;
    ~page() override { from->remove(*this); }
    domain::area_id const& area() const override { return where; }
    void changed() override {
        ++told;
        if (takes_at_once) takes();
    }
    live_feed::update takes() {
        auto const news = from->since(epoch, at, where);
        if (news.is_snapshot) {
            ++snapshots;
            picture.clear();
        } else if (news.after != at || news.sequence < at) {
            ++gaps;
        }
        for (auto const& line : news.lines) {
            if (!line->is_open) endings[line->id] = *line->json;
            picture[line->id] = *line->json;
        }
        for (auto const& id : news.gone)
            picture.erase(id);
        epoch = from->epoch();
        at = news.sequence;
        return news;
    }
};

// One server's feed on the tables.
struct server {
    manual_clock& clock;
    std::unique_ptr<live_feed> feed;
    std::unique_ptr<runtime::work_scope> tasks;
    boost::asio::io_context& loop;

    server(boost::asio::io_context& on, manual_clock& time, scripted_desk_reading& tables)
        : clock(time), feed(std::make_unique<live_feed>(tables, time, painted)),
          tasks(std::make_unique<runtime::work_scope>(on.get_executor())), loop(on) {
        tasks->spawn("feed", feed->run());
    }
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    ~server() { run_on(loop, tasks->stop()); }
};

struct desk {
    boost::asio::io_context loop;
    manual_clock clock{evening};
    scripted_desk_reading tables;
    std::unique_ptr<server> ours = std::make_unique<server>(loop, clock, tables);

    live_feed& feed() { return *ours->feed; }
    void looks() {
        loop.restart();
        loop.poll();
    }
    void fast_forward(domain::duration by) {
        for (; by > 100ms; by -= 100ms) {
            clock.fast_forward(100ms);
            looks();
        }
        clock.fast_forward(by);
        looks();
    }
    void commits(work_line const& line) {
        app::changes what;
        if (line.alert) what.alerts.push_back(*line.alert);
        if (line.request) what.requests.push_back(*line.request);
        tables.put(line);
        feed().committed(what);
        looks();
    }
};

TEST(live_feed, a_call_pops_at_once_and_goes_by_itself_when_its_time_is_over) {
    desk d;
    d.looks();
    page p(d.feed(), {"310101"});
    p.takes();
    work_line line;
    auto& call = line.call.emplace();
    call.what.id = {number(1)};
    line.areas = {{"310101"}};
    d.tables.put(line);
    d.feed().committed(call.what.id);
    d.looks();
    EXPECT_EQ(p.picture.size(), 1U);
    call.is_on_desks = false; // and no row has changed
    d.tables.put(line);
    d.fast_forward(2s);
    EXPECT_TRUE(p.picture.empty());
    EXPECT_EQ(p.gaps, 0);
}

TEST(live_feed, a_page_gets_all_that_is_open_and_then_each_change) {
    desk d;
    d.tables.put(alert_line(1));
    d.looks();
    page p(d.feed(), {"310101"});
    p.takes();
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "raised 1")));
    d.commits(alert_line(1, alert_state::claimed, 2));
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "claimed 2")));
    EXPECT_EQ(p.snapshots, 1);
    EXPECT_EQ(p.gaps, 0);
}

TEST(live_feed, that_a_holder_has_gone_and_come_back_is_news_without_a_commit) {
    desk d;
    d.tables.put(alert_line(1, alert_state::claimed, 4));
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    d.tables.holder_goes(number(1), true);
    d.fast_forward(2s);
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "claimed 4, its holder is away")));
    d.tables.holder_goes(number(1), false);
    d.feed().hinted();
    d.looks();
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "claimed 4")));
}

TEST(live_feed, an_own_commit_is_told_without_any_time_passing) {
    desk d;
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    d.commits(alert_line(7));
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(7), "raised 1")));
}

TEST(live_feed, an_order_is_news_of_its_alert_or_its_request) {
    desk d;
    d.tables.put(alert_line(1));
    d.tables.put(request_line(2));
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    app::changes what;
    for (int const n : {1, 2}) {
        auto line = n == 1 ? alert_line(1) : request_line(2);
        domain::order o;
        o.version = 3;
        if (n == 1) o.alert = line.alert->id;
        if (n == 2) o.request = line.request->id;
        line.orders.push_back(o);
        d.tables.put(line);
        what.orders.push_back(o);
    }
    d.feed().committed(what);
    d.looks();
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "raised 4"), //
                                       std::pair(named(2), "open 4")));
}

TEST(live_feed, who_closed_it_ends_it_on_every_page_and_says_once_how) {
    desk d;
    d.tables.put(alert_line(1));
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    d.commits(alert_line(1, alert_state::closed, 2));
    EXPECT_THAT(p.picture, IsEmpty());
    EXPECT_THAT(p.endings, ElementsAre(std::pair(named(1), "closed 2")));
    p.endings.clear();
    d.commits(alert_line(1, alert_state::closed, 3)); // a delivery is written to its record
    d.fast_forward(10s);
    EXPECT_THAT(p.endings, IsEmpty());
    page late(d.feed(), {"31"});
    EXPECT_THAT(late.takes().lines, IsEmpty());
}

TEST(live_feed, only_her_area_and_what_lies_below_it) {
    desk d;
    auto far = alert_line(2);
    far.areas = other_district();
    d.tables.put(alert_line(1));
    d.tables.put(far);
    d.looks();
    page city(d.feed(), {"31"});
    page district(d.feed(), {"310101"});
    page nowhere(d.feed(), {});
    city.takes();
    district.takes();
    nowhere.takes();
    EXPECT_EQ(city.picture.size(), 2U);
    EXPECT_THAT(district.picture, ElementsAre(std::pair(named(1), "raised 1")));
    EXPECT_THAT(nowhere.picture, IsEmpty());
    far.alert->version = 2;
    d.commits(far);
    EXPECT_EQ(district.at, city.at); // her sequence goes on, without a line
    EXPECT_THAT(district.picture, ElementsAre(std::pair(named(1), "raised 1")));
}

TEST(live_feed, what_moves_to_another_area_is_gone_here_and_new_there) {
    desk d;
    d.tables.put(alert_line(1));
    d.looks();
    page here(d.feed(), {"310101"});
    page there(d.feed(), {"310202"});
    here.takes();
    there.takes();
    auto moved = alert_line(1, alert_state::raised, 2);
    moved.areas = other_district();
    d.commits(moved);
    EXPECT_THAT(here.picture, IsEmpty());
    EXPECT_THAT(there.picture, ElementsAre(std::pair(named(1), "raised 2")));
}

TEST(live_feed, emergencies_that_nobody_has_claimed_come_first_then_by_level_and_age) {
    desk d;
    auto routine = request_line(1);
    routine.request->level = priority::p3;
    auto important = alert_line(2);
    important.alert->level = priority::p2;
    for (auto const& line :
         {routine, important, alert_line(3, alert_state::claimed), alert_line(5), alert_line(4)})
        d.tables.put(line);
    d.looks();
    auto const all = d.feed().since({}, 0, {"31"});
    EXPECT_TRUE(all.is_snapshot);
    EXPECT_THAT(ids_of(all), ElementsAre(named(4), named(5), named(3), named(2), named(1)));
    auto const changes = d.feed().since(d.feed().epoch(), 0, {"31"});
    EXPECT_FALSE(changes.is_snapshot);
    EXPECT_EQ(ids_of(changes), ids_of(all));
}

TEST(live_feed, of_many_changes_to_one_line_only_the_last_is_told) {
    desk d;
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    p.takes_at_once = false;
    for (std::uint32_t version = 1; version <= 20; ++version)
        d.commits(alert_line(1, alert_state::claimed, version));
    auto const news = p.takes();
    EXPECT_EQ(news.sequence, news.after + 20);
    EXPECT_THAT(ids_of(news), ElementsAre(named(1)));
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "claimed 20")));
}

TEST(live_feed, who_stands_too_far_back_or_in_another_epoch_gets_a_snapshot) {
    desk d;
    d.looks();
    d.commits(alert_line(1));
    auto const epoch = d.feed().epoch();
    EXPECT_EQ(epoch.size(), 32U); // 128 bits
    EXPECT_FALSE(d.feed().since(epoch, 0, {"31"}).is_snapshot);
    EXPECT_TRUE(d.feed().since(epoch, 2, {"31"}).is_snapshot); // ahead of us: another's number
    EXPECT_TRUE(d.feed().since("another", 1, {"31"}).is_snapshot);
    for (std::uint32_t version = 2; d.feed().sequence() <= live_feed::most_changes; ++version)
        d.commits(alert_line(1, alert_state::claimed, version));
    EXPECT_TRUE(d.feed().since(epoch, 0, {"31"}).is_snapshot);
    EXPECT_FALSE(d.feed().since(epoch, 1, {"31"}).is_snapshot);
}

TEST(live_feed, another_start_is_another_epoch) {
    desk d;
    auto const before = d.feed().epoch();
    d.ours = std::make_unique<server>(d.loop, d.clock, d.tables);
    EXPECT_NE(d.feed().epoch(), before);
}

TEST(live_feed, what_comes_during_a_read_goes_into_the_next_one) {
    desk d;
    d.looks();
    auto const before = d.tables.reads().size();
    d.tables.hold();
    for (int n = 1; n <= 9; ++n)
        d.commits(alert_line(n));
    EXPECT_EQ(d.tables.reads().size(), before + 1);
    d.tables.release();
    d.looks();
    ASSERT_EQ(d.tables.reads().size(), before + 2);
    EXPECT_THAT(d.tables.reads()[before], ElementsAre(number(1)));
    EXPECT_EQ(d.tables.reads()[before + 1].size(), 8U);
    EXPECT_EQ(d.feed().since({}, 0, {"31"}).lines.size(), 9U);
}

TEST(live_feed, a_line_that_changes_while_it_is_read_is_read_once_more) {
    desk d;
    d.looks();
    d.tables.hold();
    d.commits(alert_line(1));
    d.commits(alert_line(1, alert_state::claimed, 2)); // the read under way has seen version 1
    d.tables.release();
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "claimed 2")));
}

TEST(live_feed, another_servers_commit_is_told_at_its_hint) {
    desk d;
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    d.tables.put(alert_line(1));
    d.looks();
    EXPECT_THAT(p.picture, IsEmpty());
    d.feed().hinted();
    d.looks();
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(1), "raised 1")));
}

TEST(live_feed, a_lost_hint_costs_two_seconds_and_no_line) {
    desk d;
    d.tables.put(alert_line(1));
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    d.tables.put(alert_line(1, alert_state::closed, 2));
    d.tables.put(alert_line(2));
    d.fast_forward(2s);
    EXPECT_THAT(p.picture, ElementsAre(std::pair(named(2), "raised 1")));
    EXPECT_THAT(p.endings, ElementsAre(std::pair(named(1), "closed 2")));
}

TEST(live_feed, what_the_tables_have_no_longer_is_gone) {
    desk d;
    d.tables.put(alert_line(1));
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    d.tables.lose(number(1));
    d.fast_forward(2s);
    EXPECT_THAT(p.picture, IsEmpty());
    EXPECT_THAT(p.endings, IsEmpty());
}

TEST(live_feed, quiet_tables_are_compared_every_two_seconds_and_nothing_is_read) {
    desk d;
    d.tables.put(alert_line(1));
    d.looks();
    auto const compared = d.tables.comparisons();
    auto const read = d.tables.reads().size();
    d.fast_forward(20s);
    EXPECT_EQ(d.tables.comparisons(), compared + 10);
    EXPECT_EQ(d.tables.reads().size(), read);
}

TEST(live_feed, is_fresh_only_while_the_tables_can_be_compared) {
    desk d;
    EXPECT_FALSE(d.feed().is_fresh());
    d.looks();
    EXPECT_TRUE(d.feed().is_fresh());
    d.tables.away(true);
    d.fast_forward(2s);
    EXPECT_TRUE(d.feed().is_fresh());
    d.fast_forward(3s);
    EXPECT_FALSE(d.feed().is_fresh());
    d.tables.away(false);
    d.fast_forward(1s);
    EXPECT_TRUE(d.feed().is_fresh());
}

TEST(live_feed, is_not_fresh_while_a_difference_cannot_be_read) {
    desk d;
    d.looks();
    d.tables.put(alert_line(1));
    int calls = 0;
    d.tables.fails_when([&] { return ++calls % 2 == 0; }); // compared, and then not read
    d.feed().hinted();
    d.looks();
    EXPECT_THAT(d.feed().since({}, 0, {"31"}).lines, IsEmpty());
    d.tables.fails_when([&] { return true; });
    d.fast_forward(5s);
    EXPECT_FALSE(d.feed().is_fresh());
}

TEST(live_feed, an_outage_loses_no_change) {
    desk d;
    d.looks();
    page p(d.feed(), {"31"});
    p.takes();
    d.tables.away(true);
    d.commits(alert_line(1));
    d.commits(alert_line(2));
    d.fast_forward(30s);
    EXPECT_THAT(p.picture, IsEmpty());
    d.tables.away(false);
    d.fast_forward(1s);
    EXPECT_EQ(p.picture.size(), 2U);
    EXPECT_EQ(p.gaps, 0);
}

TEST(live_feed, a_thousand_lines_are_read_in_parts) {
    desk d;
    for (int n = 0; n < 1200; ++n)
        d.tables.put(alert_line(n));
    d.looks();
    EXPECT_EQ(d.feed().since({}, 0, {"31"}).lines.size(), 1200U);
    for (auto const& each : d.tables.reads())
        EXPECT_LE(each.size(), 500U);
}

TEST(live_feed, a_page_may_leave_while_it_is_told) {
    desk d;
    d.looks();
    struct leaving final : live_feed::reader {
        live_feed& from;
        domain::area_id where{"31"};
        std::unique_ptr<page> other;
        explicit leaving(live_feed& feed) : from(feed) { from.add(*this); }
        domain::area_id const& area() const override { return where; }
        void changed() override {
            other.reset();
            from.remove(*this);
        }
    } one(d.feed());
    one.other = std::make_unique<page>(d.feed(), domain::area_id{"31"});
    page stays(d.feed(), {"31"});
    d.commits(alert_line(1));
    d.commits(alert_line(2));
    EXPECT_EQ(stays.picture.size(), 2U);
}

// ------------------------------------------------------- two servers, and everything that goes
// wrong

class two_servers {
public:
    explicit two_servers(unsigned seed) : dice_(seed) {
        tables_.fails_when([this] { return troubled_ && happens(25); });
        for (auto* const server : {&one_, &two_})
            for (auto const* const area : {"31", "310101", "310202001"})
                pages_.push_back(std::make_unique<page>(*server->feed, domain::area_id{area}));
        for (auto& each : pages_)
            each->takes_at_once = false;
    }

    void lives(int steps) {
        for (int i = 0; i < steps; ++i) {
            commits();
            if (happens(30)) moves_on(std::chrono::milliseconds(below(900)));
            if (happens(70)) lets_run();
            for (auto& each : pages_)
                if (happens(20)) takes(*each);
        }
    }
    void comes_to_rest() {
        troubled_ = false;
        for (int i = 0; i < 60; ++i) {
            moves_on(100ms);
            lets_run();
        }
        for (auto& each : pages_)
            takes(*each);
    }
    std::map<std::string, std::string> tables_of(domain::area_id const& area) const {
        std::map<std::string, std::string> open;
        for (auto const& [id, line] : tables_.all())
            if (line.is_open() && std::count(line.areas.begin(), line.areas.end(), area) > 0)
                open[id] = painted(line);
        return open;
    }
    std::vector<std::unique_ptr<page>> const& pages() const { return pages_; }
    bool all_fresh() const { return one_.feed->is_fresh() && two_.feed->is_fresh(); }

private:
    int below(int n) { return static_cast<int>(dice_() % static_cast<unsigned>(n)); }
    bool happens(int percent) { return below(100) < percent; }
    void moves_on(domain::duration by) { clock_.fast_forward(by); }
    void lets_run() {
        loop_.restart();
        if (happens(50))
            loop_.poll();
        else
            loop_.poll_one(); // a call is still under way at the next commit
    }
    void commits() {
        auto line = next_of(below(40));
        if (!line) return;
        tables_.put(*line);
        app::changes what;
        if (line->alert && (line->orders.empty() || happens(50))) {
            what.alerts.push_back(*line->alert);
        } else if (line->request) {
            what.requests.push_back(*line->request);
        } else {
            what.orders.push_back(line->orders.back());
        }
        auto const& [own, other] = happens(50) ? std::pair(&one_, &two_) : std::pair(&two_, &one_);
        if (happens(95)) own->feed->committed(what); // else it died in between
        if (happens(50)) other->feed->hinted();
    }
    // Its next version; nothing when it has ended.
    std::optional<work_line> next_of(int n) {
        auto const at = tables_.all().find(named(n));
        if (at == tables_.all().end()) return n % 5 == 0 ? request_line(n) : alert_line(n);
        auto line = at->second;
        if (!line.is_open()) return std::nullopt;
        if (happens(20)) line.areas = happens(50) ? community() : other_district();
        if (line.alert && happens(30)) {
            domain::order o;
            o.alert = line.alert->id;
            o.version = 1;
            line.orders.push_back(o);
            return line;
        }
        if (line.request) {
            line.request->version += 1;
            if (happens(5)) line.request->state = domain::request_state::closed;
            return line;
        }
        line.alert->version += 1;
        line.alert->state = happens(5)    ? alert_state::closed
                            : happens(50) ? alert_state::claimed
                                          : alert_state::raised;
        return line;
    }
    // Now and then a page has been reloaded, or has slept.
    void takes(page& who) {
        if (happens(3)) {
            who.epoch.clear();
            who.at = 0;
        }
        who.takes();
    }

    std::mt19937 dice_;
    bool troubled_ = true;
    boost::asio::io_context loop_;
    manual_clock clock_{evening};
    scripted_desk_reading tables_;
    server one_{loop_, clock_, tables_};
    server two_{loop_, clock_, tables_};
    std::vector<std::unique_ptr<page>> pages_;
};

TEST(live_feed, whatever_happens_each_page_ends_with_the_picture_that_the_tables_have) {
    int changes = 0;
    int ended = 0;
    for (unsigned seed = 1; seed <= 150; ++seed) {
        two_servers both(seed);
        both.lives(250);
        both.comes_to_rest();
        EXPECT_TRUE(both.all_fresh()) << "seed " << seed;
        for (auto const& p : both.pages()) {
            EXPECT_EQ(p->picture, both.tables_of(p->where)) << "seed " << seed;
            EXPECT_EQ(p->gaps, 0) << "seed " << seed;
            changes += p->told;
            ended += static_cast<int>(p->endings.size());
        }
    }
    EXPECT_GT(changes, 10'000); // else this has shown nothing
    EXPECT_GT(ended, 1'000);
}

} // namespace

} // namespace linli::tests
