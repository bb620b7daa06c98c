// The auditor: what it believes, when it speaks, and that it doesn't cry wolf.
#include "app/auditor.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/work_scope.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/run_on.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using app::finding;
using app::finding_kind;
using testing::ElementsAre;
using testing::IsEmpty;

finding const late{finding_kind::overdue, "alert 1"};
finding const other{finding_kind::overdue, "alert 2"};

TEST(audit_book, believes_what_it_sees_twice_five_seconds_apart) {
    app::audit_book book;
    EXPECT_THAT(book.take({late}, evening).found, IsEmpty());
    EXPECT_THAT(book.take({late}, evening + 4s).found, IsEmpty());
    EXPECT_THAT(book.take({late}, evening + 5s).found, ElementsAre(late));
    EXPECT_THAT(book.take({late}, evening + 10s).found, IsEmpty()); // told once
    EXPECT_EQ(book.counts().at(finding_kind::overdue), 1);
}

TEST(audit_book, work_that_moves_on_is_no_finding) {
    app::audit_book book;
    book.take({late}, evening);
    EXPECT_THAT(book.take({other}, evening + 5s).found, IsEmpty());
    EXPECT_THAT(book.take({late}, evening + 10s).found, IsEmpty()); // suspected anew
    EXPECT_EQ(book.size(), 0U);
}

TEST(audit_book, tells_the_end_and_how_long_it_was_known) {
    app::audit_book book;
    book.take({late}, evening);
    book.take({late}, evening + 5s);
    auto const told = book.take({}, evening + 65s);
    ASSERT_EQ(told.ended.size(), 1U);
    EXPECT_EQ(told.ended[0].first, late);
    EXPECT_EQ(told.ended[0].second, 65s);
    EXPECT_EQ(book.size(), 0U);
}

TEST(audit_book, suspects_nobody_while_the_house_recovers_and_keeps_what_it_knew) {
    app::audit_book book;
    book.take({late}, evening);
    book.take({late}, evening + 5s);
    book.interrupted(evening + 10s);
    EXPECT_EQ(book.counts().at(finding_kind::overdue), 1);
    EXPECT_THAT(book.take({late, other}, evening + 15s).found, IsEmpty());
    EXPECT_THAT(book.take({late, other}, evening + 39s).found, IsEmpty());
    EXPECT_THAT(book.take({late, other}, evening + 40s).found, IsEmpty());
    EXPECT_THAT(book.take({late, other}, evening + 45s).found, ElementsAre(other));
    EXPECT_EQ(book.take({other}, evening + 50s).ended.size(), 1U);
}

// A record that answers as it is told.
class told_record final : public app::audit_port {
public:
    runtime::task<app::record_result<std::vector<finding>>>
    audit(domain::instant, app::audit_limits const&) override {
        ++asked;
        if (away) co_return app::record_errc::away;
        co_return seen;
    }
    std::vector<finding> seen;
    bool away = false;
    int asked = 0;
};

class an_auditor : public testing::Test {
protected:
    void SetUp() override {
        tasks_.spawn("auditor", auditor_.run());
        loop_.poll();
    }
    void TearDown() override { run_on(loop_, tasks_.stop()); }
    void passes(domain::duration time) {
        for (domain::duration gone{0}; gone < time; gone += 5s) {
            clock_.fast_forward(5s);
            loop_.restart();
            loop_.poll();
        }
    }
    int count(finding_kind of) const { return auditor_.counts().at(of); }

    boost::asio::io_context loop_;
    manual_clock clock_{evening};
    told_record record_;
    std::vector<finding> own_;
    app::auditor auditor_{record_, clock_, [this](domain::instant) { return own_; }};
    runtime::work_scope tasks_{loop_.get_executor()};
};

TEST_F(an_auditor, looks_every_five_seconds_and_speaks_after_the_start_has_settled) {
    record_.seen = {late};
    own_ = {{finding_kind::uncommitted, "journal 1:0"}};
    passes(30s);
    EXPECT_EQ(record_.asked, 7);
    EXPECT_EQ(count(finding_kind::overdue), 0);
    passes(5s);
    EXPECT_EQ(count(finding_kind::overdue), 1);
    EXPECT_EQ(count(finding_kind::uncommitted), 1);
    EXPECT_EQ(auditor_.in_words(), "overdue 1, uncommitted 1");
}

TEST_F(an_auditor, says_that_it_cannot_look_and_begins_anew_after_an_outage) {
    passes(60s);
    record_.away = true;
    passes(60s);
    EXPECT_EQ(auditor_.in_words(), "can't look: the database is away");
    record_.away = false;
    record_.seen = {late}; // what gathered meanwhile is being worked off
    passes(25s);
    record_.seen = {};
    passes(60s);
    EXPECT_EQ(count(finding_kind::overdue), 0);
    EXPECT_EQ(auditor_.in_words(), "nothing open lacks an owner or a running clock");
}

} // namespace
} // namespace linli::tests
