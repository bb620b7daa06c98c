#pragma once

#include <cstddef>

#include <pqxx/pqxx>

namespace linli::postgres {

// Takes the sealed words out of lines of the log (chain, seq, personal) and leaves their digest in
// their place, which is what the chain has taken: it holds as before, and nobody can read them any
// more. Answers how many.
std::size_t let_go_of_words(pqxx::transaction_base& in, pqxx::result const& lines);

} // namespace linli::postgres
