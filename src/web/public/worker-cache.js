// Keeps the worker's page for when there is no network: its files have names that change with their
// bytes, so a kept one is never old. What the house says (/v1/…) is never kept.
const cacheName = "linli-worker-1";
const isPage = (path) => /\/(m|m\.html)$/.test(path);
const isKept = (path) => /\/(assets\/.+|check\.js|favicon\.svg)$/.test(path);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function keep(request, answer) {
  if (!answer.ok) return answer;
  const cache = await caches.open(cacheName);
  await cache.put(request, answer.clone());
  return answer;
}

async function pageOrKept(request) {
  try {
    return await keep(request, await fetch(request));
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

async function keptOrFetched(request) {
  return (await caches.match(request)) ?? keep(request, await fetch(request));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (isPage(pathname)) event.respondWith(pageOrKept(request));
  else if (isKept(pathname)) event.respondWith(keptOrFetched(request));
});
