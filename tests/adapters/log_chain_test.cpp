// Every change can be explained: a line of the log can't be changed, or taken out, unseen.
#include "adapters/postgres/log_chain.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "support/evening.hpp"

namespace linli::tests {

using postgres::line_hash;
using postgres::log_chain;

namespace {

using heads = std::map<domain::uuid, app::chain_head>;

app::chained_line a_line(domain::log_kind what, domain::actor by, std::string why) {
    app::chained_line line;
    line.chain.bytes[15] = 1;
    line.line = {evening, what, std::move(by), std::move(why), {}};
    return line;
}

app::chained_line raised() {
    return a_line(domain::log_kind::raised, {domain::actor_kind::device, "w1", {}}, "w1:1:1 sos");
}
app::chained_line noted() {
    return a_line(domain::log_kind::noted, {domain::actor_kind::operator_, "li", "wang"}, {});
}

std::string in_hex(std::string const& bytes) {
    std::string text;
    for (unsigned char const byte : bytes) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

} // namespace

TEST(hash_chain, binds_each_line_to_the_one_before_it) {
    log_chain chain(heads{});
    auto const first = chain.link(raised(), {});
    auto const second = chain.link(noted(), {});
    EXPECT_EQ(first.seq, 1U);
    EXPECT_EQ(second.seq, 2U);
    EXPECT_EQ(second.hash, line_hash(first.hash, noted(), 2, {}));
    EXPECT_NE(second.hash, line_hash({}, noted(), 2, {})) << "a line before it could be taken out";
    EXPECT_EQ(chain.head(noted().chain).seq, 2U);
    EXPECT_EQ(chain.head(noted().chain).hash, second.hash);
}

TEST(hash_chain, goes_on_from_the_head_that_was_read) {
    log_chain whole(heads{});
    auto const first = whole.link(raised(), {});
    auto const second = whole.link(noted(), {});
    heads read;
    read[first.what.chain] = {first.seq, first.hash};
    log_chain later(read);
    EXPECT_EQ(later.link(noted(), {}).hash, second.hash);
}

TEST(hash_chain, takes_in_all_that_a_line_says) {
    using change = void (*)(app::chained_line&);
    change const changes[] = {
        [](app::chained_line&) {},
        [](app::chained_line& l) { l.chain.bytes[0] = 9; },
        [](app::chained_line& l) { l.line.at += domain::duration(1); },
        [](app::chained_line& l) { l.line.what = domain::log_kind::closed; },
        [](app::chained_line& l) { l.line.by.kind = domain::actor_kind::house; },
        [](app::chained_line& l) { l.line.by.who = "w"; },
        [](app::chained_line& l) { l.line.by.behalf = "1"; },
        [](app::chained_line& l) { l.line.why = "w1:1:2 sos"; },
        [](app::chained_line& l) {
            l.line.by = {domain::actor_kind::device, "w", "1"};
        },
    };
    std::set<std::string> hashes;
    for (auto const& change_it : changes) {
        auto line = raised();
        change_it(line);
        hashes.insert(line_hash("before", line, 1, "sealed"));
    }
    EXPECT_EQ(hashes.size(), std::size(changes));
    hashes.insert(line_hash("Before", raised(), 1, "sealed"));
    hashes.insert(line_hash("before", raised(), 2, "sealed"));
    hashes.insert(line_hash("before", raised(), 1, "Sealed"));
    hashes.insert(line_hash("before", raised(), 1, {}));
    EXPECT_EQ(hashes.size(), std::size(changes) + 4);
}

// Made by another program (Python's hashlib.blake2b): chains that were written last year must be
// found whole by whoever audits them.
TEST(hash_chain, is_what_it_has_always_been) {
    log_chain chain(heads{});
    EXPECT_EQ(in_hex(chain.link(raised(), {}).hash),
              "278201e475719ceafc36159d7f765161efbb4a5ab1cdbcc441131ba2e9b29dd2");
    EXPECT_EQ(in_hex(chain.link(noted(), "sealed words").hash),
              "e354e225eabbfaba0a8789e27d3c38665165012711a16ac7368bdf9c1aca82c6");
}

} // namespace linli::tests
