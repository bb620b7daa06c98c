import { createApp } from "vue";
import "../kit/base.css";
import "./worker.css";
import { i18n, language, speak } from "../kit/words.ts";
import Worker from "./Worker.vue";

speak(language());
createApp(Worker).use(i18n).mount("#page");
// The page opens without a network once it was open with one. Plain http has no service worker.
if ("serviceWorker" in navigator)
  navigator.serviceWorker.register("./worker-cache.js").catch(() => undefined);
