#pragma once

// Of a resident that a statement calls so: whoever has gone for good is nobody of a home any more,
// though it is still written in his row; everybody else is, also from hospital or away.
#define LINLI_STILL_THERE(called) " " called ".status not in ('moved', 'deceased_confirmed') "

// Of a resident `r`. The synthetic one is nobody.
#define LINLI_LIVES_THERE LINLI_STILL_THERE("r") "and not r.synthetic "

// Of a `stay` s: it was his home at that moment.
#define LINLI_LIVED_THERE(at) " s.since <= " at " and s.until > " at " "
