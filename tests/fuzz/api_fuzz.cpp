// Any bytes as what somebody asks of the pages' API, on the house's twins in memory: each route, in
// each role. Whatever it is, the answer is one of ours: no exception, JSON where it says so, a
// refusal with its code, no header with a line in it; and the house keeps its rules (its record in
// memory checks what the schema would).
// The first line says which route and who asks, by name or by its first two bytes; then four lines
// (query, the path's key, If-Match, Idempotency-Key) and the body.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/wire/clean_text.hpp"
#include "api/api_house.hpp"
#include "fuzz/require.hpp"
#include "runtime/log.hpp"

namespace {

using namespace linli;
using tests::city_area;

struct question {
    std::size_t route = 0;
    std::size_t role = 0;
    std::string query;
    std::string key; // empty: one that there is
    std::string if_match;
    std::string idempotency_key;
    std::string body;
};

std::string take_line(std::string_view& rest) {
    auto const end = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

// A long poll would wait for what never comes.
std::string without_waiting(std::string query) {
    for (auto at = query.find("wait"); at != query.npos; at = query.find("wait"))
        query.replace(at, 4, "Wait");
    return query;
}

// "POST /v1/alerts/{id}/claim operator"; what is none of them is one, too.
void choose(std::string const& line, question& asked) {
    auto const& routes = http::api_routes();
    auto const& roles = domain::names<domain::role>::table;
    auto const number = [&](std::size_t at) -> std::size_t {
        return at < line.size() ? static_cast<unsigned char>(line[at]) : 0;
    };
    asked.route = number(0) % routes.size();
    asked.role = number(1) % roles.size();
    for (std::size_t n = 0; n < routes.size(); ++n)
        if (line.starts_with(std::string(routes[n].method) + ' ' + std::string(routes[n].pattern) +
                             ' '))
            asked.route = n;
    for (std::size_t n = 0; n < roles.size(); ++n)
        if (line.ends_with(' ' + std::string(roles[n].second))) asked.role = n;
}

question read_question(std::string_view bytes) {
    question asked;
    choose(take_line(bytes), asked);
    asked.query = without_waiting(take_line(bytes));
    asked.key = take_line(bytes);
    asked.if_match = take_line(bytes);
    asked.idempotency_key = take_line(bytes);
    asked.body = bytes;
    return asked;
}

class house final : public tests::api_house {
public:
    house() {
        SetUp();
        has_companies();
        has_resident();
        has_home();
        bench.takes({bench.press("w1", 2, domain::signal_kind::help_request)});
        tells("ringing");
    }
    ~house() override { TearDown(); }
    void TestBody() override {}

    http::api_reply asked(question const& what) {
        auto const& to = http::api_routes()[what.route];
        auto const role = domain::names<domain::role>::table[what.role].first;
        auto const path = path_of(to, what.key);
        auto request =
            to.needs.is_open() && to.pattern == "/v1/calls"
                ? report(what.body)
                : api_house::request(std::string(to.method), path, signs_in(role), what.body);
        request.query = what.query;
        request.if_match = what.if_match;
        request.idempotency_key = what.idempotency_key;
        return answer(std::move(request));
    }

private:
    std::string path_of(http::route const& to, std::string const& key) {
        std::string path(to.pattern);
        for (auto const& [written, meant] :
             std::array<std::pair<std::string, std::string>, 4>{{{"{id}", id_for(to)},
                                                                 {"{sheet}", "residents"},
                                                                 {"{key}", "r1"},
                                                                 {"{user}", "zhang"}}})
            if (auto const at = path.find(written); at != path.npos)
                path.replace(at, written.size(), key.empty() ? meant : key);
        return path;
    }
    std::string id_for(http::route const& to) {
        if (to.pattern.starts_with("/v1/own/offers/")) return to_string(bench.news().offer.id);
        if (to.about == http::scope::order)
            return to_string(bench.record.holds().orders.begin()->first);
        if (to.about == http::scope::call) return to_string(only_call().id);
        if (to.about == http::scope::complaint) return has_complaint();
        if (to.about == http::scope::import_job) return has_import();
        if (to.about == http::scope::request)
            return to_string(bench.record.holds().requests.begin()->first);
        return to_string(bench.record.holds().alerts.begin()->first);
    }
};

void check(http::api_reply const& told) {
    require(told.status >= 200 && told.status < 600 && told.status != 500);
    for (auto const& [name, value] : told.headers)
        require(is_one_line(name) && is_one_line(value));
    if (told.content_type != "application/json" || told.body.empty()) return;
    boost::system::error_code broken;
    auto const body = boost::json::parse(told.body, broken);
    require(!broken && wire::is_utf8(told.body));
    auto const* object = body.if_object();
    if (told.status >= 400) require(object && object->contains("code"));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    runtime::log::redirection const lines(
        [](std::string_view line) { require(is_one_line(line)); });
    auto const asked = read_question(bytes);
    house one;
    check(one.asked(asked));
    check(one.asked(asked)); // whoever asks again hears something, too
    return 0;
}
