#pragma once

#include <string>
#include <string_view>

// Where things lie that tests use. Only places.cpp is compiled with their paths: a compiler cache
// would take each file that is to be another one in each checkout.
namespace linli::tests {

std::string shipped_config(std::string_view name = {}); // that file or folder of config/
std::string in_tests(std::string_view name);            // of tests/

std::string linli_program();
std::string hotline_program();
std::string mixer_program();

} // namespace linli::tests
