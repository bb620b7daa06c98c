// What the house finds wrong comes in English, as its import says it on a terminal. What is known is
// told in the page's language; what isn't, as it came.
import { i18n, t } from "../kit/words.ts";
import { takenApart } from "./mistake-slug.ts";

function told(list: string, text: string | undefined): string {
  if (!text) return "";
  const { slug, values } = takenApart(text);
  const key = `word.${list}.${slug}`;
  return i18n.global.te(key) || i18n.global.te(key, "zh-CN") ? t(key, values) : text;
}

export const mistakeText = (text: string | undefined) => told("mistake", text);
export const remedyText = (text: string | undefined) => told("remedy", text);
