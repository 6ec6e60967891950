"use strict";
/* One map, every scenario: cells by class on a canvas for the screen, one SVG path a class for paper. */
var territo = (function () {
  var GROUND = "#DDE3EB"; /* under cells that hardly change, whose colour is almost that of paper */
  var data = JSON.parse(document.getElementById("territo-data").textContent);
  var middle = data.cells.length ? data.cells[1] / 1e5 : data.places[0][1] / 1e5;
  var shrink = Math.cos(middle * Math.PI / 180);

  function vertices(ring) {
    var x = 0, y = 0, out = [];
    for (var i = 0; i < ring.length; i += 2) { x += ring[i]; y += ring[i + 1]; out.push([x, y]); }
    return out;
  }

  function latLng(point) { return L.latLng(point[1] / 1e5, point[0] / 1e5); }

  var outlines = data.outlines.map(function (shape) { return shape.map(function (polygon) { return polygon.map(vertices); }); });
  var cells = vertices(data.cells);
  var half = [data.cell_m / 222640 * 1e5 / shrink * 1.12, data.cell_m / 222640 * 1e5 * 1.12];

  var segments = (function () {
    var found = new Map();
    outlines.forEach(function (shape, commune) {
      shape.forEach(function (polygon) {
        polygon.forEach(function (ring) {
          ring.forEach(function (from, i) {
            var to = ring[(i + 1) % ring.length], key = [from.join(), to.join()].sort().join(" ");
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
      return segment.sides.length < 2 || territories[segment.sides[0]] !== territories[segment.sides[1]];
    }).map(function (segment) { return segment.ends; });
  }

  function text(lines) {
    var box = document.createElement("div");
    lines.forEach(function (line) { var row = document.createElement("div"); row.textContent = line; box.appendChild(row); });
    return box;
  }

  /* ---- screen ---- */
  var map = L.map("carte", { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.1, zoomDelta: 0.5 });
  map.createPane("cells").style.zIndex = 350;
  var canvas = L.canvas({ pane: "cells", padding: 0.3 });
  L.control.zoom({ zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 130 }).addTo(map);
  var north = L.control({ position: "topright" });
  north.onAdd = function () {
    var box = L.DomUtil.create("div", "north");
    box.innerHTML = '<svg aria-hidden="true" viewBox="0 0 16 26"><path d="M8 9l5 11-5-3-5 3z"/><text x="8" y="7">N</text></svg>';
    return box;
  };
  north.addTo(map);
  var drawn = L.layerGroup().addTo(map);
  var bounds = L.latLngBounds([]);
  outlines.forEach(function (shape) { shape.forEach(function (polygon) { polygon[0].forEach(function (point) { bounds.extend(latLng(point)); }); }); });
  map.fitBounds(bounds, { animate: false, padding: [10, 10] });

  function classMembers(codes, code) {
    var members = [];
    for (var i = 0; i < codes.length; i += 1) { if (codes[i] === code) { members.push(i); } }
    return members;
  }

  function square(cell) {
    var x = cells[cell][0], y = cells[cell][1];
    return [[[x - half[0], y - half[1]], [x + half[0], y - half[1]], [x + half[0], y + half[1]], [x - half[0], y + half[1]]].map(latLng)];
  }

  function colour(palette, code) { return code === "x" ? "#dddddd" : data.colours[palette][code]; }

  function screen(view, codes) {
    drawn.clearLayers();
    if (codes) {
      if (view.palette === "change") {
        L.polygon(outlines.map(function (shape) { return shape.map(function (polygon) { return polygon.map(function (ring) { return ring.map(latLng); }); }); }).flat(), {
          renderer: canvas, stroke: false, fillOpacity: 1, fillColor: GROUND, interactive: false, smoothFactor: 0
        }).addTo(drawn);
      }
      Array.from(new Set(codes)).forEach(function (code) {
        L.polygon(classMembers(codes, code).map(square), {
          renderer: canvas, stroke: false, fillOpacity: 1, fillRule: "nonzero", fillColor: colour(view.palette, code), interactive: false, smoothFactor: 0
        }).addTo(drawn);
      });
    }
    outlines.forEach(function (shape, commune) {
      var rings = shape.map(function (polygon) { return polygon.map(function (ring) { return ring.map(latLng); }); });
      var style = "commune" + (codes ? "" : " filled " + view.palette + view.classes[commune]);
      L.polygon(rings, { className: style, smoothFactor: 0 })
        .bindTooltip(text([data.communes[commune]].concat(view.tips[commune])), { sticky: true }).addTo(drawn);
    });
    L.polyline(borders(view.territories).map(function (ends) { return ends.map(latLng); }), { className: "border", interactive: false, smoothFactor: 0 }).addTo(drawn);
    levels(view).split("").forEach(function (level, site) {
      if (!data.symbols[level]) { return; }
      var shape = data.symbols[level];
      var icon = L.divIcon({ className: "site site-" + level, iconSize: [shape[0], shape[0]],
        html: '<svg aria-hidden="true" viewBox="0 0 ' + shape[0] + " " + shape[0] + '"><path d="' + shape[1] + '"/></svg>' });
      L.marker(latLng(data.places[site]), { icon: icon, keyboard: false, zIndexOffset: "maph".indexOf(level) * 500 })
        .bindTooltip(text([data.sites[site], data.words["level_" + level]]), { direction: "top" }).addTo(drawn);
    });
    stops(view).forEach(function (item) {
      var size = data.symbols.i[0];
      var icon = L.divIcon({ className: "site site-i", iconSize: [size, size], iconAnchor: [size / 2, size * (0.5 + above(view, item))],
        html: '<svg aria-hidden="true" viewBox="0 0 ' + size + " " + size + '"><path d="' + data.symbols.i[1] + '"/></svg>' });
      L.marker(latLng(data.places[item.site]), { icon: icon, keyboard: false, zIndexOffset: 3000 })
        .bindTooltip(text([data.sites[item.site], data.words.level_i].concat(item.lines)), { direction: "top" }).addTo(drawn);
    });
    labels(view).forEach(function (item) {
      var chip = document.createElement("span");
      chip.className = "chip";
      chip.style.borderLeftColor = item.colour;
      chip.textContent = item.name;
      L.marker(latLng(data.places[item.site]), { icon: L.divIcon({ className: "", iconSize: null, html: chip }), keyboard: false, interactive: false, zIndexOffset: 5000 }).addTo(drawn);
    });
    map.getContainer().setAttribute("aria-label", view.label);
  }

  /* the signs of a change are those of its scenario */
  function levels(view) { return data.maps["access" + view.id.replace(/\D/g, "")].levels; }
  function labels(view) { return data.maps["access" + view.id.replace(/\D/g, "")].labels; }

  function stops(view) { return data.maps["access" + view.id.replace(/\D/g, "")].stops; }

  /* a stop stands in the place of a town hall, above any larger sign */
  function above(view, item) { return "hpa".indexOf(levels(view)[item.site]) >= 0 ? 0.9 : 0; }

  /* ---- paper: plane of equal scale, one unit = 1e-5 degree of latitude ---- */
  var SVG = "http://www.w3.org/2000/svg";
  var west = bounds.getWest() * 1e5, top = bounds.getNorth() * 1e5;
  function plane(point) { return [(point[0] - west) * shrink, top - point[1]]; }
  function element(name, attributes, parent) {
    var made = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    parent.appendChild(made);
    return made;
  }
  function line(points) { return points.map(function (point, i) { var p = plane(point); return (i ? "L" : "M") + p[0].toFixed(0) + "," + p[1].toFixed(0); }).join(""); }

  function paper(view, codes) {
    var width = (bounds.getEast() * 1e5 - west) * shrink, height = top - bounds.getSouth() * 1e5, unit = Math.max(width, height) / 600;
    var box = document.getElementById("papier");
    box.textContent = "";
    var svg = element("svg", { viewBox: [-8 * unit, -8 * unit, width + 16 * unit, height + 40 * unit].join(" "), preserveAspectRatio: "xMidYMid meet" }, box);
    function fill(d, code) { element("path", { d: d, fill: colour(view.palette, code), stroke: "none" }, svg); if (view.palette === "change" && "34".indexOf(code) >= 0) { hatch(d, code); } }
    function hatch(d, code) { element("path", { d: d, fill: "url(#papier" + code + ")", stroke: "none" }, svg); }
    var defs = element("defs", {}, svg);
    ["3", "4"].forEach(function (code) {
      var step = (code === "3" ? 11 : 6.5) * unit;
      var pattern = element("pattern", { id: "papier" + code, width: step, height: step, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, defs);
      element("path", { d: "M" + step / 2 + ",0v" + step, stroke: code === "3" ? "#7A3D00" : "#4A1D00", "stroke-width": 1.3 * unit }, pattern);
    });
    var shapes = outlines.map(function (shape) { return shape.map(function (polygon) { return polygon.map(function (ring) { return line(ring) + "Z"; }).join(""); }).join(""); });
    if (codes) {
      if (view.palette === "change") { element("path", { d: shapes.join(""), fill: GROUND, stroke: "none" }, svg); }
      var w = (half[0] * 2 * shrink).toFixed(1), h = (half[1] * 2).toFixed(1);
      Array.from(new Set(codes)).sort().forEach(function (code) {
        fill(classMembers(codes, code).map(function (cell) {
          var p = plane([cells[cell][0] - half[0], cells[cell][1] + half[1]]);
          return "M" + p[0].toFixed(0) + "," + p[1].toFixed(0) + "h" + w + "v" + h + "h-" + w + "z";
        }).join(""), code);
      });
    } else {
      shapes.forEach(function (d, commune) { fill(d, view.classes[commune]); });
    }
    shapes.forEach(function (d) { element("path", { d: d, fill: "none", stroke: codes ? "#7D8794" : "#FFFFFF", "stroke-width": 0.8 * unit }, svg); });
    element("path", { d: borders(view.territories).map(line).join(""), fill: "none", stroke: "#111", "stroke-width": 2.2 * unit, "stroke-linecap": "round" }, svg);
    "maph".split("").forEach(function (level) {
      levels(view).split("").forEach(function (its, site) {
        if (its !== level) { return; }
        var p = plane(data.places[site]), shape = data.symbols[level], size = shape[0] * unit * 0.8;
        var group = element("g", { transform: "translate(" + (p[0] - size / 2) + " " + (p[1] - size / 2) + ") scale(" + unit * 0.8 + ")" }, svg);
        element("path", { d: shape[1], fill: "none", stroke: "hp".indexOf(level) >= 0 ? "#fff" : "#111", "stroke-width": 4, "stroke-linejoin": "round" }, group);
        element("path", { d: shape[1], fill: { h: "#1B4F8A", p: "#111", a: "#fff", m: "#fff" }[level] }, group);
      });
    });
    stops(view).forEach(function (item) {
      var p = plane(data.places[item.site]), shape = data.symbols.i, size = shape[0] * unit * 0.8;
      var place = "translate(" + (p[0] - size / 2) + " " + (p[1] - size * (0.5 + above(view, item))) + ") scale(" + unit * 0.8 + ")";
      var group = element("g", { transform: place }, svg);
      element("path", { d: shape[1], fill: "none", stroke: "#fff", "stroke-width": 4, "stroke-linejoin": "round" }, group);
      element("path", { d: shape[1], fill: "#111" }, group);
    });
    labels(view).forEach(function (item) {
      var p = plane(data.places[item.site]);
      var label = element("text", { x: p[0], y: p[1] + 24 * unit, "text-anchor": "middle", "font-size": 13 * unit, "font-weight": 600, fill: "#1D2430", stroke: "#fff", "stroke-width": 4 * unit, "paint-order": "stroke", "stroke-linejoin": "round" }, svg);
      label.textContent = item.name.length > 30 ? item.name.slice(0, 29) + "…" : item.name;
    });
    var kmUnits = 1e5 / 111.32, limit = width / 4 / kmUnits, power = Math.pow(10, Math.floor(Math.log10(limit)));
    var km = [5, 2, 1].map(function (step) { return step * power; }).filter(function (length) { return length <= limit; })[0];
    element("path", { d: "M0," + (height + 14 * unit) + "v" + 6 * unit + "h" + km * kmUnits + "v" + -6 * unit, fill: "none", stroke: "#111", "stroke-width": 1.4 * unit }, svg);
    element("text", { x: km * kmUnits + 6 * unit, y: height + 21 * unit, "font-size": 13 * unit, fill: "#1D2430" }, svg).textContent = String(km).replace(".", data.words.decimal) + "\u202fkm";
    element("path", { d: "M0,0l6,14l-6,-4l-6,4z", fill: "#1D2430", transform: "translate(" + (width - 6 * unit) + " " + (height + 9 * unit) + ") scale(" + unit + ")" }, svg);
    element("text", { x: width - 16 * unit, y: height + 21 * unit, "text-anchor": "end", "font-size": 13 * unit, fill: "#1D2430" }, svg).textContent = data.words.north;
  }

  /* ---- choice ---- */
  function chosen(name) { return document.querySelector('input[name="' + name + '"]:checked').value; }

  function show() {
    var run = chosen("run"), what = chosen("what");
    var never = run === "0";
    document.querySelector('input[value="change"]').disabled = never;
    if (never && what === "change") { document.querySelector('input[value="access"]').checked = true; what = "access"; }
    var view = data.maps[what + run], codes = data.cell_classes[what + run];
    screen(view, codes);
    paper(view, codes);
    document.getElementById("montre").textContent = data.names[run] + " · " + data.words[what];
    document.querySelectorAll(".panel").forEach(function (panel) { panel.hidden = panel.dataset.run !== run; });
    document.querySelectorAll(".legend[data-what]").forEach(function (legend) { legend.hidden = legend.dataset.what !== what; });
  }

  document.querySelectorAll(".choices input").forEach(function (input) { input.addEventListener("change", show); });
  show();
  return { map: map, show: show };
})();
