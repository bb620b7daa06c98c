// One connection for all pages of a browser: HTTP/1.1 gives an origin six, and one user's six tabs
// must not lock out the seventh. Of the pages whose sound runs, one is the first: it alone rings. That
// is the worker's to say where there are no locks; a page that crashed is forgotten late.
import type { LiveUpdate } from "./contract.ts";
import { LiveLink, type LinkState } from "./live-link.ts";
import type { FromPage, ToPage } from "./live-words.ts";

interface Page {
  port: MessagePort;
  heardAt: number;
  sounds: boolean;
  user: string;
}

const forgottenAfterMs = 180_000; // a page in the background may speak once a minute only

const pages: Page[] = [];
let link: LiveLink | undefined;
let user = "";

function tellAll(what: ToPage): void {
  for (const page of pages) page.port.postMessage(what);
}

function chooseFirst(): void {
  const first = pages.find((page) => page.sounds);
  for (const page of pages) page.port.postMessage({ first: page === first } satisfies ToPage);
}

function connect(root: string): void {
  link?.stop();
  link = new LiveLink(root, {
    updated: (update: LiveUpdate, taken) => tellAll({ update, taken }),
    stateChanged: (state: LinkState) => tellAll({ state }),
  }, user);
  link.start();
}

function welcome(page: Page, root: string, as: string): void {
  page.user = as;
  if (!link || user !== as || link.state === "signed_out") {
    user = as;
    sendAwayOthers();
    connect(root);
  } else {
    page.port.postMessage({ state: link.state } satisfies ToPage);
    if (link.feed.epoch) {
      const update = link.feed.snapshot(); // without a time: what stands in it may be old
      page.port.postMessage({ update, taken: "snapshot" } satisfies ToPage);
    }
  }
}

// Another user of this browser must not see what the one before could, nor be taken for him.
function sendAwayOthers(): void {
  for (const page of pages.filter((each) => each.user && each.user !== user)) {
    page.port.postMessage({ state: "signed_out" } satisfies ToPage);
    forget(page);
  }
}

function forget(page: Page): void {
  const at = pages.indexOf(page);
  if (at >= 0) pages.splice(at, 1);
  chooseFirst();
}

// One that was forgotten and speaks again doesn't know whether it is still the first.
function join(page: Page): void {
  pages.push(page);
  chooseFirst();
}

function hear(page: Page, said: FromPage): void {
  page.heardAt = Date.now();
  if (said.bye) return forget(page);
  if (!pages.includes(page)) join(page);
  if (said.hello) welcome(page, said.hello.root, said.hello.user);
  if (said.painted) link?.painted(said.painted);
  if (said.sounds !== undefined && said.sounds !== page.sounds) {
    page.sounds = said.sounds;
    chooseFirst();
  }
}

// A page's library doesn't know the worker's own name for this.
const scope = self as unknown as { onconnect: (event: MessageEvent) => void };
scope.onconnect = (event) => {
  const page: Page = { port: event.ports[0]!, heardAt: Date.now(), sounds: false, user: "" };
  pages.push(page);
  page.port.onmessage = (message) => hear(page, message.data as FromPage);
};

setInterval(() => {
  for (const page of [...pages])
    if (Date.now() - page.heardAt > forgottenAfterMs) forget(page);
}, 30_000);
