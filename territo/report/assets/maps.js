"use strict";
/* Draws every map of the page from one copy of the outlines; each map brings only class strings. */
var territo = (function () {
  var data = JSON.parse(document.getElementById("territo-data").textContent);
  var groups = {};
  var drawn = [];
  function latLng(point) { return L.latLng(point[1] / 1e5, point[0] / 1e5); }

  function vertices(ring) {
    var x = 0, y = 0, out = [];
    for (var i = 0; i < ring.length; i += 2) { x += ring[i]; y += ring[i + 1]; out.push([x, y]); }
    return out;
  }

  var outlines = data.outlines.map(function (shape) {
    return shape.map(function (polygon) { return polygon.map(vertices); });
  });

  /* Each segment of a border once, with the communes on its sides: borders of territories follow for free. */
  var segments = (function () {
    var found = new Map();
    outlines.forEach(function (shape, commune) {
      shape.forEach(function (polygon) {
        polygon.forEach(function (ring) {
          ring.forEach(function (from, i) {
            var to = ring[(i + 1) % ring.length];
            var key = [from.join(), to.join()].sort().join(" ");
            if (!found.has(key)) { found.set(key, { ends: [from, to], sides: [] }); }
            found.get(key).sides.push(commune);
          });
        });
      });
    });
    return Array.from(found.values());
  })();

  function borders(territories) {
    return segments.filter(function (segment) {
      var sides = segment.sides;
      return sides.length < 2 || territories[sides[0]] !== territories[sides[1]];
    }).map(function (segment) { return segment.ends.map(latLng); });
  }

  function text(lines) {
    var box = document.createElement("div");
    lines.forEach(function (line) {
      var row = document.createElement("div");
      row.textContent = line;
      box.appendChild(row);
    });
    return box;
  }

  function marker(site, level) {
    var shape = data.symbols[level];
    var icon = L.divIcon({
      className: "site site-" + level,
      iconSize: [shape[0], shape[0]],
      html: '<svg aria-hidden="true" viewBox="0 0 ' + shape[0] + " " + shape[0] + '"><path d="' + shape[1] + '"/></svg>'
    });
    var lines = [data.sites[site], data.words["level_" + level]];
    return L.marker(latLng(data.places[site]), { icon: icon, keyboard: false, zIndexOffset: "maph".indexOf(level) * 500 })
      .bindTooltip(text(lines), { direction: "top" });
  }

  /* An itinerant stop: in the place of a town hall, above any larger sign. */
  function stop(item, levels) {
    var size = data.symbols.i[0], beside = "hpa".indexOf(levels[item.site]) >= 0;
    var icon = L.divIcon({
      className: "site site-i", iconSize: [size, size], iconAnchor: [size / 2, size * (beside ? 1.4 : 0.5)],
      html: '<svg aria-hidden="true" viewBox="0 0 ' + size + " " + size + '"><path d="' + data.symbols.i[1] + '"/></svg>'
    });
    return L.marker(latLng(data.places[item.site]), { icon: icon, keyboard: false, zIndexOffset: 3000 })
      .bindTooltip(text([data.sites[item.site], data.words.level_i].concat(item.lines)), { direction: "top" });
  }

  /* A label near the edge of the territory turns inwards, so that it is not cut. */
  function side(place) {
    var longitudes = data.places.map(function (other) { return other[0]; });
    var west = Math.min.apply(null, longitudes), east = Math.max.apply(null, longitudes);
    var share = (place[0] - west) / ((east - west) || 1);
    return share < 0.25 ? "west" : share > 0.75 ? "east" : "";
  }

  function label(item) {
    var chip = document.createElement("span");
    chip.className = "chip";
    chip.style.borderLeftColor = item.colour;
    chip.textContent = item.name;
    var icon = L.divIcon({ className: "territory-label " + side(data.places[item.site]), iconSize: null, html: chip });
    return L.marker(latLng(data.places[item.site]), { icon: icon, keyboard: false, interactive: false, zIndexOffset: 5000 });
  }

  function follow(map, group) {
    var maps = groups[group] = groups[group] || [];
    maps.push(map);
    map.on("move", function () {
      if (territo.moving) { return; }
      territo.moving = true;
      maps.forEach(function (other) {
        if (other !== map) { other.setView(map.getCenter(), map.getZoom(), { animate: false }); }
      });
      territo.moving = false;
    });
  }

  function fit(map) {
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(map.territoBounds, { animate: false, paddingTopLeft: [8, 8], paddingBottomRight: [26, 24] });
  }

  function draw(map, id) {
    var view = data.maps[id];
    var shapes = outlines.map(function (shape, commune) {
      var rings = shape.map(function (polygon) { return polygon.map(function (ring) { return ring.map(latLng); }); });
      return L.polygon(rings, { className: "commune " + view.palette + view.classes[commune], smoothFactor: 0 })
        .bindTooltip(text([data.communes[commune]].concat(view.tips[commune])), { sticky: true })
        .addTo(map);
    });
    L.polyline(borders(view.territories), { className: "border", interactive: false, smoothFactor: 0 }).addTo(map);
    view.levels.split("").forEach(function (level, site) {
      if (data.symbols[level]) { marker(site, level).addTo(map); }
    });
    view.stops.forEach(function (item) { stop(item, view.levels).addTo(map); });
    view.labels.forEach(function (item) { label(item).addTo(map); });
    L.control.zoom({ zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 90 }).addTo(map);
    map.getContainer().setAttribute("role", "group");
    map.getContainer().setAttribute("aria-label", view.label);
    map.territoBounds = L.featureGroup(shapes).getBounds();
    fit(map);
    follow(map, view.palette);
    drawn.push(map);
  }

  /* Paper has its own map size: fit again before printing, and come back to the same view after. */
  window.addEventListener("beforeprint", function () {
    territo.moving = true;
    document.documentElement.classList.add("printing");
    drawn.forEach(function (map) { map.territoView = [map.getCenter(), map.getZoom()]; fit(map); });
    territo.moving = false;
  });
  window.addEventListener("afterprint", function () {
    territo.moving = true;
    document.documentElement.classList.remove("printing");
    drawn.forEach(function (map) {
      map.invalidateSize({ animate: false, pan: false });
      map.setView(map.territoView[0], map.territoView[1], { animate: false });
    });
    territo.moving = false;
  });

  return {
    draw: draw, maps: drawn, moving: false, data: data, outlines: outlines,
    borders: borders, fit: fit, follow: follow, label: label, latLng: latLng, marker: marker, stop: stop, text: text
  };
})();
