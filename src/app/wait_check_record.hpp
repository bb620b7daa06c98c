#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/call.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// A call to our own hotline that waited longer than domain::answered_late_within, answered or not:
// somebody looks into it and says why, and what follows. One a call.
struct wait_check {
    domain::call_id call;
    std::string called; // the line
    domain::area_id area;
    std::string area_name;
    domain::instant came_at;
    std::optional<domain::instant> answered_at;
    std::optional<domain::instant> ended_at;
    std::string seat; // who answered
    domain::instant opened_at;
    std::optional<domain::instant> closed_at;
    domain::operator_id closed_by;
    std::string words; // hers
    bool operator==(wait_check const&) const = default;
};

struct wait_check_question {
    domain::area_id area; // it and all below it
    bool is_open = true;  // else the closed ones
    std::uint32_t page = 1;
    std::uint32_t per_page = 50;
};
inline constexpr std::uint32_t most_wait_checks_a_page = 100;

struct wait_check_page {
    std::vector<wait_check> lines; // open: the oldest first; closed: the last closed first
    std::uint32_t total = 0;
};

enum class check_closing : std::uint8_t {
    closed,
    closed_before, // by whomever: her words stay
    unknown,       // that call has none
};

// PostgreSQL in an installation, a twin in memory in tests. All calls may suspend; none throws for
// an outage.
class wait_check_record {
public:
    virtual ~wait_check_record() = default;

    // Opens what is due by then, each once, also of a call that was told of late. Says how many.
    virtual runtime::task<record_result<int>> open_due(domain::instant now) = 0;
    virtual runtime::task<record_result<wait_check_page>> list(wait_check_question const& what) = 0;
    virtual runtime::task<record_result<check_closing>>
    close(domain::call_id id, domain::operator_id by, std::string words, domain::instant at) = 0;
};

} // namespace linli::app
