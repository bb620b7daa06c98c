// The one place where Asio itself is compiled (BOOST_ASIO_SEPARATE_COMPILATION): header-only, it
// costs every unit that includes it about a fifth of its compile time.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
