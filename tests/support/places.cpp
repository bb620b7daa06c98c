#include "support/places.hpp"

namespace linli::tests {

std::string shipped_config(std::string_view name) {
    return std::string(LINLI_CONFIG_FOLDER "/").append(name);
}

std::string in_tests(std::string_view name) {
    return std::string(LINLI_TESTS_FOLDER "/").append(name);
}

std::string linli_program() {
    return LINLI_PROGRAM;
}
std::string hotline_program() {
    return LINLI_HOTLINE_PROGRAM;
}
std::string mixer_program() {
    return LINLI_MIXER_PROGRAM;
}

} // namespace linli::tests
