import { resolve } from "node:path";
import { defineConfig } from "vite";
import vue from "@vitejs/plugin-vue";
import messages from "@intlify/unplugin-vue-i18n/vite";

const here = import.meta.dirname;

// Every page is a static file with relative URLs: no host name is in it, and no inline script or
// style, so that the server's policy can forbid them.
export default defineConfig({
  root: here,
  base: "./",
  plugins: [vue(), messages({
    include: [resolve(here, "words/*.json"), resolve(here, "generated/words/*.json")],
    strictMessage: true,
  })],
  define: { __VUE_OPTIONS_API__: "false" },
  worker: { format: "iife" },
  build: {
    target: ["es2020", "chrome87", "safari14"],
    cssTarget: "chrome87",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    emptyOutDir: true,
    reportCompressedSize: false,
    rollupOptions: {
      checks: { pluginTimings: false },
      input: [
        "index.html", "console.html", "m.html", "admin.html", "evidence.html", "outdated.html",
      ].map((page) => resolve(here, page)),
    },
  },
});
