#include "cli/coverage_text.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace linli::cli {

using app::coverage_gap;
using app::coverage_report;
using app::gap_kind;
using app::gap_reason;
using app::mender;
using app::mender_kind;

namespace {

constexpr std::array<reason_words, 16> all_words{{
    {"联系人不足，周围也没有全天可上门的人员", "Too few contacts, and nobody near round the clock",
     "补登联系人或更正联系不上的号码，或安排可达范围内的夜间值班人员",
     "register contacts, correct numbers that were not reached, or a night shift within reach"},
    {"登记为不在家，家中却连日有活动：无活动预警已暂停",
     "Nobody present, but somebody moves there: "
     "silence is not watched",
     "电话核实老人是否已回家，更正其状态", "ring whether he is home again; correct his status"},
    {"登记为不在家已久，无活动预警一直暂停", "Nobody present for long: silence is not watched",
     "核实老人去向，更正其状态", "find out where he is; correct his status"},
    {"住所没有坐标", "Home without a position", "上门核实地址，登记坐标和门口照片",
     "go there; register the position, with a photo of the door"},
    {"地址未核实", "Address not verified", "上门核实，登记日期和核实人",
     "go there; register the day and who went"},
    {"没有备用钥匙", "No spare key", "经老人同意确定钥匙保管人并登记",
     "agree with the resident on who keeps a key; register it"},
    {"钥匙从未试开", "Key never tried", "用钥匙试开一次，登记日期", "open the door with it once"},
    {"钥匙试开已过期", "Key tried too long ago", "重新试开，登记日期", "try it again"},
    {"无人接听时段", "Hours with no desk open", "安排值班坐席，或延长指挥中心时间",
     "open a desk in these hours"},
    {"无人上门时段", "Hours with nobody to go", "安排持证人员值班，或签约邻近服务商",
     "put somebody with the certificate on duty within reach"},
    {"设备从未上报", "Device never heard of", "上门通电、联网并按键测试", "go there, press it"},
    {"设备失联", "Device silent", "电话询问，上门检查电源、信号和SIM卡",
     "ring, then check power, network and SIM card"},
    {"服务商从未测试", "Provider never tested", "发一张测试工单，确认能接单",
     "send a test order and see it accepted"},
    {"服务商从不回复", "Provider never replied", "电话联系负责人，检查接单终端",
     "ring the person in charge; check what receives the offers"},
    {"没有合成老人，全流程无人自检", "No synthetic resident proves the whole way",
     "登记合成老人和合成服务人员（synthetic 列），常开 linli synthetic",
     "enter a resident and a worker with yes in the column synthetic; keep \"linli synthetic\" "
     "running"},
    {"投诉超期未办结", "Complaint overdue", "答复投诉人并记下其是否认可（管理 › 投诉）",
     "answer whoever complained, and write down that it was accepted (administration, complaints)"},
}};

constexpr std::array<std::string_view, 9> kinds_zh{"预案", "地址",   "钥匙", "坐席", "上门",
                                                   "设备", "服务商", "自检", "投诉"};

std::string_view who_zh(mender_kind kind) {
    switch (kind) {
    case mender_kind::site:
        return "站点 site";
    case mender_kind::provider:
        return "服务商 provider";
    case mender_kind::supervisor:
        return "督导 supervisor";
    case mender_kind::area_officer:
        break;
    }
    return "街道社区专员 area officer";
}

std::string date_text(std::chrono::sys_days day) {
    std::chrono::year_month_day const d(day);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

std::string clock_text(domain::instant at, domain::minutes utc_offset) {
    auto const minute = domain::minute_of_day(at, utc_offset);
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

std::string detail_of(coverage_gap const& gap, domain::minutes utc_offset) {
    if (!gap.hours.empty()) return hours_text(gap.hours, utc_offset);
    if (gap.why == gap_reason::complaint_overdue && gap.since) // due at the end of a day
        return "期限 due " + date_text(app::local_day(*gap.since - domain::seconds(1), utc_offset));
    if (gap.since) return "最后 last " + date_text(app::local_day(*gap.since, utc_offset));
    if (gap.why == gap_reason::few_contacts) return fmt::format("联系人 contacts {}", gap.figure);
    if (gap.why == gap_reason::provider_never_replied)
        return fmt::format("派单 offers {}", gap.figure);
    return "";
}

void add_reason(std::string& to, coverage_report const& report, gap_reason why,
                domain::minutes utc_offset, std::size_t rows) {
    std::size_t count = 0;
    std::string lines;
    for (auto const& each : report.gaps) {
        if (each.why != why || ++count > rows) continue;
        lines += fmt::format("  {:<24}  {:<12}  → {} {}  {}\n", each.subject, each.area.value,
                             who_zh(each.who.kind), each.who.id, detail_of(each, utc_offset));
    }
    if (count == 0) return;
    auto const& words = words_of(why);
    to += fmt::format("\n[{}] {} / {}: {}\n  补救 Remedy: {} / {}\n{}", domain::to_text(why),
                      words.zh, words.en, count, words.remedy_zh, words.remedy_en, lines);
    if (count > rows) to += fmt::format("  … 还有 {} 项 more\n", count - rows);
}

} // namespace

reason_words const& words_of(gap_reason why) {
    return all_words[static_cast<std::size_t>(why)];
}

std::string_view name_zh(gap_kind kind) {
    return kinds_zh[static_cast<std::size_t>(kind)];
}

std::string hours_text(std::vector<app::time_range> const& hours, domain::minutes utc_offset) {
    std::vector<std::pair<std::string, int>> seen;
    for (auto const& each : hours) {
        if (each.until - each.from >= std::chrono::days(7)) return "全天 all hours";
        auto const text =
            clock_text(each.from, utc_offset) + "–" + clock_text(each.until, utc_offset);
        auto const at = std::ranges::find(seen, text, &std::pair<std::string, int>::first);
        if (at == seen.end())
            seen.emplace_back(text, 1);
        else
            ++at->second;
    }
    std::string all;
    for (auto const& [text, times] : seen)
        all += fmt::format("{}{} ×{}", all.empty() ? "" : ", ", text, times);
    return all;
}

std::string to_text(coverage_report const& report, domain::minutes utc_offset, std::size_t rows) {
    auto text = fmt::format(
        "今晚 Tonight {} {} · 覆盖检查 coverage\n"
        "老人 residents {}  住所 homes {}  设备 devices {}  服务商 providers {}  人员 workers {}\n"
        "缺口 gaps: {}\n",
        date_text(report.day), clock_text(report.made_at, utc_offset), report.residents,
        report.homes, report.devices, report.providers, report.workers, report.gaps.size());
    for (auto const& [kind, count] : report.counts())
        text += fmt::format("  {:<10}{:>8}  {}\n", domain::to_text(kind), count, name_zh(kind));
    std::map<mender, int> menders;
    for (auto const& each : report.gaps)
        ++menders[each.who];
    std::vector<std::pair<mender, int>> busiest(menders.begin(), menders.end());
    std::ranges::stable_sort(busiest, std::greater<>{}, &std::pair<mender, int>::second);
    if (!busiest.empty()) text += "由谁补 Who must mend:\n";
    for (std::size_t at = 0; at < std::min(busiest.size(), rows); ++at)
        text += fmt::format("  {} {}: {}\n", who_zh(busiest[at].first.kind), busiest[at].first.id,
                            busiest[at].second);
    if (busiest.size() > rows) text += fmt::format("  … 还有 {} 个 more\n", busiest.size() - rows);
    for (auto const& [why, name] : domain::names<gap_reason>::table)
        add_reason(text, report, why, utc_offset, rows);
    return text;
}

} // namespace linli::cli
