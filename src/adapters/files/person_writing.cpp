#include "adapters/files/person_writing.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/core.h>
#include <sodium.h>

namespace linli::files {

namespace {

namespace json = boost::json;

using words = std::pair<std::string_view, std::string_view>;

constexpr std::array sections{
    words{"resident", "本人登记信息"},
    words{"home", "住所"},
    words{"former_home", "以前的住所"},
    words{"contact", "联系人"},
    words{"contact_trial", "联系人号码试拨结果"},
    words{"vital_limit", "本人的体征限值"},
    words{"zone", "电子围栏"},
    words{"silence_limit", "住所无动静时限"},
    words{"device_binding", "设备绑定记录"},
    words{"alert", "呼救与预警"},
    words{"request", "诉求"},
    words{"service_order", "工单与预约"},
    words{"signal", "设备信号"},
    words{"log", "处置记录"},
    words{"complaint", "投诉"},
    words{"visit_proof", "上门凭证"},
    words{"call", "热线来电"},
    words{"recording", "通话录音"},
    words{"delivery", "通知记录"},
    words{"device_command", "下发给设备的指令"},
    words{"dwell", "正在观察的情况"},
    words{"telemetry_vital", "遥测:体征"},
    words{"telemetry_fix", "遥测:位置"},
    words{"telemetry_battery", "遥测:电量"},
    words{"telemetry_activity", "遥测:居家活动"},
    words{"registry_edit", "登记信息修改记录"},
    words{"access_log", "谁查看过"},
    words{"erasure", "删除申请"},
    words{"erasure_withdrawn", "撤回或未予办理的删除申请"},
};

constexpr std::array columns{
    words{"id", "编号"},
    words{"home", "住所编号"},
    words{"home_since", "住进时间"},
    words{"home_until", "搬走时间"},
    words{"status", "状态"},
    words{"high_risk", "重点关注"},
    words{"synthetic", "测试用"},
    words{"name", "姓名/名称"},
    words{"phone", "电话"},
    words{"id_number", "身份证号"},
    words{"notes", "备注"},
    words{"visit_code", "上门验证码"},
    words{"area", "辖区代码"},
    words{"area_name", "辖区"},
    words{"rough_place", "大致位置"},
    words{"latitude", "纬度"},
    words{"longitude", "经度"},
    words{"flags", "注意事项"},
    words{"address_verified", "地址核实日期"},
    words{"address_verified_by", "核实人"},
    words{"key_holder", "钥匙保管"},
    words{"key_tested", "钥匙试开日期"},
    words{"door", "门牌"},
    words{"access_notes", "进门说明"},
    words{"place", "顺序"},
    words{"relation", "关系"},
    words{"channels", "联系方式"},
    words{"quiet_from", "免打扰起(分钟)"},
    words{"quiet_until", "免打扰止(分钟)"},
    words{"language", "语言"},
    words{"email", "邮箱"},
    words{"channel", "渠道"},
    words{"tried_at", "试拨时间"},
    words{"state", "状态"},
    words{"reason", "原因"},
    words{"code", "项目(LOINC)"},
    words{"low", "下限"},
    words{"high", "上限"},
    words{"lasting_s", "持续(秒)"},
    words{"kind", "种类"},
    words{"shape", "范围"},
    words{"from_minute", "起(分钟)"},
    words{"until_minute", "止(分钟)"},
    words{"longest_min", "最长(分钟)"},
    words{"device", "设备"},
    words{"bound_at", "绑定时间"},
    words{"unbound_at", "解绑时间"},
    words{"level", "级别"},
    words{"outcome", "结果"},
    words{"purpose", "用途"},
    words{"opened_at", "开始时间"},
    words{"closed_at", "结束时间"},
    words{"signals", "信号数"},
    words{"number", "号码"},
    words{"service", "服务项目"},
    words{"wished_from", "约定时间"},
    words{"provider", "服务商"},
    words{"worker", "服务人员"},
    words{"rating", "评分"},
    words{"unit", "单位"},
    words{"minutes", "分钟"},
    words{"price_fen", "单价(分)"},
    words{"words", "内容"},
    words{"event", "信号编号"},
    words{"happened_at", "发生时间"},
    words{"received_at", "收到时间"},
    words{"accuracy_m", "精度(米)"},
    words{"battery", "电量"},
    words{"said", "附言"},
    words{"raw", "原始数据"},
    words{"of", "属于"},
    words{"at", "时间"},
    words{"what", "事项"},
    words{"by_kind", "谁(类)"},
    words{"by_who", "谁"},
    words{"why", "依据"},
    words{"answer", "答复"},
    words{"answered_at", "答复时间"},
    words{"accepted_at", "认可时间"},
    words{"came_at", "收到时间"},
    words{"distance_m", "距门口(米)"},
    words{"note", "说明"},
    words{"type", "图片格式"},
    words{"digest", "图片摘要(SHA-256)"},
    words{"source", "来源系统"},
    words{"called", "被叫号码"},
    words{"first_heard", "来电时间"},
    words{"ended_at", "结束时间"},
    words{"recording", "录音"},
    words{"begun_at", "开始时间"},
    words{"whose", "归谁(编号)"},
    words{"kept_until", "保存到(未了结或有投诉的更久)"},
    words{"decided_by", "处理人"},
    words{"audience", "对象"},
    words{"who", "谁"},
    words{"asked_by", "申请人"},
    words{"asked_at", "申请时间"},
    words{"rule", "规则"},
    words{"since", "自"},
    words{"until", "至"},
    words{"value", "数值"},
    words{"measured_at", "测量时间"},
    words{"percent", "电量(%)"},
    words{"litres", "用水(升)"},
    words{"sheet", "表"},
    words{"columns", "栏目"},
    words{"erased_at", "删除时间"},
    words{"wished_on", "提出日期"},
    words{"withdrawn_at", "撤回时间"},
};

template <std::size_t N>
std::string_view found_in(std::array<words, N> const& all, std::string_view name) {
    auto const at = std::ranges::find(all, name, &words::first);
    return at == all.end() ? name : at->second;
}

// Where a section keeps its pictures.
constexpr std::string_view pictures = "visit_proof";

std::string base64(std::string const& bytes) {
    constexpr auto variant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(),
                      reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), variant);
    text.pop_back(); // libsodium's closing zero
    return text;
}

bool is_picture(app::person_section const& s, std::string const& column) {
    return s.name == pictures && column == "words";
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (char const c : text) {
        if (c == '<')
            safe += "&lt;";
        else if (c == '>')
            safe += "&gt;";
        else if (c == '&')
            safe += "&amp;";
        else if (c == '"')
            safe += "&quot;";
        else
            safe += c;
    }
    return safe;
}

std::string cell_html(app::person_section const& s, std::vector<std::string> const& row,
                      std::size_t at) {
    auto const& cell = row[at];
    if (!is_picture(s, s.columns[at])) return escaped(cell);
    if (cell.empty()) return {};
    auto const type = std::ranges::find(s.columns, "type") - s.columns.begin();
    return fmt::format("<img alt=\"\" src=\"data:{};base64,{}\">",
                       escaped(row[static_cast<std::size_t>(type)]), base64(cell));
}

std::string section_html(app::person_section const& s) {
    auto html = fmt::format("<h2>{}</h2>\n", escaped(section_words(s.name)));
    if (s.rows.empty()) return html + "<p>没有。</p>\n";
    html += "<table><thead><tr>";
    for (auto const& each : s.columns)
        html += fmt::format("<th scope=\"col\">{}</th>", escaped(column_words(each)));
    html += "</tr></thead><tbody>\n";
    for (auto const& row : s.rows) {
        html += "<tr>";
        for (std::size_t at = 0; at < row.size(); ++at)
            html += "<td>" + cell_html(s, row, at) + "</td>";
        html += "</tr>\n";
    }
    html += "</tbody></table>\n";
    if (s.is_cut)
        html += fmt::format("<p>只列出最新的 {} 条,更早的可另行索取。</p>\n", s.rows.size());
    return html;
}

std::string local_text(domain::instant at, domain::minutes utc_offset) {
    auto const local = at + utc_offset;
    auto const day = std::chrono::floor<std::chrono::days>(local);
    std::chrono::year_month_day const d(day);
    auto const minute = std::chrono::floor<domain::minutes>(local - day).count();
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()),
                       minute / 60, minute % 60);
}

constexpr auto head_html = R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>个人信息副本</title>
<style>
body { font: 12pt/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em; }
h1 { font-size: 18pt; } h2 { font-size: 14pt; margin: 1.2em 0 .3em; break-after: avoid; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; }
th, td { border: 1px solid #888; padding: 2px 5px; text-align: left; vertical-align: top;
         overflow-wrap: anywhere; }
tr { break-inside: avoid; } img { max-width: 12em; }
</style></head><body>
<h1>个人信息副本</h1>
)";

} // namespace

std::string_view section_words(std::string_view section) {
    return found_in(sections, section);
}

std::string_view column_words(std::string_view column) {
    return found_in(columns, column);
}

std::string person_json(app::person_file const& file) {
    json::object all;
    all["resident"] = file.who.value;
    all["made_at_us"] = file.made_at.time_since_epoch().count();
    json::object by_name;
    for (auto const& s : file.sections) {
        json::array rows;
        for (auto const& row : s.rows) {
            json::object cells;
            for (std::size_t at = 0; at < row.size(); ++at)
                if (!row[at].empty())
                    cells[s.columns[at]] = is_picture(s, s.columns[at]) ? base64(row[at]) : row[at];
            rows.push_back(std::move(cells));
        }
        json::object section;
        section["rows"] = std::move(rows);
        section["is_cut"] = s.is_cut;
        by_name[s.name] = std::move(section);
    }
    all["sections"] = std::move(by_name);
    return json::serialize(all) + '\n';
}

std::string person_page(app::person_file const& file, domain::minutes utc_offset) {
    std::string html = head_html;
    html += fmt::format("<p>服务对象编号 {},{} 制作。以下是本系统保存的与您有关的全部信息,"
                        "也包括谁查看过它们。时间为当地时间。</p>\n",
                        escaped(file.who.value), local_text(file.made_at, utc_offset));
    html += "<p>不包括:投诉人的身份、对疑似虐待情况的保密记录、是否不通知某位联系人。"
            "本系统自己的通话录音列在“通话录音”一节,声音不在这份副本里:要听请向本机构提出,"
            "核实身份后当面播放。别家电话系统的录音保存在那里,请另行索取。</p>\n";
    for (auto const& each : file.sections)
        html += section_html(each);
    return html + "</body></html>\n";
}

} // namespace linli::files
