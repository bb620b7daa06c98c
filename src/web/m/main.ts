import { createApp } from "vue";
import "../kit/base.css";
import "./worker.css";
import zh from "../generated/words/m.zh-CN.json";
import en from "../generated/words/m.en.json";
import { i18n, language, learn, speak } from "../kit/words.ts";
import Worker from "./Worker.vue";

learn({ "zh-CN": zh, en });
speak(language());
createApp(Worker).use(i18n).mount("#page");
// The page opens without a network once it was open with one. Plain http has no service worker.
if ("serviceWorker" in navigator)
  navigator.serviceWorker.register("./worker-cache.js").catch(() => undefined);
