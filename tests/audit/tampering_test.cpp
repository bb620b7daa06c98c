// Whoever owns the database can do with the log what he likes, and take every trigger away before.
// What he can't is make the anchors outside agree with it.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/anchors/anchor_text.hpp"
#include "adapters/postgres/log_chain.hpp"
#include "adapters/postgres/log_words.hpp"
#include "adapters/postgres/record.hpp"
#include "adapters/postgres/rows.hpp"
#include "contract/rows.hpp"
#include "runtime/machine_time.hpp"
#include "support/places.hpp"
#include "support/run_on.hpp"

namespace linli::tests {
namespace {

using namespace domain;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string server() {
    return std::getenv("LINLI_TEST_DATABASE");
}

void on_server(std::string const& sql) {
    pqxx::connection connection(server());
    pqxx::nontransaction(connection).exec(sql);
}

struct said {
    int ended_with = 0;
    std::string out;
};

said run(std::string const& command) {
    auto* const out = ::popen((command + " 2>&1").c_str(), "r");
    said all;
    std::array<char, 4096> some{};
    while (auto const got = std::fread(some.data(), 1, some.size(), out))
        all.out.append(some.data(), got);
    all.ended_with = WEXITSTATUS(::pclose(out));
    return all;
}

// An installation with the log of three alerts of four lines each, which is anchored after the
// second and after the fourth line of each.
class an_audit : public testing::Test {
protected:
    an_audit() : an_audit(domain::duration{0}) {}
    // Of a house whose time is behind the database's.
    explicit an_audit(domain::duration behind) : behind_(behind) {
        std::string folder = "/tmp/linli-audit-XXXXXX";
        folder_ = ::mkdtemp(folder.data());
        on_server("create database " + name_);
        std::ofstream(config()) << "[database]\nurl = \"" << url() << "\"\n";
        expect_done("migrate");
        pqxx::connection connection(url());
        pqxx::nontransaction(connection).exec("insert into plan_snapshot values ('sos-plan', '')");
        record_ = postgres::open_record({url(), 1},
                                        postgres::key_ring::load(folder_ / "keys/record.keys"));
        for (auto const n : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
            write_lines(n, 2);
        expect_done("audit anchor");
        for (auto const n : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
            write_lines(n, 2);
        expect_done("audit anchor");
    }
    ~an_audit() override {
        record_->stop();
        record_.reset();
        on_server("drop database " + name_ + " with (force)");
        std::filesystem::remove_all(folder_);
    }

    std::string url() const { return server() + " dbname=" + name_; }
    std::filesystem::path config() const { return folder_ / "linli.toml"; }
    std::filesystem::path outside() const { return folder_ / "anchors/anchors.txt"; }
    static std::string chain(std::uint8_t number) {
        return to_string(numbered<alert_id>(number).value);
    }

    said linli(std::string const& words) const {
        return run(linli_program() + " --config " + config().string() + ' ' + words);
    }
    std::string expect_done(std::string const& words) const {
        auto const came = linli(words);
        EXPECT_EQ(came.ended_with, 0) << words << ": " << came.out;
        return came.out;
    }

    // More lines of one alert, each in a transaction of its own. `personal`: words about somebody,
    // which are sealed.
    void write_lines(std::uint8_t number, int lines, std::string const& personal = {},
                     std::optional<instant> then = {}) {
        auto const at = then.value_or(runtime::machine_time() - behind_);
        for (int n = 0; n < lines; ++n) {
            auto& a = alerts_.try_emplace(number, open_alert(number)).first->second;
            a.about = {subject_kind::device, "w" + std::to_string(number)};
            auto& head = heads_[number];
            app::changes what;
            what.at = at;
            add(what, a);
            auto words = line(app::chain_of::alert, a.id.value, "word " + std::to_string(n));
            words.line.at = at;
            words.line.personal = personal;
            add(what, words);
            what.heads[a.id.value] = head;
            ASSERT_TRUE(run_on(loop_, record_->commit(what)));
            a.version += 1;
            head = head_of(number);
        }
    }
    app::chain_head head_of(std::uint8_t number) {
        pqxx::connection connection(url());
        pqxx::nontransaction in(connection);
        auto const r =
            in.exec1("select log_seq, log_hash from alert where id = '" + chain(number) + '\'');
        return {r[0].as<std::uint32_t>(), postgres::bytes(r[1])};
    }

    // As when their days are over, or somebody is erased: with the triggers in place.
    std::size_t let_go_of_words() const {
        pqxx::connection connection(url());
        pqxx::work in(connection);
        auto const worded =
            in.exec("select chain, seq, personal from log where personal is not null");
        auto const gone = postgres::let_go_of_words(in, worded);
        in.commit();
        return gone;
    }

    // With every trigger out of his way, and back again: a session of the superuser.
    void owner(std::string const& sql) const {
        pqxx::connection connection(url());
        pqxx::work in(connection);
        in.exec("set local session_replication_role = replica");
        in.exec(sql);
        in.commit();
    }
    // Says something else in one line, and makes all behind it anew, the alert too.
    void owner_makes_anew(std::uint8_t number, int from) const {
        pqxx::connection connection(url());
        pqxx::work in(connection);
        in.exec("set local session_replication_role = replica");
        in.exec("update log set why = 'nothing happened' where chain = '" + chain(number) +
                "' and seq = " + std::to_string(from));
        std::string before;
        for (auto const& r :
             in.exec("select *, microseconds_of(at) as us from log where chain = '" +
                     chain(number) + "' order by seq")) {
            auto const hash = postgres::line_hash(before, {chain(number),
                                                           r["seq"].as<std::uint32_t>(),
                                                           r["us"].as<std::int64_t>(),
                                                           r["what"].c_str(),
                                                           r["by_kind"].c_str(),
                                                           r["by_who"].c_str(),
                                                           r["by_behalf"].c_str(),
                                                           r["why"].c_str(),
                                                           {}});
            in.exec("update log set hash = '\\x" + anchors::in_hex(hash) + "' where chain = '" +
                    chain(number) + "' and seq = " + r["seq"].c_str());
            before = hash;
        }
        in.exec("update alert set log_hash = '\\x" + anchors::in_hex(before) + "' where id = '" +
                chain(number) + '\'');
        in.commit();
    }

    // "changed_line CHAIN 2", one a finding.
    std::vector<std::string> findings(std::string const& words = {}) {
        auto const came = linli("audit verify --json " + words);
        auto const all = boost::json::parse(came.out).as_object();
        EXPECT_EQ(came.ended_with, all.at("whole").as_bool() ? 0 : 3);
        std::vector<std::string> found;
        for (auto const& each : all.at("shown").as_array()) {
            auto const& one = each.as_object();
            std::string text(one.at("kind").as_string());
            if (one.contains("chain"))
                text += " " + std::to_string(
                                  parse_uuid(std::string(one.at("chain").as_string()))->bytes[15]);
            if (one.contains("line")) text += "/" + std::to_string(one.at("line").to_number<int>());
            if (one.contains("anchor"))
                text += " anchor " + std::to_string(one.at("anchor").to_number<int>());
            if (text.starts_with("missing_guard"))
                text += " " + std::string(one.at("more").as_string());
            found.push_back(text);
        }
        return found;
    }
    std::string figure(std::string const& name) {
        auto const all = boost::json::parse(linli("audit verify --json").out).as_object();
        return boost::json::serialize(all.at(name));
    }
    std::string outside_text() const {
        std::ifstream in(outside());
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void outside_becomes(std::string const& text) const {
        std::ofstream(outside(), std::ios::trunc) << text;
    }

    std::string const name_ = "linli_audit_" + std::to_string(::getpid());
    domain::duration const behind_;
    std::filesystem::path folder_;
    boost::asio::io_context loop_;
    std::unique_ptr<postgres::database_record> record_;
    std::map<std::uint8_t, domain::alert> alerts_;
    std::map<std::uint8_t, app::chain_head> heads_;
};

TEST_F(an_audit, says_that_a_log_nobody_touched_is_whole) {
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(figure("lines"), "12");
    EXPECT_EQ(figure("anchored"), "12");
    EXPECT_EQ(figure("last_anchor"), "2");
    EXPECT_THAT(expect_done("audit verify"), HasSubstr("whole\n"));
    EXPECT_THAT(expect_done("audit verify --help"), HasSubstr("--anchors"));
}

TEST_F(an_audit, names_a_line_whose_words_were_changed) {
    owner("update log set by_who = 'somebody else' where seq = 2 and chain = '" + chain(2) + '\'');
    EXPECT_THAT(findings(), ElementsAre("changed_line 2/2"));
}

TEST_F(an_audit, names_a_line_that_was_changed_with_its_hash) {
    owner("update log set why = 'x', hash = sha256('x') where seq = 3 and chain = '" + chain(2) +
          '\'');
    EXPECT_THAT(findings(), ElementsAre("changed_line 2/3", "changed_line 2/4"));
}

TEST_F(an_audit, names_words_that_no_program_of_ours_writes) {
    owner("update log set what = 'never was' where seq = 1 and chain = '" + chain(1) + '\'');
    EXPECT_THAT(findings(), ElementsAre("changed_line 1/1"));
}

TEST_F(an_audit, names_a_tail_that_was_cut_though_the_alert_agrees) {
    owner("delete from log where seq > 2 and chain = '" + chain(3) +
          "'; update alert set log_seq = "
          "2, log_hash = (select hash from log where chain = alert.id and seq = 2) where id = '" +
          chain(3) + '\'');
    EXPECT_THAT(findings(), ElementsAre("cut_tail 3/3 anchor 2"));
}

TEST_F(an_audit, names_a_chain_that_was_removed_with_its_alert) {
    owner("delete from log where chain = '" + chain(2) + "'; delete from alert where id = '" +
          chain(2) + '\'');
    EXPECT_THAT(findings(), ElementsAre("removed_chain 2/1 anchor 2"));
}

TEST_F(an_audit, names_a_line_that_was_taken_out_of_the_middle) {
    owner("delete from log where seq = 3 and chain = '" + chain(1) + '\'');
    EXPECT_THAT(findings(), ElementsAre("missing_line 1/3"));
}

TEST_F(an_audit, names_both_of_two_lines_that_changed_places) {
    owner("update log set seq = case seq when 2 then -3 else -2 end where seq in (2, 3) and chain "
          "= '" +
          chain(1) + "'; update log set seq = -seq where seq < 0");
    EXPECT_THAT(findings(), testing::IsSupersetOf({"changed_line 1/2", "changed_line 1/3"}));
}

// Each hash fits, and the alert agrees: nothing in the database shows it.
TEST_F(an_audit, names_a_chain_that_was_made_anew_by_what_was_signed_of_it) {
    owner_makes_anew(2, 1);
    EXPECT_THAT(findings(),
                ElementsAre("rewritten_chain 2/2 anchor 1", "rewritten_chain 2/4 anchor 2"));
}

TEST_F(an_audit, names_the_database_that_has_lost_its_anchors_and_still_knows_what_was_made_anew) {
    owner_makes_anew(2, 3);
    owner("truncate anchor");
    EXPECT_THAT(findings(), ElementsAre("other_anchor anchor 1", "rewritten_chain 2/4 anchor 2"));
}

TEST_F(an_audit, names_a_chain_that_slipped_in_with_an_old_time) {
    write_lines(9, 1, {}, evening);
    EXPECT_THAT(findings(), ElementsAre("added_line 9/1"));
}

TEST_F(an_audit, says_which_lines_nobody_but_their_chain_vouches_for_yet) {
    write_lines(1, 3, {}, evening + std::chrono::days(3650));
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(figure("not_yet_anchored"), "3");
    EXPECT_THAT(expect_done("audit verify"), HasSubstr("3 lines are newer than the last anchor"));
    expect_done("audit anchor");
    EXPECT_EQ(figure("not_yet_anchored"), "0");
}

TEST_F(an_audit, names_a_trigger_that_was_taken_away_switched_off_or_made_toothless) {
    owner("drop trigger log_stays on log; alter table log disable trigger log_all_stay; "
          "create or replace function anchor_stays() returns trigger language plpgsql as "
          "$$ begin return null; end $$");
    EXPECT_THAT(findings(),
                ElementsAre("missing_guard log_stays", "missing_guard log_all_stay",
                            "missing_guard anchor_stays", "missing_guard anchor_all_stay"));
}

TEST_F(an_audit, finds_its_log_defended_against_whoever_leaves_the_triggers_alone) {
    pqxx::connection connection(url());
    for (auto const* sql : {"update log set why = ''", "delete from log", "truncate log",
                            "delete from anchor", "update anchor set text = ''"})
        EXPECT_THROW(pqxx::nontransaction(connection).exec(sql), pqxx::sql_error) << sql;
}

TEST_F(an_audit, finds_a_log_whole_that_has_let_go_of_its_words_about_somebody) {
    write_lines(2, 2, "her daughter is on the way");
    expect_done("audit anchor");
    EXPECT_EQ(let_go_of_words(), 2U);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(figure("anchored"), "14");
}

TEST_F(an_audit, names_a_line_whose_digest_of_lost_words_was_changed) {
    write_lines(2, 1, "her daughter is on the way");
    expect_done("audit anchor");
    let_go_of_words();
    owner("update log set personal_digest = sha256('x') where personal_digest is not null");
    EXPECT_THAT(findings(), ElementsAre("changed_line 2/5"));
}

// The grants of deploy/keeping.md: no name, no door, sealed or not, except what lines say.
TEST_F(an_audit, is_made_by_an_account_that_may_read_nothing_else) {
    auto const auditor = name_ + "_auditor";
    on_server("create role " + auditor + " login");
    owner("grant select on schema_migration, log, anchor to " + auditor +
          "; grant select (id, log_seq, log_hash) on alert, request, service_order, complaint to " +
          auditor);
    EXPECT_THAT(findings("--database '" + url() + " user=" + auditor + "'"), IsEmpty());
    owner("drop owned by " + auditor);
    on_server("drop role " + auditor);
}

TEST_F(an_audit, names_an_anchor_that_was_changed_outside) {
    auto text = outside_text();
    text[text.find(" 2 ") + 1] = '3';
    outside_becomes(text);
    EXPECT_THAT(findings(), ElementsAre("changed_anchor anchor 1"));
}

TEST_F(an_audit, names_an_anchor_that_was_taken_out_of_the_copy) {
    auto const text = outside_text();
    outside_becomes(text.substr(text.find("anchor 2")));
    EXPECT_THAT(findings(), ElementsAre("missing_anchor anchor 1"));
}

TEST_F(an_audit, believes_an_officers_older_copy_and_his_own_key_and_what_he_was_told) {
    auto const text = outside_text();
    auto const second = text.find("anchor 2");
    std::ofstream(folder_ / "copy") << text.substr(0, second);
    std::ofstream(folder_ / "officer.key") << expect_done("audit key");
    auto const his =
        "--anchors " + (folder_ / "copy").string() + " --key " + (folder_ / "officer.key").string();
    auto const digest = anchors::in_hex(anchors::read_anchor(text.substr(second))->digest);
    EXPECT_THAT(findings(his + " --known 2:" + digest), IsEmpty());
    EXPECT_THAT(findings(his + " --known 2:" + std::string(64, '0')),
                ElementsAre("changed_anchor anchor 2"));
    owner("truncate anchor");
    EXPECT_THAT(findings(his + " --known 2:" + digest),
                ElementsAre("other_anchor anchor 1", "missing_anchor anchor 2"));
}

TEST_F(an_audit, finds_what_a_printed_evidence_file_says_in_the_log_or_not) {
    auto const hash = anchors::in_hex(head_of(1).hash);
    EXPECT_THAT(findings("--evidence " + hash), IsEmpty());
    EXPECT_THAT(expect_done("audit verify --evidence " + hash),
                HasSubstr(hash + " is chain " + chain(1) + " line 4"));
    owner_makes_anew(1, 4);
    EXPECT_THAT(findings("--evidence " + hash),
                ElementsAre("rewritten_chain 1/4 anchor 2", "lost_evidence"));
}

TEST_F(an_audit, holds_nothing_against_a_restore_that_somebody_has_signed_for) {
    // As a restore leaves it: the second anchor is gone, and the lines that it was made for.
    owner("delete from anchor where number = 2; delete from log where seq > 2; update alert set "
          "log_seq = 2, log_hash = (select hash from log where chain = alert.id and seq = 2)");
    EXPECT_THAT(findings(), ElementsAre("other_anchor anchor 2", "cut_tail 1/3 anchor 2",
                                        "cut_tail 2/3 anchor 2", "cut_tail 3/3 anchor 2"));
    EXPECT_EQ(linli("audit anchor").ended_with, 1) << "nothing is signed over it";
    EXPECT_THAT(expect_done("audit restored"), HasSubstr("put back to anchor 1"));
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(figure("restores"), "1");
    EXPECT_EQ(figure("anchored"), "6");
    EXPECT_THAT(expect_done("audit restored"), HasSubstr("lacks no anchor"));
}

TEST_F(an_audit, takes_a_restore_also_where_the_copy_holds_an_anchor_twice) {
    auto const text = outside_text();
    outside_becomes(text + text.substr(text.find("anchor 2")));
    owner("delete from anchor where number = 2; delete from log where seq > 2; update alert set "
          "log_seq = 2, log_hash = (select hash from log where chain = alert.id and seq = 2)");
    EXPECT_THAT(expect_done("audit restored"), HasSubstr("put back to anchor 1"));
    EXPECT_THAT(findings(), IsEmpty());
}

// The database's clock was set ahead while its house ran, which goes on in its own time.
class an_audit_of_a_house_behind : public an_audit {
protected:
    an_audit_of_a_house_behind() : an_audit(hours(1)) {}
};

TEST_F(an_audit_of_a_house_behind, takes_what_it_writes_after_an_anchor_for_no_addition) {
    write_lines(1, 2);
    EXPECT_THAT(findings(), IsEmpty());
    EXPECT_EQ(figure("not_yet_anchored"), "2");
    expect_done("audit anchor");
    EXPECT_THAT(findings(), IsEmpty());
    write_lines(9, 1, {}, evening);
    EXPECT_THAT(findings(), ElementsAre("added_line 9/1")) << "what slips in is still found";
}

TEST_F(an_audit, of_many_findings_shows_so_many_and_counts_all) {
    owner("update log set why = 'x'");
    EXPECT_EQ(findings("--limit 2").size(), 2U);
    EXPECT_EQ(figure("findings"), "12");
}

TEST_F(an_audit, says_what_it_can_not_look_at) {
    EXPECT_EQ(linli("audit verify --anchors /nowhere").ended_with, 1);
    EXPECT_EQ(linli("audit verify --database 'host=/nowhere'").ended_with, 1);
    EXPECT_EQ(linli("audit verify --known 1").ended_with, 1);
}

} // namespace
} // namespace linli::tests
