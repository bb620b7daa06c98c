#include "adapters/postgres/registry_copy.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <system_error>
#include <utility>

#include "adapters/postgres/device_picture.hpp"
#include "adapters/postgres/failures.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "runtime/log.hpp"
#include "runtime/replace_file.hpp"

namespace linli::postgres {

namespace log = runtime::log;

namespace {

constexpr purpose for_copy{"registry_copy"};
constexpr std::size_t size_bytes = 4;
constexpr std::size_t largest_block = 4 * 1024 * 1024;
constexpr std::chrono::minutes whole_city_within{5};

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

std::int64_t version_of(pqxx::transaction_base& in) {
    return in.exec1("select version from registry_version")["version"].as<std::int64_t>();
}

// Some at a time, so that a city of millions lies neither in this memory nor in libpq's.
void read_devices(pqxx::transaction_base& in, app::registry_copy_writer& to, std::size_t& count) {
    in.exec(std::string("declare devices no scroll cursor for ") + devices_sql);
    for (;;) {
        auto const rows = in.exec("fetch 5000 from devices");
        if (rows.empty()) return;
        count += static_cast<std::size_t>(rows.size());
        for (auto const& r : rows)
            to.add({text(r["id"])}, {{text(r["resident"])},
                                     {text(r["home"])},
                                     {text(r["area"])},
                                     text(r["rough_place"]),
                                     r["synthetic"].as<bool>()});
    }
}

app::foreseen_device foreseen_of(pqxx::row const& r) {
    app::foreseen_device d;
    d.facts.area = {text(r["area"])};
    d.facts.home = {text(r["home"])};
    d.facts.resident = {text(r["resident"])};
    d.facts.high_risk = r["high_risk"].as<bool>();
    if (r["synthetic"].as<bool>()) d.facts.what_for = domain::purpose::synthetic;
    d.home = home_of(d.facts.area, r);
    d.stamp = r["stamp"].as<std::int64_t>();
    return d;
}

// A block has its size before it: four bytes, the lowest first.
void put_sealed(runtime::put_bytes const& put, key_ring const& keys, std::string const& block) {
    auto const sealed = keys.seal(for_copy, block);
    std::array<char, size_bytes> size{};
    for (std::size_t n = 0; n < size.size(); ++n)
        size[n] = static_cast<char>((sealed.size() >> (8 * n)) & 0xFF);
    put({size.data(), size.size()});
    put(sealed);
}

// Nothing at the end, or when it is cut off there.
std::optional<std::string> next_sealed(std::istream& in) {
    std::array<char, size_bytes> bytes{};
    if (!in.read(bytes.data(), bytes.size())) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t n = 0; n < bytes.size(); ++n)
        size |= std::size_t{static_cast<unsigned char>(bytes[n])} << (8 * n);
    if (size > largest_block) return std::nullopt;
    std::string sealed(size, '\0');
    if (!in.read(sealed.data(), static_cast<std::streamsize>(size))) return std::nullopt;
    return sealed;
}

using write_devices = std::function<void(app::registry_copy_writer&)>;

void write_file(std::filesystem::path const& file, key_ring const& keys,
                app::registry_copy const& head, write_devices const& devices) {
    auto const error = runtime::replace_file(file, [&](runtime::put_bytes const& put) {
        app::registry_copy_writer out(
            head, [&](std::string const& block) { put_sealed(put, keys, block); });
        devices(out);
        out.end();
    });
    if (error) throw std::system_error(error, file.string());
}

} // namespace

void write_copy(std::filesystem::path const& file, key_ring const& keys,
                app::registry_copy const& copy) {
    write_file(file, keys, copy, [&](app::registry_copy_writer& out) {
        copy.devices.each_line([&](std::string_view line) { out.add_line(line); });
    });
}

std::optional<app::registry_copy> open_copy(std::filesystem::path const& file,
                                            key_ring const& keys) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return std::nullopt;
    app::registry_copy_reader reader;
    while (in.peek() != std::ifstream::traits_type::eof()) {
        auto const sealed = next_sealed(in);
        auto const plain = sealed ? keys.open(for_copy, *sealed) : std::nullopt;
        if (!plain || !reader.take(*plain)) return std::nullopt;
    }
    return std::move(reader).whole();
}

std::shared_ptr<app::foreseen_devices const> read_foreseen(pqxx::transaction_base& in) {
    auto all = std::make_shared<app::foreseen_devices>();
    in.exec("declare foreseen no scroll cursor for select * from foreseen_device");
    for (;;) {
        auto const rows = in.exec("fetch 5000 from foreseen");
        if (rows.empty()) break;
        for (auto const& r : rows)
            all->append({text(r["id"])}, foreseen_of(r));
    }
    all->sort();
    return all;
}

registry_copier::registry_copier(std::string url, key_ring keys, std::filesystem::path file)
    : keys_(std::move(keys)), file_(std::move(file)),
      connections_(
          std::move(url), 1, [](pqxx::connection&) {}, whole_city_within),
      threads_(1) {}

// One picture, whatever is imported meanwhile; and the city's devices are read whole, which the
// sessions' plans are not made for.
registry_copier::foreseen registry_copier::refresh_now(pqxx::connection& on, domain::instant now) {
    {
        pqxx::nontransaction in(on);
        if (version_of(in) == written_) return nullptr;
    }
    pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> in(on);
    in.exec("set local enable_seqscan = on; set local enable_hashjoin = on; "
            "set local enable_mergejoin = on; set local cursor_tuple_fraction = 1");
    app::registry_copy head;
    head.version = version_of(in);
    head.taken_at = now;
    read_areas(in, head);
    read_sites(in, keys_, head);
    std::size_t devices = 0;
    write_file(file_, keys_, head,
               [&](app::registry_copy_writer& out) { read_devices(in, out, devices); });
    auto all = read_foreseen(in);
    written_ = head.version;
    log::info("registry_copied", {{"version", head.version},
                                  {"devices", devices},
                                  {"bytes", std::filesystem::file_size(file_)}});
    return all;
}

runtime::task<registry_copier::refreshed> registry_copier::refresh(domain::instant now) {
    auto const began = std::chrono::steady_clock::now();
    auto job = [this, now] {
        try {
            return answer_of<foreseen>("registry_copy", [&] {
                return connections_.with([&](auto& c) { return refresh_now(c, now); });
            });
        } catch (std::system_error const& e) {
            log::error("registry_copy_not_written",
                       {{"why", e.what()}, {"remedy", "make room on the journal's disk"}});
            return app::record_result<foreseen>(nullptr);
        }
    };
    auto done = co_await threads_.run(std::move(job));
    refreshed all; // away: asked again
    if (done) all.devices = std::move(*done);
    all.took = std::chrono::floor<domain::duration>(std::chrono::steady_clock::now() - began);
    co_return all;
}

} // namespace linli::postgres
