#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "app/device_lines.hpp"
#include "app/input.hpp"
#include "app/record.hpp"

namespace linli::app {

// What the registry said of the device of a resident or a home, with nothing open.
struct foreseen_device {
    device_facts facts;
    home_facts home;
    std::int64_t stamp = 0; // of the rows that said so: the record knows it anew at the commit
};

// Those of a whole city, some 120 bytes each.
class foreseen_devices {
public:
    // Each once. Then sort(), before anything is looked for.
    void append(domain::device_id const& id, foreseen_device const& what);
    void sort() { lines_.sort(); }

    std::optional<foreseen_device> find(domain::device_id const& id) const;
    std::size_t size() const { return lines_.size(); }

private:
    device_lines lines_;
};

// That the registry says of a device what it said when this was its stamp.
struct presumed_device {
    domain::device_id device;
    std::int64_t stamp = 0;
};

// A record that can be relied on without having been asked.
class presuming_record {
public:
    virtual ~presuming_record() = default;
    // As record::commit; a conflict also if something else is true of one of these by now.
    virtual runtime::task<record_result<void>>
    commit_if(changes const& what, std::vector<presumed_device> const& presumed) = 0;
};

// Decides what a press will find in the record, so that it needn't be asked first: that is one of a
// press's two round trips. A guess, and harmless: the commit is refused as a lost race where the
// registry says something else by now (presuming_record), or where an event is known or an alert
// or request is open after all (the record holds one at most), and the next attempt asks. So only
// those signals are foreseen that open something where nothing is open.
class foresight {
public:
    // As the registry was lately; before that, nothing is foreseen.
    void knows(std::shared_ptr<foreseen_devices const> devices) { devices_ = std::move(devices); }

    struct picture {
        view seen;
        std::vector<presumed_device> presumed; // none: the record said it
    };
    // Nothing: the record has to be asked.
    std::optional<picture> of(std::vector<input> const& batch, domain::instant now) const;

    void saw(view const& of_record);
    void saw_committed(changes const& what);
    // A storm of what is known already would else pay for each guess.
    void was_wrong(domain::instant now) { rests_until_ = now + rests; }

private:
    static constexpr domain::seconds rests{1};

    bool foresee(domain::signal const& s, picture& into) const;
    void is_open(domain::subject const& about, bool open);

    std::shared_ptr<foreseen_devices const> devices_;
    std::unordered_set<std::string>
        open_; // subjects with an open alert or request, as far as heard
    domain::instant rests_until_;
};

} // namespace linli::app
