// The house's written rules, checked on its own source. Each check is tried on snippets first, good
// and bad, because a check that finds nothing looks like a tree without faults.
#include "tidy/checks.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/places.hpp"

namespace linli::tidy {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using check = findings (*)(source_file const&);

findings found_in(check run, std::string path, std::string text) {
    return run(make_source_file(std::move(path), std::move(text)));
}

// What the check says of a statement inside a coroutine.
findings found_in_coroutine(std::string const& statement) {
    return found_in(check_co_await, "src/app/x.cpp", "task<> f() {\n" + statement + "\n}\n");
}

std::vector<source_file> const& the_tree() {
    static auto const tree = read_source_tree(tests::in_tests(".."));
    return tree;
}

findings found_in_tree(check run) {
    findings all;
    for (auto const& file : the_tree())
        std::ranges::move(run(file), std::back_inserter(all));
    return all;
}

TEST(tidy, sees_the_tree) {
    auto const is_cpp = [](source_file const& file) { return file.is_cpp(); };
    EXPECT_THAT(std::ranges::count_if(the_tree(), is_cpp), Gt(20));
    auto const built = [](source_file const& file) { return file.is_under("build"); };
    EXPECT_TRUE(std::ranges::none_of(the_tree(), built));
}

TEST(tidy, tells_code_from_comments_and_literals) {
    auto const apart = take_apart("int a = 1'000; // now() \"x\"\n"
                                  "char c = '\"', d = U'\\''; /* sleep */ auto s = \"a\\\"b\";\n"
                                  "#include \"x.hpp\" // why\n"
                                  "auto r = R\"sql(select \"now()\")sql\"; f();\n");
    EXPECT_THAT(apart.code, HasSubstr("int a = 1'000;"));
    EXPECT_THAT(apart.code, HasSubstr("auto s = \"    \";"));
    EXPECT_THAT(apart.code, HasSubstr("; f();"));
    EXPECT_EQ(apart.code.find("now"), std::string::npos);
    EXPECT_EQ(apart.code.find("include"), std::string::npos);
    EXPECT_THAT(apart.comments, HasSubstr("// now() \"x\""));
    EXPECT_THAT(apart.comments, HasSubstr("/* sleep */"));
    EXPECT_THAT(apart.directives, HasSubstr("#include \"x.hpp\""));
    EXPECT_EQ(apart.directives.find("why"), std::string::npos);
    EXPECT_THAT(apart.literals, ElementsAre(Field(&literal::content, "a\\\"b"),
                                            Field(&literal::content, "select \"now()\"")));
}

// ---- layers

findings found_for_include(std::string path, std::string const& include) {
    return found_in(check_layers, std::move(path), "#include " + include + "\n");
}

TEST(tidy, layers_check_finds_what_points_back) {
    struct {
        char const* path;
        char const* include;
    } const bad[] = {
        {"src/domain/alert.cpp", "<boost/asio.hpp>"},
        {"src/domain/alert.cpp", "<fmt/core.h>"},
        {"src/domain/alert.cpp", "\"app/dispatch.hpp\""},
        {"src/domain/alert.cpp", "\"runtime/log.hpp\""},
        {"src/app/intake.cpp", "\"adapters/mqtt/link.hpp\""},
        {"src/app/intake.cpp", "<boost/beast.hpp>"},
        {"src/app/intake.cpp", "<pqxx/pqxx>"},
        {"src/runtime/log.cpp", "\"domain/alert.hpp\""},
        {"src/runtime/log.cpp", "<toml++/toml.h>"},
        {"src/adapters/http/feed.cpp", "\"adapters/postgres/store.hpp\""},
        {"src/adapters/http/feed.cpp", "\"linli/v1/signal.pb.h\""},
        {"src/adapters/http/feed.cpp", "<google/protobuf/message.h>"},
        {"src/adapters/postgres/store.cpp", "\"adapters/wire/signal.hpp\""},
        {"src/adapters/postgres/store.cpp", "<mqtt/async_client.h>"},
        {"src/adapters/postgres/store.cpp", "\"cli/command.hpp\""},
        {"src/simulate/watch.cpp", "\"cli/command.hpp\""},
        {"src/simulate/watch.cpp", "<CLI/CLI.hpp>"},
        {"src/adapters/mqtt/link.cpp", "\"server/house_clock.hpp\""},
        {"src/server/house_clock.cpp", "<pqxx/pqxx>"},
        {"src/domain/alert.cpp", "\"../app/dispatch.hpp\""},
        {"src/misc/odd.cpp", "<vector>"},
    };
    for (auto const& each : bad)
        EXPECT_THAT(found_for_include(each.path, each.include), SizeIs(1))
            << each.path << ' ' << each.include;
}

TEST(tidy, layers_check_lets_the_arrow_through) {
    struct {
        char const* path;
        char const* include;
    } const good[] = {
        {"src/domain/alert.cpp", "<vector>"},
        {"src/domain/alert.cpp", "<boost/geometry/algorithms/distance.hpp>"},
        {"src/domain/alert.cpp", "<boost/system/result.hpp>"},
        {"src/domain/alert.cpp", "\"domain/plan.hpp\""},
        {"src/app/intake.cpp", "\"domain/signal.hpp\""},
        {"src/app/intake.cpp", "\"runtime/task.hpp\""},
        {"src/app/intake.cpp", "<boost/asio/steady_timer.hpp>"},
        {"src/runtime/config.cpp", "<toml++/toml.h>"},
        {"src/adapters/files/plans.cpp", "<toml++/toml.h>"},
        {"src/adapters/wire/signal.cpp", "\"linli/v1/signal.pb.h\""},
        {"src/adapters/mqtt/link.cpp", "\"adapters/wire/signal.hpp\""},
        {"src/adapters/mqtt/link.cpp", "<mqtt/async_client.h>"},
        {"src/adapters/postgres/store.cpp", "\"app/directory.hpp\""},
        {"src/adapters/postgres/store.cpp", "\"adapters/postgres/key_ring.hpp\""},
        {"src/simulate/watch.cpp", "\"adapters/wire/signal.hpp\""},
        {"src/server/inbox.cpp", "\"adapters/journal/journal.hpp\""},
        {"src/cli/run.cpp", "\"simulate/watch.hpp\""},
        {"src/cli/run.cpp", "\"server/house_clock.hpp\""},
        {"src/main.cpp", "\"cli/run.hpp\""},
        {"tests/support/anything.cpp", "\"linli/v1/signal.pb.h\""},
    };
    for (auto const& each : good)
        EXPECT_THAT(found_for_include(each.path, each.include), IsEmpty())
            << each.path << ' ' << each.include;
}

TEST(tidy, includes_follow_the_arrow) {
    EXPECT_THAT(found_in_tree(check_layers), IsEmpty());
}

// ---- co_await

TEST(tidy, co_await_check_finds_what_gcc_12_miscompiles) {
    for (auto const* statement : {
             "if (co_await f(name)) g();",
             "if (auto r = co_await f(name); !r) co_return;",
             "while (co_await f()) {}",
             "for (auto x : co_await f()) g(x);",
             "switch (co_await f()) {}",
             "co_return co_await f();",
             "g(co_await f());",
             "auto x = g(a, co_await f());",
             "auto x = ok ? co_await f() : 0;",
             "auto x = co_await f() ? 1 : 0;",
             "auto x = agg{.a = 1, .b = co_await f()};",
             "agg x{co_await f()};",
             "auto x = !co_await f();",
             "(void)co_await f();",
             "auto x = co_await f() + 1;",
             "auto x = 1 + co_await f();",
             "bool x = a == co_await f();",
             "x += co_await f();",
             "throw co_await f();",
             "auto x = (co_await f()).y;",
             "auto x = y[co_await f()];",
             "co_await f(agg{1, 2});",
             "co_await f({\"a\", \"b\"});",
             "co_await run([s = s] { return s; });",
             "co_await (f(agg{1}) || timer);",
             "auto x = co_await f(co_await g());",
             "auto a = co_await f(), b = 1;",
             "EXPECT_TRUE(co_await f());",
             "case_of(x); if (ready) g(co_await f());",
         })
        EXPECT_THAT(found_in_coroutine(statement), SizeIs(Gt(0U))) << statement;
}

TEST(tidy, co_await_check_lets_plain_statements_through) {
    for (auto const* statement : {
             "co_await f();",
             "co_await f(std::move(name), 3, list[i], a < b);",
             "auto x = co_await f(name);",
             "auto const& [a, b] = co_await f();",
             "std::vector<int> x = co_await f();",
             "x = co_await f();",
             "this->x_ = co_await store->load(id);",
             "co_await (std::move(a) || std::move(b));",
             "auto x = co_await load<row, 3>(id);",
             "co_await *op;",
             "if (late) co_await f();",
             "if (late) { co_await f(); } else co_await g();",
             "if constexpr (late) co_await f();",
             "for (;;) co_await f();",
             "for (auto x : xs) { auto y = co_await f(x); use(y); }",
             "switch (x) { case 1: co_await f(); break; default: co_await g(); }",
             "try { co_await f(); } catch (...) {}",
             "auto g = [](int a) -> task<> { co_await f(a); };",
             "auto g = [&] { return 1; }; co_await f(g);",
             "spawn([](socket s) -> task<void> { auto x = co_await s.read(); use(x); }(s));",
             "// if (co_await f()) is what we don't write\n",
             "log(\"if (co_await f())\");",
         })
        EXPECT_THAT(found_in_coroutine(statement), IsEmpty()) << statement;
}

TEST(tidy, one_co_await_per_statement) {
    EXPECT_THAT(found_in_tree(check_co_await), IsEmpty());
}

// ---- lengths

std::string lines_of_code(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += "    f();\n";
    return text;
}

TEST(tidy, function_length_check_finds_long_functions) {
    auto const long_body = "{\n" + lines_of_code(69) + "}\n";
    for (std::string const header : {
             "int f() ",
             "TEST(a, b) ",
             "namespace a {\nstruct b {\npublic:\n    int f() const noexcept ",
             "template <class T>\nauto f(T t) -> task<std::map<int, T>> ",
             "x::x(int a) : a_{a}, b_{1} ",
             "bool operator<(x a, x b) ",
             "auto const f = [](int a) ",
             "task<> f(std::string const& s = \"{\") ",
         })
        EXPECT_THAT(found_in(check_function_length, "src/app/x.cpp", header + long_body), SizeIs(1))
            << header;
}

TEST(tidy, function_length_check_lets_short_functions_and_tables_through) {
    auto const body = "{\n" + lines_of_code(68) + "}\n";
    EXPECT_THAT(found_in(check_function_length, "src/app/x.cpp", "int f() " + body), IsEmpty());
    auto const many = "    int a;\n" + body + body + "};\n";
    for (std::string const header : {"struct x {\n", "class x : public y<void()> {\n",
                                     "namespace x {\n", "template <class T>\nstruct x<T()> {\n"})
        EXPECT_THAT(found_in(check_function_length, "src/app/x.cpp",
                             header + "void f() " + body + "void g() " + body + "};\n"),
                    IsEmpty())
            << header;
    auto const table = "constexpr std::array table{\n" + lines_of_code(100) + "};\n";
    EXPECT_THAT(found_in(check_function_length, "src/app/x.cpp", table), IsEmpty());
}

TEST(tidy, functions_are_at_most_70_lines) {
    EXPECT_THAT(found_in_tree(check_function_length), IsEmpty());
}

TEST(tidy, line_length_check_counts_characters) {
    std::string const line(100, 'x');
    EXPECT_THAT(found_in(check_line_length, "a.cpp", "\n" + line + "x\n"),
                ElementsAre(Field(&finding::line, 2)));
    EXPECT_THAT(found_in(check_line_length, "a.cpp", line + "\n"), IsEmpty());
    EXPECT_THAT(found_in(check_line_length, "a.sql", std::string(98, 'x') + "老人\n"), IsEmpty());
    EXPECT_THAT(found_in(check_line_length, "deploy/run", "#!/bin/bash\n" + line + "x"), SizeIs(1));
    EXPECT_THAT(found_in(check_line_length, "a.md", line + "x"), IsEmpty());
}

TEST(tidy, lines_are_at_most_100_columns) {
    EXPECT_THAT(found_in_tree(check_line_length), IsEmpty());
}

// ---- words

TEST(tidy, name_check_finds_names_that_say_nothing) {
    for (auto const* path : {"src/app/alert_manager.cpp", "src/app/Utils.hpp", "deploy/helper.sh"})
        EXPECT_THAT(found_in(check_names, path, ""), SizeIs(1)) << path;
    for (auto const* code :
         {"class device_manager {};", "struct SignalProcessor;", "enum class handler { a };",
          "using helper = int;", "template <class Handler> void f(Handler h);"})
        EXPECT_THAT(found_in(check_names, "src/app/x.cpp", code), SizeIs(1)) << code;
    for (auto const* code : {"int utilization;", "struct utilized {};", "// class manager",
                             "auto s = \"struct helper\";", "f(handler);"})
        EXPECT_THAT(found_in(check_names, "src/app/x.cpp", code), IsEmpty()) << code;
}

TEST(tidy, names_say_something) {
    EXPECT_THAT(found_in_tree(check_names), IsEmpty());
}

TEST(tidy, sql_clock_check_finds_now) {
    auto const* migration = "src/adapters/postgres/migrations/001-a.sql";
    for (auto const* sql : {"select now();", "x timestamptz default NOW ()", "current_timestamp",
                            "a\nselect clock_timestamp()"})
        EXPECT_THAT(found_in(check_sql_clock, migration, sql), SizeIs(1)) << sql;
    EXPECT_THAT(found_in(check_sql_clock, migration, "-- no now() here\nselect known()"),
                IsEmpty());
    auto const* store = "src/adapters/postgres/store.cpp";
    EXPECT_THAT(found_in(check_sql_clock, store, "\nauto s = R\"(\nset at = now())\";"),
                ElementsAre(Field(&finding::line, 3)));
    EXPECT_THAT(found_in(check_sql_clock, store, "auto s = \"select clock_timestamp()\";"),
                IsEmpty());
    EXPECT_THAT(found_in(check_sql_clock, store, "auto t = clock.now(); // now()"), IsEmpty());
}

TEST(tidy, no_sql_asks_the_clock) {
    EXPECT_THAT(found_in_tree(check_sql_clock), IsEmpty());
}

TEST(tidy, wall_clock_check_finds_now) {
    auto const* code = "auto t = std::chrono::system_clock::now();";
    EXPECT_THAT(found_in(check_wall_clock, "src/app/x.cpp", code), SizeIs(1));
    EXPECT_THAT(found_in(check_wall_clock, "src/app/x.cpp", "auto t = std::time(nullptr);"),
                SizeIs(1));
    EXPECT_THAT(found_in(check_wall_clock, "src/app/x.cpp", "auto t = message.time();"), IsEmpty());
    EXPECT_THAT(found_in(check_wall_clock, "src/runtime/x.cpp", code), IsEmpty());
    EXPECT_THAT(found_in(check_wall_clock, "tests/app/x.cpp", code), IsEmpty());
}

TEST(tidy, no_wall_clock_outside_runtime) {
    EXPECT_THAT(found_in_tree(check_wall_clock), IsEmpty());
}

TEST(tidy, sleep_check_finds_sleeps) {
    for (auto const* code : {"std::this_thread::sleep_for(1s);", "sleep(1);", "usleep (5);",
                             "std::this_thread::sleep_until(t);"})
        EXPECT_THAT(found_in(check_sleep, "tests/app/x.cpp", code), SizeIs(1)) << code;
    EXPECT_THAT(found_in(check_sleep, "tests/app/x.cpp", "// sleep(1)\nbool asleep(int);"),
                IsEmpty());
    EXPECT_THAT(found_in(check_sleep, "deploy/run", "#!/bin/sh\nsleep 1"), IsEmpty());
}

TEST(tidy, nothing_sleeps) {
    EXPECT_THAT(found_in_tree(check_sleep), IsEmpty());
}

TEST(tidy, todo_check_wants_a_number) {
    EXPECT_THAT(found_in(check_todo, "src/app/x.cpp", "f(); // TODO later"), SizeIs(1));
    EXPECT_THAT(found_in(check_todo, "deploy/run", "#!/bin/sh\n# FIXME"), SizeIs(1));
    EXPECT_THAT(found_in(check_todo, "src/app/x.cpp", "// TODO(#12): later"), IsEmpty());
    EXPECT_THAT(found_in(check_todo, "src/app/x.cpp", "auto s = \"TODO later\";"), IsEmpty());
}

TEST(tidy, what_is_left_to_do_has_a_number) {
    EXPECT_THAT(found_in_tree(check_todo), IsEmpty());
}

// ---- files

TEST(tidy, machine_path_check_finds_paths) {
    EXPECT_THAT(found_in(check_machine_paths, "README.md", "see /work/main/x"), SizeIs(1));
    EXPECT_THAT(found_in(check_machine_paths, "README.md", "(/root/x)"), SizeIs(1));
    EXPECT_THAT(found_in(check_machine_paths, "README.md", "proto/work/x, /etc/linli"), IsEmpty());
    EXPECT_THAT(found_in(check_machine_paths, "x.cpp", "// /work/"), IsEmpty());
}

TEST(tidy, pages_tell_of_no_machine) {
    EXPECT_THAT(found_in_tree(check_machine_paths), IsEmpty());
}

findings found_for_migrations(std::vector<std::string> const& names) {
    std::vector<source_file> files;
    for (auto const& name : names)
        files.push_back(make_source_file("src/adapters/postgres/migrations/" + name, ""));
    return check_migrations(files);
}

TEST(tidy, migration_check_finds_gaps_and_pairs) {
    EXPECT_THAT(found_for_migrations({"001-record.sql", "002-roster.sql"}), IsEmpty());
    EXPECT_THAT(found_for_migrations({"001-record.sql", "003-roster.sql"}), SizeIs(1));
    EXPECT_THAT(found_for_migrations({"002-record.sql"}), SizeIs(1));
    EXPECT_THAT(found_for_migrations({"001-record.sql", "001-roster.sql"}), SizeIs(1));
    EXPECT_THAT(found_for_migrations({"001-record.sql", "roster.sql"}), SizeIs(1));
}

TEST(tidy, migrations_are_numbered_without_a_gap) {
    EXPECT_THAT(check_migrations(the_tree()), IsEmpty());
}

} // namespace
} // namespace linli::tidy
