#pragma once

namespace linli::recordings {

// Of both laws the same sound (ITU-T G.711).
char a_law_of_mu_law(char sample);

inline constexpr char a_law_silence = '\xd5';

} // namespace linli::recordings
