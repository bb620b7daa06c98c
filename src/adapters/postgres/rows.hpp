#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

#include <pqxx/pqxx>

#include "adapters/postgres/array_literal.hpp"
#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/place.hpp"
#include "domain/time.hpp"

namespace linli::postgres {

// ------------------------------------------------------------------ domain → parameter

inline std::int64_t microseconds(domain::instant at) {
    return at.time_since_epoch().count();
}

// One column of many rows, as the array that unnest() takes; or the value of one row alone.
class column {
public:
    void alone() { alone_ = true; }
    column& text(std::string_view value) {
        std::string clean(value);
        std::erase(clean, '\0'); // PostgreSQL's text has no NUL; a maker's text may
        next();
        if (alone_)
            literal_ += clean;
        else
            append_element(literal_, clean);
        return *this;
    }
    column& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
    column& bytes(std::string_view value) {
        next();
        if (alone_)
            literal_ += bytea_text(value);
        else
            append_element(literal_, bytea_text(value));
        return *this;
    }
    column& bytes_or_null(std::string_view value) { return value.empty() ? null() : bytes(value); }
    column& number(std::int64_t value) {
        next();
        append_element(literal_, value);
        return *this;
    }
    column& real(double value) {
        next();
        literal_ += pqxx::to_string(value);
        return *this;
    }
    column& flag(bool value) {
        next();
        append_element(literal_, value);
        return *this;
    }
    column& time(domain::instant at) { return number(microseconds(at)); }
    column& time(std::optional<domain::instant> const& at) { return at ? time(*at) : null(); }
    template <class Tag>
    column& id(domain::record_id<Tag> const& value) {
        next();
        literal_ += to_string(value);
        return *this;
    }
    template <class Tag>
    column& id(std::optional<domain::record_id<Tag>> const& value) {
        return value ? id(*value) : null();
    }
    column& id(domain::uuid const& value) {
        next();
        literal_ += to_string(value);
        return *this;
    }
    column& null() {
        next();
        if (alone_)
            is_null_ = true;
        else
            literal_ += "NULL";
        return *this;
    }

    std::string literal() const {
        if (alone_) return literal_;
        return literal_.empty() ? "{}" : literal_ + '}';
    }
    std::optional<std::string> parameter() const {
        return is_null_ ? std::nullopt : std::optional(literal());
    }

private:
    void next() {
        if (!alone_) literal_ += literal_.empty() ? '{' : ',';
    }
    std::string literal_;
    bool alone_ = false;
    bool is_null_ = false;
};

// ------------------------------------------------------------------ field → domain
//
// Of a field or row of libpqxx, or of answer_rows.

template <class Field>
std::string text(Field const& f) {
    return f.is_null() ? "" : f.c_str();
}

template <class Field>
domain::instant time(Field const& f) {
    return domain::instant(domain::duration(f.template as<std::int64_t>()));
}
template <class Field>
std::optional<domain::instant> maybe_time(Field const& f) {
    if (f.is_null()) return std::nullopt;
    return time(f);
}

template <class Id, class Field>
Id record_id(Field const& f) {
    return Id{domain::parse_uuid(f.c_str()).value()};
}
template <class Id, class Field>
std::optional<Id> maybe_record_id(Field const& f) {
    if (f.is_null()) return std::nullopt;
    return record_id<Id>(f);
}

template <class E, class Field>
E word(Field const& f) {
    return domain::from_text<E>(f.c_str()).value();
}

inline std::string bytes(pqxx::field const& f) {
    if (f.is_null()) return {};
    return pqxx::binarystring(f).str();
}

template <class Row>
std::optional<domain::position> place_of(Row const& r) {
    if (r["latitude"].is_null() || r["longitude"].is_null()) return std::nullopt;
    return domain::position{r["latitude"].template as<double>(),
                            r["longitude"].template as<double>(), 0,
                            domain::position_source::unknown};
}

// Of an array that array_to_string has written with blanks.
inline std::vector<std::string> words_of(std::string const& text) {
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string each; in >> each;)
        all.push_back(each);
    return all;
}

// "310000.310104" is the way down to the area. One that isn't imported stands alone.
inline std::vector<domain::area_id> areas_of(std::string path, domain::area_id const& area) {
    std::replace(path.begin(), path.end(), '.', ' ');
    std::vector<domain::area_id> all;
    for (auto& code : words_of(path))
        all.push_back({std::move(code)});
    std::reverse(all.begin(), all.end());
    if (all.empty()) all.push_back(area);
    return all;
}

} // namespace linli::postgres
