// In the oldest JavaScript, before everything else: a browser that can't run the pages is told so,
// in place of a white screen.
(function () {
  var ok = false;
  try {
    ok = "noModule" in document.createElement("script") &&
      typeof BigInt === "function" && typeof "".replaceAll === "function" &&
      typeof AbortController === "function" && typeof WebSocket === "function" &&
      CSS.supports("inset", "0");
  } catch (error) {
    ok = false;
  }
  if (!ok) location.replace("./outdated.html");
})();
