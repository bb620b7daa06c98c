#include "adapters/postgres/registry_copy.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "runtime/log.hpp"
#include "runtime/replace_file.hpp"

namespace linli::postgres {

namespace log = runtime::log;

namespace {

constexpr purpose for_copy{"registry_copy"};

constexpr auto devices_sql = R"(
    select d.id, d.resident, coalesce(d.home, r.home) as home, h.rough_place,
           coalesce(h.area, s.area) as area, coalesce(r.synthetic, false) as synthetic
    from device d left join resident r on r.id = d.resident
                  left join home h on h.id = coalesce(d.home, r.home)
                  left join worker w on w.id = d.worker
                  left join site s on s.id = w.site)";

void read_areas(pqxx::transaction_base& in, app::registry_copy& to) {
    for (auto const& r : in.exec("select a.code, a.parent, s.site from area a "
                                 "left join site_area s on s.area = a.code"))
        to.areas[{text(r["code"])}] = {{text(r["parent"])}, {text(r["site"])}};
}

void read_sites(pqxx::transaction_base& in, key_ring const& keys, app::registry_copy& to) {
    for (auto const& r : in.exec("select id, parent, opens, closes, personal from site")) {
        app::registry_copy::site s{
            {text(r["parent"])}, r["opens"].as<int>(), r["closes"].as<int>(), {}};
        if (!r["personal"].is_null())
            if (auto const plain = keys.open(site_personal::sealed_for, bytes(r["personal"])))
                s.duty_phone = from_json<site_personal>(*plain).duty_phone;
        to.sites[{text(r["id"])}] = std::move(s);
    }
}

void read_devices(pqxx::transaction_base& in, app::registry_copy& to) {
    auto const rows = in.exec(devices_sql);
    to.devices.reserve(static_cast<std::size_t>(rows.size()));
    for (auto const& r : rows)
        to.devices[{text(r["id"])}] = {{text(r["resident"])},
                                       {text(r["home"])},
                                       {text(r["area"])},
                                       text(r["rough_place"]),
                                       r["synthetic"].as<bool>()};
}

std::int64_t version_of(pqxx::transaction_base& in) {
    return in.exec1("select version from registry_version")["version"].as<std::int64_t>();
}

// One picture, whatever is imported meanwhile; and the city's devices are read whole, which the
// sessions' plans are not made for.
app::registry_copy read_copy(pqxx::connection& on, key_ring const& keys, domain::instant now) {
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> in(on);
    in.exec("set local enable_seqscan = on; set local enable_hashjoin = on; "
            "set local enable_mergejoin = on");
    app::registry_copy copy;
    copy.version = version_of(in);
    copy.taken_at = now;
    read_areas(in, copy);
    read_sites(in, keys, copy);
    read_devices(in, copy);
    return copy;
}

} // namespace

void write_copy(std::filesystem::path const& file, key_ring const& keys,
                app::registry_copy const& copy) {
    auto const error = runtime::replace_file(file, keys.seal(for_copy, to_text(copy)));
    if (error) throw std::system_error(error, file.string());
}

std::optional<app::registry_copy> open_copy(std::filesystem::path const& file,
                                            key_ring const& keys) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    std::string const sealed{std::istreambuf_iterator<char>(in), {}};
    auto const plain = keys.open(for_copy, sealed);
    if (!plain) return std::nullopt;
    return app::read_registry_copy(*plain);
}

registry_copier::registry_copier(std::string url, key_ring keys, std::filesystem::path file)
    : keys_(std::move(keys)), file_(std::move(file)),
      connections_(std::move(url), 1, [](pqxx::connection&) {}), threads_(1) {}

bool registry_copier::refresh_now(pqxx::connection& on, domain::instant now) {
    {
        pqxx::nontransaction in(on);
        if (version_of(in) == written_) return false;
    }
    auto const began = std::chrono::steady_clock::now();
    auto const copy = read_copy(on, keys_, now);
    write_copy(file_, keys_, copy);
    written_ = copy.version;
    auto const took =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    log::info("registry_copied", {{"version", copy.version},
                                  {"devices", copy.devices.size()},
                                  {"bytes", std::filesystem::file_size(file_)},
                                  {"took_ms", took.count()}});
    return true;
}

runtime::task<void> registry_copier::refresh(domain::instant now) {
    auto job = [this, now] {
        try {
            return answer_of<bool>("registry_copy", [&] {
                return connections_.with([&](auto& c) { return refresh_now(c, now); });
            });
        } catch (std::system_error const& e) {
            log::error("registry_copy_not_written",
                       {{"why", e.what()}, {"remedy", "make room on the journal's disk"}});
            return app::record_result<bool>(false);
        }
    };
    auto done = co_await threads_.run(std::move(job));
    static_cast<void>(done); // away: asked again
}

} // namespace linli::postgres
