// The map of places: our own GeoJSON on our own outline, no tiles. Labels stand where they do not cover each other.
"use strict";
(() => {
  const COLOURS = { park: "#1f6b4a", zis: "#264e7a", district: "#6b5443", site: "#b9770e", plot: "#6b5443" };
  const RADIUS = { park: 8, zis: 5, district: 4, site: 5 };
  const STEPS = [5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
  const LABEL = { letter: 7.2, height: 18, gap: 10 };

  const popup = (properties, words) => {
    const box = document.createElement("div");
    const title = document.createElement("b");
    title.textContent = properties.name;
    box.append(title);
    for (const line of properties.lines || []) {
      const row = document.createElement("div");
      row.textContent = line;
      box.append(row);
    }
    if (properties.url) {
      const link = document.createElement("a");
      link.href = properties.url;
      link.textContent = `${words.open}: ${properties.name}`;
      box.append(link);
    }
    return box;
  };

  const graticule = (map, layer) => {
    layer.clearLayers();
    const bounds = map.getBounds();
    const width = bounds.getEast() - bounds.getWest();
    const step = STEPS.find((one) => width / one >= 4) || 0.01;
    const west = document.documentElement.lang.startsWith("en") ? "W" : "O";
    const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    const style = { color: "#c9d3d8", weight: 1, interactive: false };
    const size = map.getSize();
    const note = (place, text) => {
      const point = map.latLngToContainerPoint(place);
      const isClear = (point.x > 50 && point.x < size.x - 60) !== (point.y > 40 && point.y < size.y - 40);
      if (!isClear) return;
      L.marker(place, { icon: L.divIcon({ className: "map-degree", html: text, iconSize: null }), interactive: false, keyboard: false }).addTo(layer);
    };
    for (let at = Math.ceil(bounds.getWest() / step) * step; at < bounds.getEast(); at += step) {
      L.polyline([[bounds.getSouth(), at], [bounds.getNorth(), at]], style).addTo(layer);
      note([bounds.getNorth(), at], `${Math.abs(at).toFixed(digits)}° ${west}`);
    }
    for (let at = Math.ceil(bounds.getSouth() / step) * step; at < bounds.getNorth(); at += step) {
      L.polyline([[at, bounds.getWest()], [at, bounds.getEast()]], style).addTo(layer);
      note([at, bounds.getEast()], `<span>${Math.abs(at).toFixed(digits)}° ${at > 0 ? "N" : "S"}</span>`);
    }
  };

  const box = (direction, point, width) => {
    const side = { right: [LABEL.gap, -LABEL.height / 2], left: [-LABEL.gap - width, -LABEL.height / 2], top: [-width / 2, -LABEL.gap - LABEL.height], bottom: [-width / 2, LABEL.gap] }[direction];
    const [left, top] = [point.x + side[0], point.y + side[1]];
    return { left, top, right: left + width, bottom: top + LABEL.height };
  };

  const meet = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  const label = (map, markers) => {
    const size = map.getSize();
    const taken = markers.map((marker) => {
      const point = map.latLngToContainerPoint(marker.getLatLng());
      return { left: point.x - 5, right: point.x + 5, top: point.y - 5, bottom: point.y + 5, owner: marker, isSpot: true };
    });
    for (const marker of markers) {
      marker.unbindTooltip();
      const { name, kind } = marker.feature.properties;
      const isPark = kind === "park";
      const width = name.length * LABEL.letter + 6;
      const point = map.latLngToContainerPoint(marker.getLatLng());
      const free = ["right", "left", "top", "bottom"].find((direction) => {
        const wanted = box(direction, point, width);
        const inside = wanted.left > 0 && wanted.right < size.x && wanted.top > 0 && wanted.bottom < size.y;
        const hinders = (other) => other.owner !== marker && !(isPark && other.isSpot) && meet(wanted, other);
        return inside && !taken.some(hinders);
      });
      if (free) {
        taken.push({ ...box(free, point, width), owner: marker });
        marker.bindTooltip(name, { permanent: true, direction: free, offset: { right: [6, 0], left: [-6, 0], top: [0, -6], bottom: [0, 6] }[free], className: "map-name" });
      } else {
        marker.bindTooltip(name, { className: "map-name" });
      }
    }
  };

  const marked = (feature, place, words) => {
    const { kind, name } = feature.properties;
    const radius = RADIUS[kind] || 5;
    const icon = L.divIcon({ className: `map-spot ${kind}`, iconSize: [radius * 2, radius * 2] });
    const marker = kind === "site"
      ? L.circleMarker(place, { radius, weight: 1, color: "#fff", fillColor: COLOURS.site, fillOpacity: 0.9 })
      : L.marker(place, { icon, title: name, alt: name, zIndexOffset: kind === "park" ? 500 : 0 });
    marker.feature = feature;
    return marker.bindPopup(() => popup(feature.properties, words));
  };

  const draw = (map, features, words) => {
    const labelled = [];
    const bounds = L.latLngBounds([]);
    for (const feature of features) {
      const { kind, error } = feature.properties;
      if (feature.geometry.type === "Point") {
        const [longitude, latitude] = feature.geometry.coordinates;
        const place = L.latLng(latitude, longitude);
        if (error) {
          const circle = L.circle(place, { radius: error * 1000, color: COLOURS.park, weight: 1, dashArray: "4 4", fillOpacity: 0.04, interactive: false });
          circle.addTo(map);
          bounds.extend(circle.getBounds());
        }
        const marker = marked(feature, place, words).addTo(map);
        bounds.extend(place);
        labelled.push([kind === "park" ? 0 : kind === "site" ? 2 : 1, marker]);
      } else {
        const layer = L.geoJSON(feature, { style: { color: COLOURS.plot, weight: 1.5, fillOpacity: 0.12 } });
        layer.bindPopup(() => popup(feature.properties, words)).addTo(map);
        bounds.extend(layer.getBounds());
      }
    }
    labelled.sort((one, other) => one[0] - other[0]);
    return { markers: labelled.map((one) => one[1]), bounds };
  };

  const load = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  };

  const say = (canvas, map, words) => {
    const note = document.createElement("p");
    note.className = "finding warning";
    note.textContent = words;
    map.remove();
    canvas.replaceWith(note);
  };

  const start = async (canvas) => {
    const words = canvas.dataset;
    const map = L.map(canvas, { attributionControl: false, zoomControl: false, minZoom: 4, maxZoom: 17, zoomSnap: 0.5, worldCopyJump: false });
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    map.setView([-12.2, -76.9], 9);
    const found = await Promise.all([load(words.outline), load(words.features)]).catch(() => null);
    if (found === null) {
      say(canvas, map, words.failed);
      return;
    }
    const [outline, places] = found;
    L.geoJSON(outline, { interactive: false, style: { color: "#8b857a", weight: 1.5, fillColor: "#fbf9f5", fillOpacity: 1 } }).addTo(map);
    const lines = L.layerGroup().addTo(map);
    const { markers, bounds } = draw(map, places.features, words);
    const refresh = () => { graticule(map, lines); label(map, markers); };
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.08), { maxZoom: 13, animate: false });
    refresh();
    map.on("moveend", refresh);
    canvas.dataset.drawn = "yes";
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-map]").forEach(start));
})();
