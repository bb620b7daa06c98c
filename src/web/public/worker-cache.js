// Keeps the worker's page for when there is no network, or hardly any: its files have names that
// change with their bytes, so a kept one is never old. What the house says (/v1/…) is never kept.
const cacheName = "linli-worker-1";
const patienceMs = 3000; // in a stairwell a request hangs for minutes, and fails of nothing
const isPage = (path) => /\/(m|m\.html)$/.test(path);
const isNamedByItsBytes = (path) => /\/assets\/.+/.test(path);
const isKept = (path) => isNamedByItsBytes(path) || /\/(check\.js|favicon\.svg)$/.test(path);

const coming = new Map(); // by address: what two ask for at once is fetched once

async function fetched(address) {
  const answer = await fetch(address);
  const cache = await caches.open(cacheName);
  if (answer.ok) await cache.put(address, answer.clone()).catch(() => undefined); // the disk may be full
  return answer;
}

async function keptOrFetched(address) {
  const kept = await caches.match(address);
  if (kept) return kept;
  if (!coming.has(address))
    coming.set(address, fetched(address).finally(() => coming.delete(address)));
  return (await coming.get(address)).clone();
}

function filesOf(html, address) {
  const all = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => new URL(found[1], address));
  return all.filter((each) => each.origin === self.location.origin && isKept(each.pathname))
    .map((each) => each.href);
}

// With all of its files or not at all: one that came after the kept one was shown has asked for
// none of them. Those that it doesn't name are an older page's.
async function keepPage(address, answer) {
  const html = await answer.clone().text();
  const cache = await caches.open(cacheName);
  const before = await cache.match(address);
  if (before && (await before.text()) === html) return;
  const files = filesOf(html, address);
  const got = await Promise.all(files.map((each) =>
    (isNamedByItsBytes(each) ? keptOrFetched(each) : fetched(each))));
  if (!got.every((each) => each.ok)) return;
  await cache.put(address, answer);
  for (const { url } of await cache.keys())
    if (isKept(new URL(url).pathname) && !files.includes(url)) await cache.delete(url);
}

// Whoever opens it for the first time has it before this script runs.
async function keepFirst() {
  const address = new URL("./m", self.registration.scope).href;
  const answer = await fetch(address);
  if (answer.ok) await keepPage(address, answer);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepFirst().catch(() => undefined));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function pageOrKept(address, fresh) {
  const kept = await caches.match(address);
  if (!kept) return fresh;
  const late = new Promise((done) => setTimeout(done, patienceMs));
  const answer = await Promise.race([fresh.catch(() => undefined), late]);
  return answer && answer.status < 500 ? answer : kept; // 502: the door is there, and the house is not
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const address = origin + pathname;
  if (isKept(pathname)) event.respondWith(keptOrFetched(address));
  if (!isPage(pathname)) return;
  const fresh = fetch(request);
  event.waitUntil(fresh.then((answer) => answer.ok && keepPage(address, answer.clone()))
    .catch(() => undefined)); // also when it comes too late for this time
  event.respondWith(pageOrKept(address, fresh));
});
