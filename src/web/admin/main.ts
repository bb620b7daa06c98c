import { createApp } from "vue";
import "../kit/base.css";
import "./admin.css";
import "../kit/all-words.ts";
import { i18n, language, speak } from "../kit/words.ts";
import Admin from "./Admin.vue";

speak(language());
createApp(Admin).use(i18n).mount("#page");
