#include "adapters/postgres/own_work_reading.hpp"

#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/entity_rows.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/rows.hpp"
#include "adapters/postgres/visit_reading.hpp"
#include "adapters/postgres/who_lives_there.hpp"
#include "app/shown_visit.hpp"
