// By hand: node tests/web/measure_queue.mjs [OPEN] [EVENTS A SECOND]. The queue in a flood: from the
// update's arrival in the page to the frame that shows it, frames, long tasks, the main thread.
import { alert } from "./support/lines.mjs";
import { openBrowser, Stage } from "./support/stage.mjs";

const open = Number(process.argv[2] ?? 500);
const rate = Number(process.argv[3] ?? 50);
const seconds = 12;

const browser = await openBrowser();
const stage = await Stage.open(browser);
const at = () => new Date().toISOString();
const lines = Array.from({ length: open }, (_, n) => alert(n % 20 === 0 ? 1 : n % 5 === 0 ? 2 : 3, {
  raisedAt: at(), ...(n % 20 === 0 ? { state: "claimed", holder: "lina" } : {}) }));
stage.add(...lines);
await stage.context.addInitScript(() => {
  globalThis.__seen = { latencies: [], frames: 0, long: 0 };
  const { parse } = JSON; // the first that the page does with an update
  JSON.parse = (text, ...more) => {
    if (String(text).startsWith('{"epoch"')) {
      const came = performance.now();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => globalThis.__seen.latencies.push(performance.now() - came);
        channel.port2.postMessage(0);
      });
    }
    return parse(text, ...more);
  };
  new PerformanceObserver((list) => (globalThis.__seen.long += list.getEntries().length))
    .observe({ type: "longtask" });
  const frame = () => {
    globalThis.__seen.frames += 1;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
});
await stage.console();
const devtools = await stage.context.newCDPSession(stage.page);
await devtools.send("Performance.enable");
const metrics = async () => Object.fromEntries((await devtools.send("Performance.getMetrics")).metrics
  .map(({ name, value }) => [name, value]));
await stage.page.evaluate(() => Object.assign(globalThis.__seen, { latencies: [], frames: 0, long: 0 }));
const before = await metrics();
const began = performance.now();
for (let n = 0; performance.now() - began < seconds * 1000; ++n) {
  const which = n % lines.length;
  if (n % 10 === 0) {
    const gone = lines[which];
    lines[which] = alert(3, { raisedAt: at() });
    stage.tell([lines[which]], [gone.id]);
  } else {
    lines[which] = { ...lines[which], version: n + 2, signals: (n % 7) + 1 };
    stage.tell([lines[which]]);
  }
  const wait = began + ((n + 1) * 1000) / rate - performance.now();
  if (wait > 0) await new Promise((done) => setTimeout(done, wait));
}
const after = await metrics();
const seen = await stage.page.evaluate(() => globalThis.__seen);
const sorted = seen.latencies.sort((a, b) => a - b);
const part = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(0);
console.log(`${open} open, ${rate}/s: ${sorted.length} updates, p50 ${part(0.5)} p95 ${part(0.95)} ` +
  `p99 ${part(0.99)} ms, ${(seen.frames / seconds).toFixed(0)} fps, ${seen.long} long tasks, ` +
  `main thread ${(((after.TaskDuration - before.TaskDuration) / seconds) * 100).toFixed(0)} %, ` +
  `${await stage.page.evaluate(() => document.querySelectorAll("*").length)} nodes`);
await stage.close();
await browser.close();
