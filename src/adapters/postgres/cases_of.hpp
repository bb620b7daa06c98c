#pragma once

// What belongs to one resident beside his rows of the registry, as the beginning of a statement
// ("with … "). HIM selects his `resident` and his subject `self`; STAYS selects from when until
// when which `home` was his (`since`, `until`: as in the view `stay`), because who lives there
// before and after him is somebody else. Then there are `him`, `stays`, his `alerts`, `requests`
// and `orders`, and from when to when which device was `bound` to him or fixed in that home.
#define LINLI_CASES_OF(HIM, STAYS)                                                                 \
    "with him as (" HIM "), stays as (" STAYS "), "                                                \
    "alerts as (select a.id from alert a, him h "                                                  \
    "           where a.subject = h.self or a.resident = h.resident "                              \
    "           union select a.id from alert a join stays s on a.subject = 'home:' || s.home "     \
    "               and a.opened_at >= s.since and a.opened_at < s.until), "                       \
    "requests as (select q.id from request q, him h where q.subject = h.self "                     \
    "             union select q.id from request q join stays s on q.subject = 'home:' || s.home " \
    "                 and q.opened_at >= s.since and q.opened_at < s.until), "                     \
    "orders as (select o.id from service_order o, him h "                                          \
    "           where o.subject = h.self "                                                         \
    "              or o.alert in (select id from alerts) "                                         \
    "              or o.request in (select id from requests) "                                     \
    "              or exists (select from booking b "                                              \
    "                         where b.order_id = o.id and b.resident = h.resident)), "             \
    "bound as (select b.device, b.home, b.bound_at, "                                              \
    "                 coalesce(b.unbound_at, 'infinity') as unbound_at "                           \
    "          from device_binding b, him h where b.resident = h.resident "                        \
    "          union all select b.device, b.home, greatest(b.bound_at, s.since), "                 \
    "                           least(coalesce(b.unbound_at, 'infinity'), s.until) "               \
    "          from device_binding b join stays s on s.home = b.home "                             \
    "          where b.bound_at < s.until and coalesce(b.unbound_at, 'infinity') > s.since) "
