#pragma once

// Of a resident `r`: whoever has gone for good is nobody of a home any more; everybody else is,
// also from hospital or away. The synthetic resident is nobody.
#define LINLI_LIVES_THERE " r.status not in ('moved', 'deceased_confirmed') and not r.synthetic "
