#pragma once

#include <string>
#include <utility>

#include "app/clock.hpp"
#include "app/complaint_record.hpp"
#include "app/dispatch.hpp"
#include "app/id_source.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What somebody complains of, and what becomes of it. Each deed is one transaction; a refusal says
// why, and nothing has changed then.
class complaints {
public:
    complaints(complaint_record& keeper, clock& time, id_source& ids,
               domain::working_calendar worked)
        : keeper_(keeper), time_(time), ids_(ids), worked_(std::move(worked)) {}

    using answer = record_result<verdict>;

    // Its id. Whom it is about says `about`, as far as it says nothing itself.
    runtime::task<record_result<domain::complaint_id>> write(domain::complaint what,
                                                             complained_of about);
    runtime::task<answer> reply(domain::complaint_id id, domain::complaint_answerer who,
                                std::string words);
    runtime::task<answer> accept(domain::complaint_id id, domain::complaint_answerer who,
                                 std::string words);

private:
    using decision = domain::result<domain::complaint_outcome> (*)(
        domain::complaint const&, domain::complaint_answerer const&, std::string const&,
        domain::instant);
    runtime::task<answer> decide(domain::complaint_id id, domain::complaint_answerer who,
                                 std::string words, decision how);

    complaint_record& keeper_;
    clock& time_;
    id_source& ids_;
    domain::working_calendar worked_;
};

} // namespace linli::app
