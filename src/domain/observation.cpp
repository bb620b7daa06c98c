#include "domain/observation.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "domain/clock_lag.hpp"
#include "domain/news2_parts.hpp"

namespace linli::domain {

namespace {

constexpr std::string_view outside_rule = "outside";
constexpr std::string_view inside_rule = "in.";
constexpr std::string_view silence_rule = "silence";
constexpr std::string_view water_rule = "water";
constexpr std::string_view bed_rule = "bed.";
constexpr std::string_view news2_rule = "news2";
constexpr std::string_view clock_rule = "clock.";

// The start of a silence is only written so often: a sensor may see somebody each minute. So an
// alert may come by so much too early.
constexpr minutes coarse{10};
// A pressure that is measured by hand three times a day tells each time of the day; whoever walks
// about outside is far in half an hour.
constexpr hours vitals_again{1};
constexpr minutes outside_again{30};

// How far the device's times have to be moved to be ours.
class reckoning {
public:
    explicit reckoning(telemetry const& t) : received_(t.received_at) {
        auto const late = behind(t);
        if (late && (*late < duration(0) || *late > wrong_clock)) shift_ = *late;
    }

    // The measurements that still say something, the oldest first.
    template <class T>
    std::vector<std::pair<instant, T>> in_order(std::vector<T> const& all) const {
        std::vector<std::pair<instant, T>> fresh;
        for (auto const& each : all) {
            auto const at = each.at ? *each.at + shift_ : received_;
            if (received_ - at <= still_true_for) fresh.emplace_back(at, each);
        }
        std::ranges::stable_sort(fresh, {}, [](auto const& each) { return each.first; });
        return fresh;
    }

private:
    instant received_;
    duration shift_{0};
};

// The row remembers it from one message to the next.
bool has_wrong_clock(dwell& row, device_id const& by, instant received, duration late) {
    using row_seconds = std::chrono::duration<double>;
    clock_lag const before{row.since, std::chrono::round<duration>(row_seconds(row.value)),
                           row.told};
    auto const now = hear(before, received, late);
    if (now == before) return now.is_steady;
    row.device = by;
    row.last_at = received;
    row.since = now.since;
    row.value = row_seconds(now.behind).count();
    row.told = now.is_steady;
    return now.is_steady;
}

telemetry moved(telemetry what, duration by) {
    auto const move = [by](auto& all) {
        for (auto& each : all)
            if (each.at) *each.at += by;
    };
    move(what.vitals), move(what.fixes), move(what.activities);
    return what;
}

struct words {
    vital_sign what;
    std::string_view name;
    std::string_view unit;
};
constexpr std::array vital_words{
    words{vital_sign::heart_rate, "心率", " 次/分"},
    words{vital_sign::respiratory_rate, "呼吸", " 次/分"},
    words{vital_sign::oxygen_saturation, "血氧", "%"},
    words{vital_sign::body_temperature, "体温", " ℃"},
    words{vital_sign::systolic_pressure, "收缩压", " mmHg"},
    words{vital_sign::diastolic_pressure, "舒张压", " mmHg"},
    words{vital_sign::weight, "体重", " kg"},
    words{vital_sign::steps, "步数", ""},
    words{vital_sign::glucose, "血糖", " mg/dL"},
};

words const& words_of(vital_sign what) {
    return *std::ranges::find(vital_words, what, &words::what);
}

std::string_view name_of(news2_part part) {
    constexpr std::array<std::string_view, 7> names{"呼吸", "血氧", "吸氧", "收缩压",
                                                    "心率", "意识", "体温"};
    return names.at(static_cast<std::size_t>(part));
}

std::string number_text(double value) {
    std::array<char, 32> text;
    auto const rounded =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4);
    return {text.data(), rounded.ptr};
}

std::string duration_text(duration d) {
    auto const whole = std::chrono::floor<minutes>(d).count();
    if (whole < 60) return std::to_string(whole) + " 分钟";
    auto text = std::to_string(whole / 60) + " 小时";
    if (whole % 60 != 0) text += ' ' + std::to_string(whole % 60) + " 分钟";
    return text;
}

std::string points_in_words(int points) {
    return "NEWS2 部分评分 " + std::to_string(points) + " 分";
}

std::string in_words(news2_score const& score) {
    auto text = points_in_words(score.points);
    auto separator = "，缺 ";
    for (auto const part : score.missing) {
        text += separator + std::string(name_of(part));
        separator = "、";
    }
    return text;
}

// "heart_rate.high" back again.
std::optional<std::pair<vital_sign, limit_side>> limit_named(std::string_view rule) {
    auto const dot = rule.find('.');
    auto const what = from_text<vital_sign>(rule.substr(0, dot));
    if (!what || dot == std::string_view::npos) return std::nullopt;
    return std::pair{*what, rule.substr(dot) == ".high" ? limit_side::high : limit_side::low};
}

// Since when it has been so, also if it is told again.
instant begin_of(dwell const& row, crossing const& what) {
    return what.began ? row.began_at.value_or(what.since) : what.since;
}

signal_kind kind_of(std::string_view rule) {
    if (rule == outside_rule || rule.starts_with(inside_rule)) return signal_kind::fence;
    if (rule == silence_rule || rule == water_rule) return signal_kind::inactivity;
    if (rule.starts_with(bed_rule)) return signal_kind::bed;
    return signal_kind::vitals;
}

} // namespace

observation::observation(thresholds const& agreed, minutes utc_offset, std::vector<dwell> rows)
    : agreed_(agreed), utc_offset_(utc_offset) {
    for (auto& each : rows) {
        key const name{each.about, each.rule};
        before_.emplace(name, each);
        rows_.emplace(name, std::move(each));
    }
}

dwell& observation::row_of(subject const& about, std::string const& rule, device_id const& device) {
    key const name{about, rule};
    auto const [at, is_new] = rows_.try_emplace(name);
    if (is_new) {
        at->second.about = about;
        at->second.rule = rule;
        at->second.device = device;
        before_.emplace(name, at->second);
    }
    return at->second;
}

std::vector<dwell> observation::changed() const {
    std::vector<dwell> all;
    for (auto const& [name, row] : rows_)
        if (is_worth_keeping(before_.at(name), row)) all.push_back(row);
    return all;
}

inactivity_profile observation::profile_of(care const& of) const {
    auto profile = agreed_.inactivity;
    if (!of.parts.empty()) profile.parts = of.parts;
    return profile;
}

std::optional<vital_limit> observation::limit_of(care const& of, vital_sign what) const {
    std::optional<vital_limit> limit;
    auto const usual = std::ranges::find(agreed_.vitals, what, &vital_limit::what);
    if (usual != agreed_.vitals.end()) limit = *usual;
    auto const own = std::ranges::find(of.limits, what, &own_limit::what);
    if (own == of.limits.end()) return limit;
    if (!limit) limit = vital_limit{what, {}, {}, 0, seconds{0}};
    limit->low = own->low;
    limit->high = own->high;
    limit->lasting = own->lasting.value_or(limit->lasting);
    return limit;
}

dwell_times observation::times_of(care const& of, std::string const& rule) const {
    auto const& fence = agreed_.fence;
    if (rule == outside_rule) return {fence.outside, fence.back, outside_again};
    if (rule.starts_with(inside_rule)) return {fence.forbidden, fence.back, outside_again};
    if (rule == news2_rule) return {agreed_.news2_lasting, duration{0}, vitals_again};
    if (rule.starts_with(bed_rule)) {
        auto const out = profile_of(of).out_of_bed;
        return {out, duration{0}, out, true}; // a bed says nothing while nobody lies in it
    }
    auto const which = limit_named(rule);
    auto const limit = which ? limit_of(of, which->first) : std::nullopt;
    return {limit ? duration(limit->lasting) : duration{0}, duration{0}, vitals_again};
}

void observation::take(care const& of, telemetry const& told) {
    auto const rule = std::string(clock_rule) + told.device.value;
    auto const late = behind(told);
    bool const is_late = late && (*late > still_true_for || rows_.contains({of.about, rule}));
    bool const is_wrong =
        is_late && has_wrong_clock(row_of(of.about, rule, of.device), of.device, //
                                   told.received_at, *late);
    std::optional<telemetry> as_of_now;
    if (is_wrong) as_of_now = moved(told, *late);
    auto const& what = as_of_now ? *as_of_now : told;
    if (of.about.kind == subject_kind::resident) {
        take_vitals(of, what);
        take_news2(of, what);
        take_fixes(of, what);
    }
    take_activities(of, what);
}

void observation::take_vitals(care const& of, telemetry const& what) {
    for (auto const& [at, v] : reckoning(what).in_order(what.vitals)) {
        auto const limit = is_measurement(v) ? limit_of(of, v.what) : std::nullopt;
        if (!limit) continue;
        for (auto const side : {limit_side::low, limit_side::high}) {
            auto const& bound = side == limit_side::low ? limit->low : limit->high;
            if (!bound) continue;
            auto const rule = rule_of(v.what, side);
            auto& row = row_of(of.about, rule, of.device);
            auto const says = is_beyond(*limit, side, v.value, row);
            if (at > row.last_at) row.value = v.value;
            auto const found = judge(row, says, of.device, at, times_of(of, rule));
            if (!found) continue;
            say(row, *found, what.received_at,
                (side == limit_side::low ? "，低于 " : "，高于 ") + number_text(*bound) + "，已 " +
                    duration_text(at - begin_of(row, *found)) + "；" +
                    in_words(news2(news2_input_of(what.vitals))));
        }
    }
}

// The points of a part of the score are a lower bound, so many of them are enough; few of them
// clear nobody unless all that was bad last is known again.
void observation::take_news2(care const& of, telemetry const& what) {
    if (agreed_.news2_points == 0) return;
    auto const fresh = reckoning(what).in_order(what.vitals);
    if (fresh.empty()) return;
    std::vector<vital> vitals;
    for (auto const& each : fresh)
        vitals.push_back(each.second);
    constexpr std::size_t fewest_parts = 2;
    auto const score = news2(news2_input_of(vitals));
    if (all_news2_parts - score.missing.size() < fewest_parts) return;
    std::string const rule(news2_rule);
    auto& row = row_of(of.about, rule, of.device);
    auto const at = fresh.back().first;
    auto const parts = news2_parts_of(vitals);
    bool const bad = score.points >= agreed_.news2_points;
    bool const knows_less = (bad_score_of(row).parts & ~parts.known) != 0;
    if (bad && at > row.last_at) row.value = in_one({score.points, parts.bad});
    auto const good = knows_less ? finding::undecided : finding::no;
    auto const found = judge(row, bad ? finding::yes : good, of.device, at, times_of(of, rule));
    if (!found) return;
    auto const told = bad || !found->began
                          ? in_words(score)
                          : points_in_words(bad_score_of(row).points) + "，其后所测不全";
    say(row, *found, what.received_at, told + "，已 " + duration_text(at - begin_of(row, *found)));
}

void observation::take_fixes(care const& of, telemetry const& what) {
    if (of.zones.empty()) return;
    for (auto const& [at, fix] : reckoning(what).in_order(what.fixes))
        take_fix(of, fix.where, at, what.received_at);
}

void observation::take_fix(care const& of, position const& where, instant at, instant received) {
    auto const radius = radius_of(where, agreed_.fence);
    bool is_lost = false; // and has been
    auto const take = [&](std::string const& rule, finding says) {
        auto& row = row_of(of.about, rule, of.device);
        if (at <= row.last_at) return;
        bool const new_minute =
            std::chrono::floor<minutes>(at) != std::chrono::floor<minutes>(row.last_at);
        row.place = where;
        auto const found = judge(row, says, of.device, at, times_of(of, rule));
        if (found)
            say(row, *found, received);
        else
            is_lost = is_lost || (row.told && new_minute);
    };
    take(std::string(outside_rule), is_outside(of.zones, where, radius));
    for (auto const& each : of.zones)
        if (each.kind == zone_kind::forbidden)
            take(std::string(inside_rule) + each.name, is_inside(each, where, radius));
    if (!is_lost) return;
    // One a minute is enough to follow somebody who walks.
    signal s;
    s.event = observed_event_id(of.device, "at", {true, std::chrono::floor<minutes>(at)});
    s.device = of.device;
    s.kind = signal_kind::position;
    s.door = observed_door;
    s.happened_at = at;
    s.received_at = received;
    s.fix = where;
    signals_.push_back(std::move(s));
}

void observation::take_activities(care const& of, telemetry const& what) {
    for (auto const& [at, each] : reckoning(what).in_order(what.activities)) {
        if (each.what == activity_kind::water)
            take_water(of, each, at);
        else
            take_motion(of, each, at);
        bool const of_bed = each.what == activity_kind::in_bed || //
                            each.what == activity_kind::out_of_bed;
        if (of_bed) take_bed(of, each, at);
    }
}

// A silence begins where somebody was last heard of. What else than motion and doors tells of
// somebody ends it too, but begins none: nobody is missed by a bed alone.
void observation::take_motion(care const& of, activity const& what, instant at) {
    std::string const rule(silence_rule);
    bool const begins = what.what == activity_kind::motion || what.what == activity_kind::door;
    if (!begins && !rows_.contains({of.about, rule})) return;
    auto& row = row_of(of.about, rule, of.device);
    if (at <= row.last_at) return;
    bool const fresh = row.since && !row.told && at - *row.since < coarse;
    if (fresh) return;
    row.last_at = at;
    row.device = of.device;
    if (row.told) {
        domain::forget(row);
        say(row, {false, at}, at);
    }
    row.since = at;
    row.due_at = too_long_at(profile_of(of), at, utc_offset_);
}

// Judged by what the meter tells, never by its silence: a meter without a network uses no water.
void observation::take_water(care const& of, activity const& what, instant at) {
    auto const profile = profile_of(of);
    auto& row = row_of(of.about, std::string(water_rule), of.device);
    if (at <= row.last_at) return;
    row.last_at = at;
    row.device = of.device;
    row.value += what.litres;
    bool const enough = row.value >= profile.least_litres;
    if (row.told && enough) {
        domain::forget(row);
        say(row, {false, at}, at);
    }
    if (enough || !of.is_present || !row.since) {
        row.since = at;
        row.value = 0;
    } else if (at - *row.since >= profile.water_within) {
        crossing const found{true, *row.since};
        if (!row.told) row.began_at = row.since;
        row.told = true;
        say(row, found, at, duration_text(at - *row.began_at));
        row.since = at; // told again after as long
        row.value = 0;
    }
}

void observation::take_bed(care const& of, activity const& what, instant at) {
    auto const profile = profile_of(of);
    auto const rule = std::string(bed_rule) + of.device.value;
    auto& row = row_of(of.about, rule, of.device);
    bool const night =
        is_within(profile.night_from, profile.night_until, minute_of_day(at, utc_offset_));
    auto says = finding::no;
    if (what.what == activity_kind::out_of_bed)
        says = night && of.is_present ? finding::yes : finding::undecided;
    auto const times = times_of(of, rule);
    if (auto const found = judge(row, says, of.device, at, times)) say(row, *found, at);
}

// A limit or a zone may have been taken back since.
bool observation::is_agreed(care const& of, std::string const& rule) const {
    if (rule == outside_rule) return !of.zones.empty();
    if (rule.starts_with(inside_rule))
        return std::ranges::any_of(of.zones, [&](zone const& z) {
            return z.kind == zone_kind::forbidden && rule.substr(inside_rule.size()) == z.name;
        });
    if (rule == news2_rule) return agreed_.news2_points > 0;
    if (rule.starts_with(bed_rule)) return rule.substr(bed_rule.size()) == of.device.value;
    auto const which = limit_named(rule);
    if (!which) return true;
    auto const limit = limit_of(of, which->first);
    return limit && (which->second == limit_side::low ? limit->low : limit->high);
}

void observation::look(care const& of, std::string const& rule, instant now) {
    if (!is_agreed(of, rule)) return forget(of.about, rule);
    auto& row = row_of(of.about, rule, of.device);
    if (!row.due_at || now < *row.due_at) return;
    row.device = of.device; // another has taken the place of the one that told last
    if (rule == silence_rule) return look_at_silence(of, row, now);
    if (rule.starts_with(bed_rule)) return look_at_bed(of, row, now);
    auto const found = domain::look(row, now, times_of(of, rule));
    if (!found) return;
    auto const which = limit_named(rule);
    std::string extra;
    if (which) extra = which->second == limit_side::low ? "，过低" : "，过高";
    if (rule == news2_rule) extra = points_in_words(bad_score_of(row).points);
    if (kind_of(rule) == signal_kind::vitals)
        extra += "，自 " + local(found->since) + " 起，其后再无测量";
    say(row, *found, now, extra);
}

// Nobody who is away is missed: the time begins anew, until somebody is there.
void observation::look_at_silence(care const& of, dwell& row, instant now) {
    auto const profile = profile_of(of);
    if (!of.is_present) {
        row.since = now;
        row.due_at = too_long_at(profile, now, utc_offset_);
        return;
    }
    // The profile may have been changed since.
    row.due_at = too_long_at(profile, *row.since, utc_offset_);
    if (!row.due_at || now < *row.due_at) return;
    crossing const found{true, *row.since};
    if (!row.told) row.began_at = row.last_at; // the time may have been counted from later
    row.told = true;
    row.since = now; // whoever answered the telephone may fall after it: told again after as long
    row.due_at = too_long_at(profile, now, utc_offset_);
    say(row, found, now);
}

void observation::look_at_bed(care const& of, dwell& row, instant now) {
    auto const profile = profile_of(of);
    auto const minute = minute_of_day(*row.due_at, utc_offset_);
    if (!of.is_present || !is_within(profile.night_from, profile.night_until, minute)) {
        domain::forget(row); // up in the morning
        return;
    }
    if (auto const found = domain::look(row, now, times_of(of, row.rule))) say(row, *found, now);
}

void observation::forget(subject const& about, std::string const& rule) {
    auto const at = rows_.find({about, rule});
    if (at != rows_.end()) domain::forget(at->second);
}

// 14:05
std::string observation::local(instant at) const {
    auto const minute = minute_of_day(at, utc_offset_);
    auto const two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(minute / 60) + ':' + two(minute % 60);
}

namespace {

// The words of a signal; `since` in local time, `so_far` if it is told again.
std::string told_of(dwell const& row, crossing const& what, std::string const& since,
                    std::string const& so_far, std::string const& extra) {
    if (row.rule == outside_rule) {
        if (!so_far.empty()) return "又在约定区域之外：自 " + since + " 起未见返回" + so_far;
        return what.began ? "自 " + since + " 起在约定区域之外"
                          : "自 " + since + " 起已回到约定区域";
    }
    if (row.rule.starts_with(inside_rule)) {
        auto const zone = row.rule.substr(inside_rule.size());
        if (!what.began) return "已离开禁入区域 " + zone;
        return "自 " + since + " 起在禁入区域 " + zone + so_far;
    }
    if (row.rule == silence_rule)
        return what.began ? "自 " + since + " 起家中无活动" + so_far : "家中又有活动";
    if (row.rule == water_rule) return what.began ? extra + "内几乎没有用水" : "又有用水";
    if (row.rule.starts_with(bed_rule))
        return what.began ? "夜间自 " + since + " 起离床" + so_far : "已回到床上";
    if (row.rule == news2_rule) return what.began ? extra : "部分评分已回落：" + extra;
    auto const limit = limit_named(row.rule);
    if (!limit) return row.rule;
    auto const& w = words_of(limit->first);
    auto const value = std::string(w.name) + ' ' + number_text(row.value) + std::string(w.unit);
    return what.began ? value + extra : value + "，已恢复";
}

} // namespace

void observation::say(dwell const& row, crossing const& what, instant now, std::string extra) {
    signal s;
    s.event = observed_event_id(row.device, row.rule, what);
    s.device = row.device;
    s.kind = what.began ? kind_of(row.rule) : signal_kind::cleared;
    s.door = observed_door;
    s.happened_at = what.since;
    s.received_at = now;
    s.fix = row.place;
    auto const begin = begin_of(row, what);
    auto const so_far = begin == what.since ? "" : "，已 " + duration_text(now - begin);
    s.text = told_of(row, what, local(begin), so_far, extra);
    signals_.push_back(std::move(s));
}

} // namespace linli::domain
