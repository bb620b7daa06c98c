#pragma once

#include <vector>

#include "tidy/source_tree.hpp"

// What a human must remember, checked (reference/style.md, rule 14). A check looks at one file and
// ignores those that are not its kind.
namespace linli::tidy {

using findings = std::vector<finding>;

// Which layer may include what: the arrow main -> adapters -> app -> domain, and the one folder
// that knows each library.
findings check_layers(source_file const& file);

// One co_await per statement, into a named variable, with plain arguments: GCC 12.2 miscompiles
// the rest.
findings check_co_await(source_file const& file);

// 70 lines for a function, 100 columns for a line.
findings check_function_length(source_file const& file);
findings check_line_length(source_file const& file);

// Names that say nothing: Manager, Handler, Helper, Util, Processor; of files and of types.
findings check_names(source_file const& file);

// Time is an argument: no SQL asks the clock, and no C++ outside runtime and tests does.
findings check_sql_clock(source_file const& file);
findings check_wall_clock(source_file const& file);

// Nothing sleeps: timers in the server, fast-forward in the tests.
findings check_sleep(source_file const& file);

// TODO(#12): what is left to do has the number of an issue.
findings check_todo(source_file const& file);

// A page tells of the repository, not of the machine that it was written on.
findings check_machine_paths(source_file const& file);

// Migrations are 001, 002, … without a gap and without a pair. Looks at all files.
findings check_migrations(std::vector<source_file> const& files);

} // namespace linli::tidy
