#pragma once

#include <optional>
#include <vector>

#include "app/clock.hpp"
#include "app/erasure_record.hpp"

namespace linli::app {

// A resident's data goes on request: one person asks, another one confirms, and then it is gone.
class erasures {
public:
    erasures(erasure_record& keeper, clock& time) : keeper_(keeper), time_(time) {}

    // How it stands after it; refused: why, and what is in the way.
    struct answer {
        std::optional<domain::erasure_refusal> refused;
        domain::erasure_standing now;
    };
    struct wish {
        domain::resident_id who;
        domain::erasure_reason why{};
        domain::operator_id by;
        std::optional<std::chrono::sys_days> on = {}; // when he came
    };
    runtime::task<record_result<answer>> ask(wish what);
    runtime::task<record_result<answer>> withdraw(domain::resident_id who, domain::operator_id by,
                                                  domain::erasure_withdrawal why);
    runtime::task<record_result<answer>> standing(domain::resident_id who);
    // His keys have gone when this answers; the rest goes by clear_all().
    runtime::task<record_result<answer>> confirm(domain::resident_id who, domain::operator_id by);

    // All that is left of those whose keys have gone, in small steps with pauses between them;
    // broken off, it goes on at the next time. Answers how many rows went, or what failed for one
    // of them; the others' went all the same.
    runtime::task<record_result<std::size_t>> clear_all();

private:
    runtime::task<record_result<std::size_t>> clear(domain::resident_id who);

    erasure_record& keeper_;
    clock& time_;
};

} // namespace linli::app
