// What was recorded of a call, fetched part by part: a long talk is megabytes, and the house tells
// a minute of it at a time.
import { asSpeaker } from "./http.ts";
import { root } from "./live.ts";

export type Heard = { ok: true; sound: Blob } | { ok: false; code: string };

const partBytes = 1 << 20;

// How many bytes there are, as "bytes 0-9/1234" says.
export function sizeIn(range: string | null): number {
  const found = /^bytes \d+-\d+\/(\d+)$/.exec(range ?? "");
  return found ? Number(found[1]) : 0;
}

async function codeOf(answer: Response): Promise<string> {
  const said = (await answer.json().catch(() => ({}))) as { code?: string };
  return said.code ?? `http_${answer.status}`;
}

// `of`: where it is listed, as v1/alerts/{id}/recordings.
export async function hear(of: string, call: string, gone: AbortSignal): Promise<Heard> {
  const parts: Blob[] = [];
  for (let from = 0, size = 1; from < size;) {
    const answer = await fetch(new URL(`${of}/${call}`, root).href, {
      headers: { ...asSpeaker(), Range: `bytes=${from}-${from + partBytes - 1}` },
      cache: "no-store", credentials: "same-origin", signal: gone }).catch(() => undefined);
    if (!answer) return { ok: false, code: "network" };
    if (!answer.ok) return { ok: false, code: await codeOf(answer) };
    const part = await answer.blob().catch(() => undefined);
    size = sizeIn(answer.headers.get("Content-Range"));
    if (!part?.size || !size) return { ok: false, code: "network" };
    parts.push(part);
    from += part.size;
  }
  return { ok: true, sound: new Blob(parts, { type: "audio/wav" }) };
}
