#include "hotline/media/bencode.hpp"

#include <charconv>
#include <utility>

namespace linli::hotline::bencode {

namespace {

void append_text(std::string& to, std::string_view text) {
    to += std::to_string(text.size());
    to += ':';
    to += text;
}

class reader {
public:
    explicit reader(std::string_view bytes) : left_(bytes) {}

    bool at_end() const { return left_.empty(); }

    std::optional<value> next(int depth) {
        if (left_.empty() || depth > deepest) return std::nullopt;
        auto const first = left_.front();
        if (first >= '0' && first <= '9') return as_value(text());
        left_.remove_prefix(1);
        if (first == 'i') return as_value(number_until('e'));
        if (first == 'l') return next_list(depth);
        if (first == 'd') return next_dictionary(depth);
        return std::nullopt;
    }

private:
    template <class T>
    static std::optional<value> as_value(std::optional<T> read) {
        if (!read) return std::nullopt;
        return value(std::move(*read));
    }

    std::optional<std::int64_t> number_until(char end) {
        std::int64_t number = 0;
        auto const [at, error] = std::from_chars(left_.data(), left_.data() + left_.size(), number);
        auto const length = static_cast<std::size_t>(at - left_.data());
        if (error != std::errc() || length == left_.size() || *at != end) return std::nullopt;
        left_.remove_prefix(length + 1);
        return number;
    }

    std::optional<std::string> text() {
        auto const size = number_until(':');
        if (!size || *size < 0) return std::nullopt;
        auto const length = static_cast<std::uint64_t>(*size);
        if (length > left_.size()) return std::nullopt;
        std::string read(left_.substr(0, length));
        left_.remove_prefix(length);
        return read;
    }

    bool takes_end() {
        if (left_.empty() || left_.front() != 'e') return false;
        left_.remove_prefix(1);
        return true;
    }

    std::optional<value> next_list(int depth) {
        list items;
        while (!takes_end()) {
            auto item = next(depth + 1);
            if (!item) return std::nullopt;
            items.push_back(std::move(*item));
        }
        return value(std::move(items));
    }

    std::optional<value> next_dictionary(int depth) {
        dictionary entries;
        while (!takes_end()) {
            auto key = text();
            if (!key) return std::nullopt;
            auto entry = next(depth + 1);
            if (!entry) return std::nullopt;
            entries.insert_or_assign(std::move(*key), std::move(*entry));
        }
        return value(std::move(entries));
    }

    std::string_view left_;
};

void append(std::string& to, value const& what) {
    if (auto const number = what.number()) {
        to += 'i' + std::to_string(*number) + 'e';
    } else if (auto const* const items = what.items()) {
        to += 'l';
        for (auto const& each : *items)
            append(to, each);
        to += 'e';
    } else if (auto const* const entries = what.entries()) {
        to += 'd';
        for (auto const& [key, each] : *entries) {
            append_text(to, key);
            append(to, each);
        }
        to += 'e';
    } else {
        append_text(to, what.text());
    }
}

} // namespace

std::optional<std::int64_t> value::number() const {
    auto const* const is = std::get_if<std::int64_t>(&is_);
    return is ? std::optional(*is) : std::nullopt;
}

std::string_view value::text() const {
    auto const* const is = std::get_if<std::string>(&is_);
    return is ? std::string_view(*is) : std::string_view();
}

value const* value::find(std::string_view key) const {
    auto const* const in = entries();
    if (!in) return nullptr;
    auto const at = in->find(key);
    return at == in->end() ? nullptr : &at->second;
}

std::string_view value::text_of(std::string_view key) const {
    auto const* const at = find(key);
    return at ? at->text() : std::string_view();
}

std::int64_t value::number_of(std::string_view key) const {
    auto const* const at = find(key);
    return at ? at->number().value_or(0) : 0;
}

std::string encode(value const& what) {
    std::string bytes;
    append(bytes, what);
    return bytes;
}

std::optional<value> decode(std::string_view bytes) {
    reader from(bytes);
    auto read = from.next(0);
    return read && from.at_end() ? std::move(read) : std::nullopt;
}

} // namespace linli::hotline::bencode
