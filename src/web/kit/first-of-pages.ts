// Of her pages whose sound runs one is the first: it alone rings. Whoever holds this lock is it, and the
// browser frees it with the page, however that ends: a crash tells nobody. Without HTTPS there are no
// locks; then the worker says who it is (live-worker.ts), as it does to those whose sound doesn't run.
export const hasLocks = (): boolean => typeof navigator !== "undefined" && !!navigator.locks;

export class FirstOfPages {
  readonly #name: string;
  readonly #changed: (first: boolean) => void;
  #wish: AbortController | undefined;

  constructor(user: string, changed: (first: boolean) => void) {
    this.#name = `linli.rings.${user}`;
    this.#changed = changed;
  }

  // While the sound runs it wants to be; the oldest of those that do is.
  sounds(runs: boolean): void {
    if (runs === (this.#wish !== undefined)) return;
    this.#changed(false);
    this.#wish?.abort();
    this.#wish = runs ? this.#ask() : undefined;
  }

  #ask(): AbortController {
    const wish = new AbortController();
    const { signal } = wish;
    const held = () => new Promise<void>((done) => {
      if (signal.aborted) return done();
      signal.addEventListener("abort", () => done(), { once: true });
      this.#changed(true);
    });
    // Taken back; or this browser gives no locks after all, and two voices are better than none.
    const refused = () => signal.aborted || this.#changed(true);
    void navigator.locks.request(this.#name, { signal }, held).catch(refused);
    return wish;
  }
}
