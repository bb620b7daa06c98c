// Any bytes as zones.geojson, or as a shape in a cell: zones that can be drawn, each the same when
// it is written and read again, or what is wrong, where, and what to do.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "adapters/files/zone_file.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace linli;

bool same(std::vector<app::zone_row> const& one, std::vector<app::zone_row> const& other) {
    return std::ranges::equal(one, other, [](app::zone_row const& a, app::zone_row const& b) {
        return a.resident == b.resident && a.zone.name == b.zone.name &&
               a.zone.kind == b.zone.kind &&
               files::plain_shape(a.zone.shape) == files::plain_shape(b.zone.shape);
    });
}

void check(std::vector<app::zone_row> const& zones) {
    std::vector<files::written_zone> written;
    for (auto const& each : zones) {
        require(!each.resident.empty() && files::is_zone_name(each.zone.name));
        require(domain::problem_of_shape(each.zone.shape).empty());
        require(files::plain_shape(each.zone.shape).has_value());
        written.push_back({each.resident.value, each.zone.name,
                           std::string(to_text(each.zone.kind)), each.zone.shape});
    }
    auto const again = files::parse_zones(files::zones_text(written));
    require(again.problems.empty() && same(again.zones, zones));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const read = files::parse_zones(bytes);
    for (auto const& each : read.problems)
        require(!each.what.empty() && !each.remedy.empty());
    require(read.problems.size() <= 1005); // of one feature up to five
    check(read.zones);
    if (auto const plain = files::plain_shape(bytes)) {
        require(files::plain_shape(*plain) == plain);
        domain::problem_of_shape(*plain);
    }
    return 0;
}
