import type { Problem } from "./contract.ts";
import { houseClock } from "./house-clock.ts";
import { root } from "./live.ts";

// `said`: what came with a refusal, which may be more than a Problem.
export type Answer<T> =
  | { ok: true; value: T }
  | { ok: false; problem: Problem; status: number; said?: unknown };

const answerMs = 15_000;

// As WorkLine.version or OrderLine.version: what the page has seen of what it changes.
export interface CallOptions {
  version?: number;
  key?: string;
  patienceMs?: number; // for what is known to take long
  pageEnds?: boolean; // it goes out though the page does not wait for the answer
  as?: string; // whose word it is: refused as signed out when somebody else has signed in here
}

export function asUser(user: string | undefined): Record<string, string> {
  return user ? { "Linli-User": user } : {};
}

// Whose page this is, where it has said so: every request of it says whose it is. Whoever signs in on
// another tab has the cookie of both, and must neither act nor look in another's name.
let speaker = "";
let becameAnothers: () => void = () => undefined;

export function speakAs(user: string, whenAnothers: () => void): void {
  speaker = user;
  becameAnothers = whenAnothers;
}

export const asSpeaker = () => asUser(speaker);

// A key of one deed: the same in every resend of it, so that it is done once.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What the door says of a failure that is none of its own words.
const codeOf: Record<number, string> = {
  400: "not_understood",
  401: "signed_out",
  403: "forbidden",
  404: "unknown",
  409: "stale",
  422: "wrong",
  429: "too_often",
  503: "away",
};

async function refusalOf<T>(answer: Response): Promise<Answer<T>> {
  const { status } = answer;
  const own: Problem = { code: codeOf[status] ?? `http_${status}` };
  try {
    const said = (await answer.json()) as Problem;
    return { ok: false, problem: said.code ? said : own, status, said };
  } catch {
    return { ok: false, problem: own, status }; // a proxy's page, or nothing
  }
}

interface Asked {
  headers?: Record<string, string>;
  body?: string;
  keepalive?: boolean;
}

async function once<T>(method: string, path: string, asked: Asked, patienceMs = answerMs):
  Promise<Answer<T>> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), patienceMs);
  try {
    const answer = await fetch(new URL(path, root).href, {
      ...asked,
      headers: { ...asSpeaker(), ...asked.headers },
      method,
      cache: "no-store",
      credentials: "same-origin",
      signal: cut.signal,
    });
    if (!answer.ok) {
      const refused = await refusalOf<T>(answer);
      if (!refused.ok && refused.problem.code === "another_user") becameAnothers();
      return refused;
    }
    const text = await answer.text();
    return { ok: true, value: (text ? JSON.parse(text) : {}) as T };
  } catch {
    return { ok: false, problem: { code: "network" }, status: 0 };
  } finally {
    clearTimeout(timer);
  }
}

export async function read<T>(path: string): Promise<Answer<T>> {
  return once<T>("GET", path, {});
}

// A deed. Its key makes a second try harmless, so a broken connection is tried again once.
export async function send<T>(
  method: "POST" | "DELETE",
  path: string,
  body: unknown,
  { version, key = newKey(), patienceMs, pageEnds, as }: CallOptions = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = {
    "Content-Type": "application/json",
    "Idempotency-Key": key,
    ...asUser(as),
  };
  if (version) headers["If-Match"] = `"${version}"`;
  const init = { headers, body: JSON.stringify(body ?? {}), keepalive: pageEnds === true };
  const first = await once<T>(method, path, init, patienceMs);
  return first.ok || first.status !== 0 || pageEnds ? first : once<T>(method, path, init, patienceMs);
}

export async function readSession() {
  const answer = await read<import("./contract.ts").Session>("v1/session");
  if (answer.ok) houseClock.hear(answer.value.now);
  return answer;
}
