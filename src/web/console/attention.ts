import type { WorkLine } from "../kit/contract.ts";
import { t, word } from "../kit/words.ts";

// What draws the eye when another tab or program is in front.
export function showCount(unclaimed: number): void {
  const name = `${t("app.console_title")} · ${t("app.name")}`;
  document.title = unclaimed > 0 ? `(${unclaimed}) ⚠ ${name}` : name;
  drawIcon(unclaimed);
}

let drawn = -1;

function drawIcon(unclaimed: number): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (!link || unclaimed === drawn) return;
  drawn = unclaimed;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 32;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.fillStyle = unclaimed > 0 ? "#b3001b" : "#39414d";
  pen.beginPath();
  if (unclaimed > 0) for (const [x, y] of [[16, 0], [32, 16], [16, 32], [0, 16]]) pen.lineTo(x!, y!);
  else pen.arc(16, 16, 14, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#fff";
  pen.font = "bold 18px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(unclaimed > 9 ? "9+" : unclaimed > 0 ? String(unclaimed) : "邻", 16, 17);
  link.href = canvas.toDataURL("image/png");
}

// Of the system, only for emergencies and only while the page can't be seen; the same alert
// replaces its own, and goes when somebody has it.
export class Notices {
  readonly #open: (id: string) => void;
  #shown = new Map<string, Notification>();

  constructor(open: (id: string) => void) {
    this.#open = open;
  }

  raise(line: WorkLine): void {
    const id = line.id ?? "";
    if (!document.hidden || typeof Notification === "undefined") return;
    if (Notification.permission !== "granted") return;
    const notice = new Notification(`${t("level.1")} ${word("alert_kind", line.kind)}`, {
      body: `${line.name ?? ""} ${line.place ?? ""}`,
      tag: id,
      requireInteraction: true,
    });
    notice.onclick = () => {
      window.focus();
      this.#open(id);
    };
    this.#shown.set(id, notice);
  }

  keep(unclaimed: ReadonlySet<string>): void {
    for (const [id, notice] of this.#shown)
      if (!unclaimed.has(id)) {
        notice.close();
        this.#shown.delete(id);
      }
  }
}
