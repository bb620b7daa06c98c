#include "domain/errc.hpp"

#include <stdexcept>
#include <string>

namespace linli::domain {

void throw_exception_from_error(refusal const& r, boost::source_location const&) {
    throw std::logic_error("a refusal was taken for a value: " + std::string(to_text(r)));
}

} // namespace linli::domain
