#include "adapters/mapped/message_reading.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "adapters/mapped/json_document.hpp"
#include "adapters/mapped/time_text.hpp"
#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/content_digest.hpp"
#include "adapters/wire/topics.hpp"

namespace linli::mapped {

namespace {

using domain::signal_kind;
using files::message_lane;
using files::message_rule;

constexpr std::size_t longest_text = 500;
constexpr std::size_t longest_quote = 60;
constexpr std::size_t most_raw = 64 * 1024;
constexpr std::size_t most_signals = 100;  // a message
constexpr std::size_t most_samples = 1000; // a message
constexpr double full_battery = 100;

bool same_word(std::string_view a, std::string_view b) {
    auto const small = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(a, b, {}, small, small);
}

bool is_for(message_rule const& rule, std::string_view topic) {
    if (topic.empty() || rule.topic.empty()) return topic.empty() && rule.topic.empty();
    return files::match_topic(rule.topic, topic).has_value();
}

bool fits(message_rule const& rule, json_document const& document) {
    return std::ranges::all_of(rule.when, [&](files::condition const& each) {
        auto const told = document.at(each.at);
        return told && std::ranges::any_of(each.values, [&](auto const& value) {
                   return same_word(value, told.text);
               });
    });
}

message_rule const* rule_for(files::device_mapping const& by, std::string_view topic,
                             json_document const& document) {
    for (auto const& each : by.messages)
        if (is_for(each, topic) && fits(each, document)) return &each;
    return nullptr;
}

// Where a message goes that no rule is for: a topic without signals calls nobody.
message_lane lane_without_rule(files::device_mapping const& by, std::string_view topic) {
    if (topic.empty()) return message_lane::signals;
    auto lane = message_lane::nobody;
    for (auto const& each : by.messages)
        if (is_for(each, topic)) lane = std::min(lane, each.lane);
    return lane;
}

// Of the rules that the message may have been meant for, one that tells where the id stands.
message_rule const* rule_with_device(files::device_mapping const& by, std::string_view topic) {
    for (auto const& each : by.messages)
        if (is_for(each, topic) && each.lane != message_lane::nobody) return &each;
    return nullptr;
}

bool reads_plain_text(message_rule const& rule) {
    return std::ranges::any_of(rule.when, [](auto const& each) { return each.at.tokens.empty(); });
}

std::optional<std::uint64_t> count_in(found const& told) {
    std::uint64_t value = 0;
    auto const* last = told.text.data() + told.text.size();
    auto const [end, error] = std::from_chars(told.text.data(), last, value);
    if (!told || error != std::errc{} || end != last) return std::nullopt;
    return value;
}

// One message of a device, or one item of its list. `is_whole` falls when something was told that
// could not be read.
class item_reading {
public:
    item_reading(files::device_mapping const& by, message_rule const& rule,
                 json_document const& document, message const& what, std::chrono::minutes offset,
                 json_document::item item, std::size_t index)
        : by_(by), rule_(rule), document_(document), what_(what), offset_(offset), item_(item),
          index_(index),
          is_readable_(document.is_json() || (document.is_plain() && reads_plain_text(rule))),
          is_whole_(is_readable_) {}

    bool is_whole() const { return is_whole_; }

    domain::device_id device() {
        std::string id;
        if (rule_.device)
            id = text_at(*rule_.device);
        else if (auto const level = files::match_topic(rule_.topic, what_.topic))
            id = *level;
        auto name = by_.name + '.' + id;
        if (!id.empty() && wire::is_valid_id(name)) return {std::move(name)};
        is_whole_ = false;
        return nameless(by_.name);
    }

    domain::event_id event(domain::device_id const& device) {
        auto const& names = rule_.event;
        if (names.id)
            if (auto const id = text_at(*names.id); !id.empty())
                return wire::event_id_by_name(device, rule_.topic + '\n' + id);
        if (names.sequence) {
            auto const sequence = count_in(told_at(*names.sequence));
            auto const boot =
                names.boot ? count_in(told_at(*names.boot)) : std::optional<std::uint64_t>(0);
            if (sequence && boot) return domain::make_event_id(device, {*boot, *sequence});
        }
        auto content = std::string(what_.topic) + '\n' + std::string(what_.bytes);
        if (item_) content += '\n' + std::to_string(index_);
        return wire::event_id_by_content(device, content, what_.received_at, rule_.same_within);
    }

    std::optional<domain::instant> time() {
        if (!rule_.time) return std::nullopt;
        auto const told = told_at(rule_.time->at);
        if (!told) return std::nullopt;
        auto const at = read_time(told.text, *rule_.time, offset_);
        if (!at && told.text != "0" && !told.text.empty()) is_whole_ = false;
        return at;
    }

    // Zeros, empty texts and no position at all are what devices send indoors.
    std::optional<domain::position> fix() {
        if (!rule_.position) return std::nullopt;
        auto const latitude = number_at(rule_.position->latitude);
        auto const longitude = number_at(rule_.position->longitude);
        if (!latitude || !longitude) return std::nullopt;
        domain::position place{*latitude, *longitude, 0, rule_.position->source};
        if (rule_.position->accuracy) {
            auto const accuracy = number_at(*rule_.position->accuracy);
            if (accuracy && *accuracy >= 0 && *accuracy < 1e7) place.accuracy_m = *accuracy;
        }
        return domain::usable(place);
    }

    std::optional<int> battery() {
        auto const percent = rule_.battery ? number_at(*rule_.battery) : std::nullopt;
        if (!percent) return std::nullopt;
        if (!(*percent >= 0 && *percent <= full_battery)) {
            is_whole_ = false;
            return std::nullopt;
        }
        if (*percent < 1) return std::nullopt;
        return static_cast<int>(*percent);
    }

    // Nothing: the mapping says that the value means nothing. A call for help is picked out of
    // broken text; its taking back must have been said whole.
    std::optional<signal_kind> kind() {
        auto const said = kind_said();
        bool const disturbs_nobody =
            !said || *said == signal_kind::fall_cancelled || *said == signal_kind::cleared;
        if (disturbs_nobody && !is_readable_) return signal_kind::unreadable;
        return said;
    }

    std::string text() {
        std::string told;
        if (rule_.text) told = text_at(*rule_.text);
        if (!wire::is_utf8(told)) is_whole_ = false;
        if (!unknown_kind_.empty()) told += told.empty() ? unknown_kind_ : "; " + unknown_kind_;
        return wire::clean_text(told, longest_text);
    }

    void vitals(std::optional<domain::instant> at, std::vector<domain::vital>& into) {
        for (auto const& each : rule_.vitals) {
            auto const value = number_at(each.at);
            if (!value || (each.not_measured && *value == *each.not_measured)) continue;
            auto const measured = *value * each.times;
            if (domain::is_possible(each.what, measured))
                into.push_back({at, each.what, measured});
            else
                is_whole_ = false;
        }
    }

private:
    std::optional<signal_kind> kind_said() {
        if (rule_.kind.always) return rule_.kind.always;
        auto const told = told_at(rule_.kind.at);
        for (auto const& each : rule_.kind.values)
            if (told && same_word(each.value, told.text)) return each.kind;
        is_whole_ = false;
        auto const value = wire::clean_text(told.text, longest_quote);
        unknown_kind_ =
            told ? fmt::format("{}: \"{}\" at {} is not in the mapping", by_.name, value,
                               rule_.kind.at.text)
                 : fmt::format("{}: nothing at {} says what it is", by_.name, rule_.kind.at.text);
        return signal_kind::unreadable;
    }

    found told_at(files::json_pointer const& where) {
        auto told = document_.at(where, item_);
        if (told.is_wrong) is_whole_ = false;
        return told;
    }
    std::string text_at(files::json_pointer const& where) { return told_at(where).text; }
    std::optional<double> number_at(files::json_pointer const& where) {
        auto const told = told_at(where);
        auto const number = told ? told.number() : std::nullopt;
        if (told && !number && !told.text.empty()) is_whole_ = false;
        return number;
    }

    files::device_mapping const& by_;
    message_rule const& rule_;
    json_document const& document_;
    message const& what_;
    std::chrono::minutes const offset_;
    json_document::item const item_;
    std::size_t const index_;
    bool const is_readable_;
    bool is_whole_;
    std::string unknown_kind_;
};

domain::signal unreadable(domain::device_id device, message const& what, std::string text) {
    domain::signal s;
    auto const content = std::string(what.topic) + '\n' + std::string(what.bytes);
    s.event = wire::event_id_by_content(device, content, what.received_at);
    s.device = std::move(device);
    s.kind = signal_kind::unreadable;
    s.door = what.door;
    s.received_at = what.received_at;
    s.text = wire::clean_text(text, longest_text);
    s.raw = what.bytes.substr(0, most_raw);
    s.is_awaited = false;
    return s;
}

// Everything that a message says, by its rule.
class whole_reading {
public:
    whole_reading(files::device_mapping const& by, message_rule const& rule,
                  json_document const& document, message const& what, std::chrono::minutes offset)
        : by_(by), rule_(rule), document_(document), what_(what), offset_(offset) {
        if (!rule.each) {
            items_ = {nullptr};
        } else if (auto all = document.items(*rule.each)) {
            items_ = std::move(*all);
        } else {
            items_ = {nullptr}; // no list: what stands beside it may still be read
            complete_ = false;
        }
    }

    void take_signals(std::vector<domain::signal>& into) {
        auto const count = std::min(items_.size(), most_signals);
        for (std::size_t i = 0; i < count; ++i) {
            auto item = reading_of(i);
            take_signal(item, items_[i], into);
        }
        if (count == items_.size()) return;
        auto const text = fmt::format("{}: {} items in one message, {} were read", by_.name,
                                      items_.size(), count);
        into.push_back(
            unreadable(into.empty() ? nameless(by_.name) : into.back().device, what_, text));
    }

    void take_telemetry(std::vector<domain::telemetry>& into) {
        domain::telemetry t;
        t.received_at = what_.received_at;
        auto const count = std::min(items_.size(), most_samples);
        bool whole = complete_ && count == items_.size();
        for (std::size_t i = 0; i < count; ++i) {
            auto item = reading_of(i);
            if (i == 0) name(t, item);
            auto const at = item.time();
            item.vitals(at, t.vitals);
            if (auto const where = item.fix()) t.fixes.push_back({at, *where});
            if (auto const percent = item.battery()) t.battery.push_back({at, *percent});
            whole = whole && item.is_whole();
        }
        if (count == 0) {
            item_reading none(by_, rule_, document_, what_, offset_, nullptr, 0);
            name(t, none);
        }
        if (!whole) t.raw = what_.bytes.substr(0, most_raw);
        into.push_back(std::move(t));
    }

private:
    item_reading reading_of(std::size_t i) const {
        return {by_, rule_, document_, what_, offset_, items_[i], i};
    }

    static void name(domain::telemetry& t, item_reading& item) {
        t.device = item.device();
        t.event = item.event(t.device);
    }

    void take_signal(item_reading& item, json_document::item in_list,
                     std::vector<domain::signal>& into) {
        domain::signal s;
        s.device = item.device();
        s.event = item.event(s.device);
        s.door = what_.door;
        s.received_at = what_.received_at;
        s.happened_at = item.time();
        s.fix = item.fix();
        s.battery_percent = item.battery();
        s.is_awaited = false; // a maker's device knows nothing of our receipts
        auto const kind = complete_ ? item.kind() : signal_kind::unreadable;
        if (!kind) return;
        s.kind = *kind;
        s.text = item.text();
        bool const understood = item.is_whole() && complete_ && s.kind != signal_kind::unreadable;
        if (!understood) s.raw = raw_of(in_list);
        into.push_back(std::move(s));
    }

    // The first of a list has all of it, the others what is theirs: a list of hundreds would be
    // kept hundreds of times.
    std::string raw_of(json_document::item in_list) {
        if (!in_list || !std::exchange(whole_is_kept_, true))
            return std::string(what_.bytes.substr(0, most_raw));
        auto text = json_document::text_of(in_list).substr(0, most_raw - raw_of_items_);
        raw_of_items_ += text.size();
        return text;
    }

    files::device_mapping const& by_;
    message_rule const& rule_;
    json_document const& document_;
    message const& what_;
    std::chrono::minutes const offset_;
    std::vector<json_document::item> items_;
    bool complete_ = true;
    bool whole_is_kept_ = false;
    std::size_t raw_of_items_ = 0;
};

reading unknown_message(files::device_mapping const& by, json_document const& document,
                        message const& what, std::chrono::minutes offset) {
    auto device = nameless(by.name);
    if (auto const* like = rule_with_device(by, what.topic))
        device = item_reading(by, *like, document, what, offset, nullptr, 0).device();
    reading r;
    if (lane_without_rule(by, what.topic) == message_lane::telemetry) {
        domain::telemetry t;
        t.event = wire::event_id_by_content(device, what.bytes, what.received_at);
        t.device = std::move(device);
        t.received_at = what.received_at;
        t.raw = what.bytes.substr(0, most_raw);
        r.telemetry.push_back(std::move(t));
        return r;
    }
    auto const text = fmt::format("{}: no rule of the mapping is for this message", by.name);
    r.signals.push_back(unreadable(std::move(device), what, text));
    return r;
}

} // namespace

reading read_message(files::device_mapping const& by, message const& what,
                     std::chrono::minutes utc_offset) {
    try {
        json_document const document(what.bytes);
        auto const* rule = rule_for(by, what.topic, document);
        if (!rule) return unknown_message(by, document, what, utc_offset);
        reading r;
        whole_reading all(by, *rule, document, what, utc_offset);
        if (rule->lane == message_lane::signals) all.take_signals(r.signals);
        if (rule->lane == message_lane::telemetry) all.take_telemetry(r.telemetry);
        return r;
    } catch (std::exception const& error) {
        // A fault of ours in reading one message must not hold up all that come after it.
        reading r;
        r.signals.push_back(unreadable(nameless(by.name), what, error.what()));
        return r;
    }
}

files::message_lane lane_of(files::device_mapping const& by, std::string_view topic,
                            std::string_view bytes) {
    auto const otherwise = lane_without_rule(by, topic);
    bool const same = std::ranges::all_of(by.messages, [&](message_rule const& each) {
        return !is_for(each, topic) || each.lane == otherwise;
    });
    if (same) return otherwise;
    json_document const document(bytes);
    auto const* rule = rule_for(by, topic, document);
    return rule ? rule->lane : otherwise;
}

domain::signal read_unmapped(std::string_view mapping, message const& what) {
    return unreadable(nameless(mapping), what,
                      fmt::format("the mapping {} is gone: put its file back", mapping));
}

domain::device_id nameless(std::string_view mapping) {
    return {std::string(mapping) + ".unnamed"};
}

} // namespace linli::mapped
