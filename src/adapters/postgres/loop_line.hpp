#pragma once

#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "adapters/postgres/answer_limit.hpp"
#include "app/record.hpp"
#include "runtime/task.hpp"

struct pg_conn;
struct pg_result;

namespace linli::postgres {

struct statement {
    std::string name;
    std::string sql;
};
using statement_values = std::vector<std::optional<std::string>>; // in text form, or null

// The rows that a statement has answered, read like pqxx's.
class answer_rows {
public:
    class field {
    public:
        field(char const* text, bool is_null) : text_(text), is_null_(is_null) {}
        bool is_null() const { return is_null_; }
        char const* c_str() const { return text_; }
        // Of a column whose type makes sure that the text is one.
        template <class T>
        T as() const {
            if constexpr (std::is_same_v<T, bool>) {
                return *text_ == 't';
            } else {
                T value{};
                std::from_chars(text_, text_ + std::strlen(text_), value);
                return value;
            }
        }

    private:
        char const* text_;
        bool is_null_;
    };

    class row {
    public:
        row(pg_result const* of, int number) : of_(of), number_(number) {}
        field operator[](char const* column) const;

    private:
        pg_result const* of_;
        int number_;
    };

    class iterator {
    public:
        using value_type = row;
        using difference_type = int;

        iterator(pg_result const* of, int number) : of_(of), number_(number) {}
        row operator*() const { return {of_, number_}; }
        iterator& operator++() { return ++number_, *this; }
        bool operator==(iterator const&) const = default;

    private:
        pg_result const* of_;
        int number_;
    };

    explicit answer_rows(std::shared_ptr<pg_result> its) : its_(std::move(its)) {}
    iterator begin() const { return {its_.get(), 0}; }
    iterator end() const;

private:
    std::shared_ptr<pg_result> its_;
};

// A connection whose answers a coroutine awaits on its own loop. A thread that waits in its place
// costs two wakeups more a statement, which are dear on a machine that is not busy: see
// src/README.md, 2026-11-29.
class loop_line {
public:
    // Connects and prepares; blocks.
    static app::record_result<std::unique_ptr<loop_line>>
    open(std::string const& url, std::span<statement const> prepared, answer_limit& limit);

    loop_line(loop_line const&) = delete;
    loop_line& operator=(loop_line const&) = delete;
    ~loop_line();

    // One at a time, on any loop. Answers `away` if the line broke or nothing came within the
    // limit; whether the statement was done is in doubt then, and the line is of no more use.
    runtime::task<app::record_result<answer_rows>> ask(std::string name, statement_values values);
    bool is_usable() const { return is_usable_; }

private:
    class waiting;
    struct finish {
        void operator()(pg_conn* its) const;
    };
    using connection = std::unique_ptr<pg_conn, finish>;

    loop_line(connection its, answer_limit& limit);
    bool send(std::string const& name, statement_values const& values);
    runtime::task<bool> flush(waiting& socket);
    runtime::task<std::shared_ptr<pg_result>> last_result(waiting& socket);
    app::record_errc broken(char const* what) const;

    connection its_;
    answer_limit& limit_;
    int socket_; // a descriptor of our own for libpq's, which may close that at any time
    bool is_usable_ = true;
};

} // namespace linli::postgres
