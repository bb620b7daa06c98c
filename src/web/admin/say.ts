// What was done or went wrong here: shown, and told to readers.
import { ref } from "vue";

export const toast = ref<{ text: string; isBad: boolean } | undefined>();

const shownMs = 8000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string): void {
  const live = document.getElementById("status");
  if (live) live.textContent = text;
}

export function say(text: string, isBad = false): void {
  const live = document.getElementById(isBad ? "alert" : "status");
  if (live) live.textContent = text;
  toast.value = { text, isBad };
  clearTimeout(timer);
  timer = setTimeout(() => (toast.value = undefined), shownMs);
}
