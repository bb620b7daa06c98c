// A check or an import that the house works at: begun on this page, or found again by a page that
// was loaded anew. The house goes on with it whether or not a page looks.
import { onScopeDispose, ref, shallowRef } from "vue";
import type { Problem } from "../kit/contract.ts";
import { instant } from "../kit/house-clock.ts";
import { dayText, t } from "../kit/words.ts";
import type { ImportJob, ImportJobs } from "./contract.ts";
import { change, look } from "./door.ts";
import type { Chosen } from "./import-files.ts";

export type Doing = "check" | "import";

const place = "linli.import"; // the one that this window follows
const askEveryMs = 1000;
const patienceMs = 180_000; // megabytes go up

export const isRunning = (job: ImportJob | undefined): boolean => job?.state === "running";

// What stands on the page when somebody comes to it: what runs, whosever it is, or the last import
// of his own, whose end he may not have seen.
export function jobToShow(jobs: ImportJob[], me: string | undefined): ImportJob | undefined {
  return jobs.find(isRunning) ?? jobs.find((each) => each.by === me && each.what === "import");
}

// Who began it, and when.
export function sinceText(job: ImportJob | undefined): string {
  const at = instant(job?.startedAt);
  return at === undefined ? "" : t("admin.import.since", { who: job?.byName || job?.by || "", at: dayText(at) });
}

export function useImportJob() {
  const job = shallowRef<ImportJob>();
  const isLost = ref(false); // the house doesn't know it: nothing of it was loaded
  const problem = ref<Problem>(); // of the last question; the house goes on all the same
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;

  function take(told: ImportJob | undefined): void {
    clearTimeout(timer);
    job.value = told;
    isLost.value = false;
    problem.value = undefined;
    if (!isRunning(told)) return sessionStorage.removeItem(place);
    sessionStorage.setItem(place, told?.id ?? "");
    askLater();
  }

  function askLater(): void {
    clearTimeout(timer);
    if (!isGone) timer = setTimeout(() => void ask(), askEveryMs);
  }

  async function ask(): Promise<void> {
    const id = job.value?.id;
    if (!id) return;
    const answer = await look<ImportJob>(`v1/registry/imports/${id}`);
    if (id !== job.value?.id) return; // another one is shown meanwhile
    if (answer.ok) return take(answer.value);
    if (answer.status === 404) {
      take(undefined);
      isLost.value = true;
      return;
    }
    problem.value = answer.problem;
    askLater();
  }

  async function find(me: string | undefined): Promise<void> {
    const id = sessionStorage.getItem(place);
    if (id) {
      job.value = { id, state: "running" };
      return ask();
    }
    const answer = await look<ImportJobs>("v1/registry/imports");
    if (answer.ok && !job.value) take(jobToShow(answer.value.jobs ?? [], me));
  }

  // What stands in the way, if anything; then what runs is shown, whosever it is.
  async function begin(what: Doing, files: Chosen[]): Promise<Problem | undefined> {
    take(undefined);
    const answer = await change<ImportJob>(`v1/registry/${what}`, { files }, { patienceMs });
    if (answer.ok) {
      take(answer.value);
      return undefined;
    }
    const all = await look<ImportJobs>("v1/registry/imports");
    const running = all.ok ? all.value.jobs?.find(isRunning) : undefined;
    if (running) take(running);
    return { ...answer.problem, holder: answer.problem.text || answer.problem.holder };
  }

  async function cancel(): Promise<Problem | undefined> {
    const id = job.value?.id;
    if (!id) return undefined;
    const answer = await change(`v1/registry/imports/${id}/cancel`, {});
    await ask();
    return answer.ok ? undefined : answer.problem;
  }

  onScopeDispose(() => {
    isGone = true;
    clearTimeout(timer);
  });
  return { job, isLost, problem, forget: () => take(undefined), find, begin, cancel };
}
