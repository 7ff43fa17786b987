// What every page needs of a script: htmx without eval and without inline styles, as the Content-Security-Policy asks.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  if (window.htmx) {
    window.htmx.config.allowEval = false;
    window.htmx.config.includeIndicatorStyles = false;
  }
});
