import type { LiveUpdate } from "./contract.ts";
import type { Taken } from "./live-feed.ts";
import type { LinkState } from "./live-link.ts";

// Between a page and the worker that holds the connection.
export interface FromPage {
  hello?: { root: string; user: string };
  painted?: string[];
  sounds?: boolean;
  bye?: true;
}

export interface ToPage {
  update?: LiveUpdate;
  taken?: Taken;
  state?: LinkState;
  first?: boolean;
}
