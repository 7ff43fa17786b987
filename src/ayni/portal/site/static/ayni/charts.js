// Draws the charts of a page: Vega-Lite from a data block, without eval and without inline styles.
"use strict";
(() => {
  const NARROW = 480;
  const OPTIONS = {
    mode: "vega-lite", renderer: "svg", ast: true, actions: false, defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  async function draw(place, layout) {
    const specs = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    place.dataset.layout = layout;
    if (place.drawn) place.drawn.finalize();
    place.drawn = await window.vegaEmbed(place, specs[layout], OPTIONS);
  }

  function watch(place) {
    // a place without width is in a closed part of the page: it is drawn when that opens
    new ResizeObserver(() => {
      const width = place.clientWidth;
      const layout = width < NARROW ? "narrow" : "wide";
      if (width > 0 && place.dataset.layout !== layout) draw(place, layout);
    }).observe(place);
  }

  async function start(part) {
    const places = [...part.querySelectorAll("[data-chart]:not([data-layout])")];
    if (!places.length) return;
    await document.fonts.load('13px "Source Sans Pro"'); // or labels are measured in another typeface
    places.forEach(watch);
  }

  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement || document));
})();
