import { createApp } from "vue";
import "../kit/base.css";
import "./console.css";
import "../kit/desk-words.ts";
import { i18n, language, speak } from "../kit/words.ts";
import Console from "./Console.vue";

speak(language());
createApp(Console).use(i18n).mount("#page");
