#include "adapters/anchors/anchor_text.hpp"

#include <charconv>

#include <fmt/format.h>
#include <sodium.h>

#include "runtime/utc_text.hpp"

namespace linli::anchors {

namespace {

constexpr std::size_t hash_bytes = 32;
constexpr std::string_view last_word = "\nsigned ";

std::string digest_of(std::string_view body) {
    std::string digest(hash_bytes, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                       reinterpret_cast<unsigned char const*>(body.data()), body.size(), nullptr,
                       0);
    return digest;
}

std::string time_text(domain::instant at) {
    return fmt::format("{} {}", at.time_since_epoch().count(), runtime::utc_text(at));
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Takes the text apart, line by line and word by word; says once for all whether it went well.
class reading {
public:
    explicit reading(std::string_view text) : rest_(text) {}

    std::string_view line() {
        auto const end = rest_.find('\n');
        if (end == std::string_view::npos) return fails();
        auto const found = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return found;
    }
    // Of a line that begins with this word, what stands behind it.
    std::string_view after(std::string_view word) {
        auto const found = line();
        if (!found.starts_with(word) || found.size() <= word.size() || found[word.size()] != ' ')
            return fails();
        return found.substr(word.size() + 1);
    }
    bool comes(std::string_view word) const { return rest_.starts_with(word); }
    template <class Number>
    Number number(std::string_view text) {
        auto const found = number_of<Number>(text);
        if (!found) well_ = false;
        return found.value_or(Number{});
    }
    domain::instant time(std::string_view text) {
        return domain::instant(
            domain::duration(number<std::int64_t>(text.substr(0, text.find(' ')))));
    }
    std::string hash(std::string_view text) {
        auto const found = of_hex(text);
        if (!found || found->size() != hash_bytes) well_ = false;
        return found.value_or("");
    }
    app::chain_mark mark() {
        auto const found = line();
        auto const one = found.find(' ');
        auto const two = found.find(' ', one + 1);
        if (one == std::string_view::npos || two == std::string_view::npos)
            return fails(), app::chain_mark{};
        auto const chain = domain::parse_uuid(found.substr(0, one));
        if (!chain) return fails(), app::chain_mark{};
        return {*chain, number<std::uint32_t>(found.substr(one + 1, two - one - 1)),
                hash(found.substr(two + 1))};
    }
    bool went_well() const { return well_; }
    bool is_at_end() const { return rest_.empty(); }

private:
    std::string_view fails() {
        well_ = false;
        rest_ = {};
        return {};
    }

    std::string_view rest_;
    bool well_ = true;
};

std::optional<app::anchor> read_body(std::string_view body) {
    reading in(body);
    app::anchor a;
    a.number = in.number<std::uint64_t>(in.after("anchor"));
    a.at = in.time(in.after("at"));
    a.covers = in.time(in.after("covers"));
    a.previous = in.hash(in.after("previous"));
    if (in.comes("restored-to ")) a.restored_to = in.number<std::uint64_t>(in.after("restored-to"));
    auto const marks = in.number<std::size_t>(in.after("marks"));
    if (!in.went_well() || marks > app::most_marks) return std::nullopt;
    a.marks.reserve(marks);
    while (a.marks.size() < marks && in.went_well())
        a.marks.push_back(in.mark());
    if (!in.went_well() || !in.is_at_end()) return std::nullopt;
    return a;
}

} // namespace

std::string in_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (unsigned char const byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<std::string> of_hex(std::string_view text) {
    std::string bytes(text.size() / 2, '\0');
    std::size_t size = 0;
    char const* end = nullptr;
    if (sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                       text.size(), nullptr, &size, &end) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    return bytes;
}

std::string anchor_text(app::anchor const& what, signing_keys const& by) {
    auto text = fmt::format("anchor {}\nat {}\ncovers {}\nprevious {}\n", what.number,
                            time_text(what.at), time_text(what.covers), in_hex(what.previous));
    if (what.restored_to) text += fmt::format("restored-to {}\n", *what.restored_to);
    text += fmt::format("marks {}\n", what.marks.size());
    for (auto const& each : what.marks)
        text += fmt::format("{} {} {}\n", to_string(each.chain), each.seq, in_hex(each.hash));
    auto const signature = by.sign(text);
    return text + fmt::format("signed {} {}\n", by.key_id(), in_base64(signature));
}

std::optional<signed_anchor> read_anchor(std::string_view text) {
    auto const end = text.rfind(last_word);
    if (end == std::string_view::npos || !text.ends_with('\n')) return std::nullopt;
    signed_anchor found;
    found.body = text.substr(0, end + 1);
    auto const seal = text.substr(end + last_word.size(), text.size() - end - last_word.size() - 1);
    auto const between = seal.find(' ');
    if (between == std::string_view::npos) return std::nullopt;
    auto signature = of_base64(seal.substr(between + 1));
    auto what = read_body(found.body);
    if (!signature || !what) return std::nullopt;
    found.key_id = seal.substr(0, between);
    found.signature = std::move(*signature);
    found.what = std::move(*what);
    found.digest = digest_of(found.body);
    return found;
}

} // namespace linli::anchors
