#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/accounts.hpp"
#include "app/record.hpp"
#include "app/registry_form.hpp"

namespace linli::app {

// Who changed a record, and which of its columns; never what stood there.
struct registry_edit {
    domain::instant at;
    domain::operator_id by;
    std::string by_name;
    std::string how; // page, import
    std::vector<std::string> columns;
};

// One record of a sheet: a row, or all of an owner's rows.
struct registry_record {
    std::string key;
    std::vector<cells_of_row> rows; // in the order of the sheet's columns
    std::string etag;               // empty: there are no rows
    bool is_masked = true;
    domain::area_id area; // in which it lies; empty: in none
    std::vector<registry_edit> edits = {};
};

// Empty: whatever it is.
struct registry_question {
    domain::sheet sheet{};
    std::string words;    // how a key begins, a whole telephone or identity number, part of a name
    domain::area_id area; // it and all below it
    std::map<std::string, std::string> equal = {}; // columns that aren't personal
    std::uint32_t page = 1;
    std::uint32_t per_page = 50; // at most most_per_page
};
inline constexpr std::uint32_t most_per_page = 100;

struct registry_page {
    std::vector<registry_record> records; // by key
    std::uint32_t total = 0;
};

// Cells that aren't named stay as they are. Of an owned sheet the rows are all of its owner's
// afterwards, and a row is known by its second column.
struct registry_change {
    domain::sheet sheet{};
    std::string key;
    std::vector<std::map<std::string, std::string>> rows;
    std::string etag; // that was seen; empty: there was no such record
};

struct registry_mistakes {
    registry_problems mistakes;
    registry_problems warnings;
};

// Somebody else was first; who, if a page was.
struct registry_stale {
    std::optional<registry_edit> last;
};

// Nothing: there is no such record in the area.
using registry_changed =
    std::variant<std::monostate, registry_record, registry_stale, registry_mistakes>;

struct registry_imported {
    registry_mistakes found;
    std::vector<registry_tally> sheets;
    bool is_done = false;
};

// Whoever waits for an import: he hears how far it is, and may want it no longer. Called on the
// import's thread.
class import_watch {
public:
    virtual ~import_watch() = default;
    virtual void is_at(import_step const& step) = 0;
    virtual bool is_wanted() = 0;
    // Asked right before the commit. Yes is a promise: nobody gives it up any more.
    virtual bool may_commit() = 0;
};

// What is left of an import in the registry itself, whichever server it ran on.
struct import_trace {
    struct commit {
        domain::instant at;
        domain::operator_id by;
        domain::area_id area; // of whoever began it
    };
    bool is_running = false;
    std::optional<commit> done; // nothing, and it isn't running: nothing of it is loaded
};

// The registry as the administration sees and changes it, within an account's area. Whether its
// role may, its caller asks (domain/sheet). Some of it takes seconds and is done off the loop; all
// calls may suspend, none throws for an outage. PostgreSQL in an installation.
class registry_desk {
public:
    virtual ~registry_desk() = default;

    virtual runtime::task<record_result<registry_page>> page(account const& who,
                                                             registry_question const& what) = 0;
    // Nothing: not there, or not in his area. An owner without rows has a record without any.
    virtual runtime::task<record_result<std::optional<registry_record>>>
    record(account const& who, domain::sheet sheet, std::string const& key, bool in_clear) = 0;
    virtual runtime::task<record_result<registry_changed>> change(account const& who,
                                                                  registry_change const& what) = 0;

    enum class doing : std::uint8_t { check, import };
    // `files` is asked off the loop; nothing: they could not be understood.
    using file_source = std::function<std::optional<std::vector<registry_file>>()>;
    struct import_order {
        domain::uuid id; // by which its trace is found
        doing what{};
        file_source files;
    };
    enum class refusal : std::uint8_t { not_understood, cancelled };
    // Whether the whole registry lies in his area. Only then he may import; his caller asks.
    virtual runtime::task<record_result<bool>> has_all(account const& who) = 0;
    // All of it or nothing. Takes minutes with a city's files.
    virtual runtime::task<record_result<std::variant<registry_imported, refusal>>>
    import(account const& who, import_order order, import_watch& watch) = 0;
    virtual runtime::task<record_result<import_trace>> trace(domain::uuid const& which) = 0;

    // All of a sheet that lies in his area, as a file.
    virtual runtime::task<record_result<registry_file>>
    file(account const& who, domain::sheet sheet, bool in_clear) = 0;
};

} // namespace linli::app
