// Asking the house and telling it. A session that has ended leads to the sign-in, unless something
// is written here that would be lost.
import type { Problem } from "../kit/contract.ts";
import { read, send, type Answer, type CallOptions } from "../kit/http.ts";
import { i18n, t } from "../kit/words.ts";
import { isUnsaved } from "./unsaved.ts";

type Query = Record<string, string | undefined>;

export function pathWith(path: string, query: Query): string {
  const given = new URLSearchParams();
  for (const [name, text] of Object.entries(query)) if (text) given.set(name, text);
  const text = given.toString();
  return text ? `${path}?${text}` : path;
}

export const part = encodeURIComponent;

// Where one was comes along behind the #, which no server sees, and is opened again afterwards.
export function signedOut(): void {
  location.replace(`./index.html?ended=1&to=admin#${location.search}`);
}

function looked<T>(answer: Answer<T>): Answer<T> {
  if (!answer.ok && answer.status === 401 && !isUnsaved()) signedOut();
  return answer;
}

export async function look<T>(path: string, query: Query = {}): Promise<Answer<T>> {
  return looked(await read<T>(pathWith(path, query)));
}

export async function change<T>(path: string, body: unknown, options?: CallOptions):
  Promise<Answer<T>> {
  return looked(await send<T>("POST", path, body, options));
}

// What went wrong and what to do about it.
export function problemText({ code = "", holder, field }: Problem): string {
  if (code === "signed_out") return t("admin.problem.signed_out");
  const own = `admin.problem.${code}`;
  if (i18n.global.te(own) || i18n.global.te(own, "zh-CN"))
    return t(own, { who: holder ?? "", field: field ?? "" });
  const common = `problem.${code}`;
  return i18n.global.te(common, "zh-CN") ? t(common, { who: holder ?? "" }) : t("problem.other", { code });
}
