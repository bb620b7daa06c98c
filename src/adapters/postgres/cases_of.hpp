#pragma once

// What belongs to one resident beside his rows of the registry, as the beginning of a statement
// ("with … "). HIM selects his `resident`, his subject `self`, and his `home` with its `home_self`
// (null: it is not meant). Then there are `him`, his `alerts`, `requests` and `orders`, and from
// when to when which device was `bound` to him or fixed in that home.
#define LINLI_CASES_OF(HIM)                                                                        \
    "with him as (" HIM "), "                                                                      \
    "alerts as (select a.id from alert a, him h where a.subject in (h.self, h.home_self) "         \
    "           or a.resident = h.resident), "                                                     \
    "requests as (select q.id from request q, him h where q.subject in (h.self, h.home_self)), "   \
    "orders as (select o.id from service_order o, him h "                                          \
    "           where o.subject in (h.self, h.home_self) "                                         \
    "              or o.alert in (select id from alerts) "                                         \
    "              or o.request in (select id from requests) "                                     \
    "              or exists (select from booking b "                                              \
    "                         where b.order_id = o.id and b.resident = h.resident)), "             \
    "bound as (select b.device, b.bound_at, coalesce(b.unbound_at, 'infinity') as unbound_at "     \
    "          from device_binding b, him h "                                                      \
    "          where b.resident = h.resident or b.home = h.home) "
