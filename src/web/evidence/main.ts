import { createApp } from "vue";
import "../kit/base.css";
import "./evidence.css";
import "../kit/desk-words.ts";
import { i18n, language, speak } from "../kit/words.ts";
import EvidencePage from "./EvidencePage.vue";

speak(language());
createApp(EvidencePage).use(i18n).mount("#page");
