"use strict";
/* The maps of a page of the application: drawn once, then repainted from class strings that the page sends. */
(function () {
  var data = territo.data;
  var boxes = new Map();
  var COLOURS = data.colours;

  function say(message) { window.parent.postMessage(message, "*"); }

  /* Inhabited cells are squares on one canvas: thousands of them repaint in a few milliseconds. */
  var Cells = L.Layer.extend({
    initialize: function (palette) { this.palette = palette; this.classes = ""; },
    onAdd: function (map) {
      this.canvas = L.DomUtil.create("canvas", "cells", map.getPane("overlayPane"));
      map.on("moveend zoomend resize", this.paint, this);
      this.paint();
    },
    onRemove: function (map) { this.canvas.remove(); map.off("moveend zoomend resize", this.paint, this); },
    paint: function () {
      var map = this._map;
      if (!map) { return; }
      var size = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]), canvas = this.canvas;
      canvas.width = size.x; canvas.height = size.y;
      L.DomUtil.setPosition(canvas, corner);
      var brush = canvas.getContext("2d"), classes = this.classes;
      var side = Math.max(2, data.cell_m / metresPerPixel(map));
      for (var i = 0; i < classes.length; i += 1) {
        var colour = COLOURS[this.palette][classes[i]];
        if (!colour) { continue; }
        var at = map.latLngToContainerPoint(territo.latLng(data.cells[i]));
        if (at.x < -side || at.y < -side || at.x > size.x + side || at.y > size.y + side) { continue; }
        brush.fillStyle = colour;
        brush.fillRect(at.x - side / 2, at.y - side / 2, side + 0.5, side + 0.5);
      }
    }
  });

  function metresPerPixel(map) {
    return 40075016.686 * Math.cos(map.getCenter().lat * Math.PI / 180) / Math.pow(2, map.getZoom() + 8);
  }

  function pick(kind, index, box) { say({ pick: { kind: kind, index: index, map: box.view.id } }); }

  function shapes(box) {
    return territo.outlines.map(function (shape, commune) {
      var rings = shape.map(function (polygon) { return polygon.map(function (ring) { return ring.map(territo.latLng); }); });
      return L.polygon(rings, { className: "commune", smoothFactor: 0 })
        .bindTooltip(function () { return territo.text([data.communes[commune]].concat(box.view.tips[commune])); }, { sticky: true })
        .on("click", function () { pick("commune", commune, box); })
        .addTo(box.map);
    });
  }

  /* One map and the words around it; names are always written as text. */
  function open(view) {
    var card = document.getElementById("card").content.firstElementChild.cloneNode(true);
    document.getElementById("maps").appendChild(card);
    var map = L.map(card.querySelector(".map"), {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.1, zoomDelta: 0.5, zoomAnimation: false
    });
    var box = { card: card, map: map, view: view, labels: L.layerGroup(), sites: L.layerGroup() };
    box.cells = new Cells(view.palette);
    box.shapes = shapes(box);
    box.cells.addTo(map);
    box.border = L.polyline([], { className: "border", interactive: false, smoothFactor: 0 }).addTo(map);
    box.sites.addTo(map);
    box.labels.addTo(map);
    L.control.zoom({ zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 90 }).addTo(map);
    map.territoBounds = L.featureGroup(box.shapes).getBounds();
    territo.maps.push(map);
    territo.follow(map, "all");
    var holder = map.getContainer();
    holder.setAttribute("role", "group");
    holder.addEventListener("keydown", function (event) { if (event.key === "Enter") { pickCentre(box); } });
    return box;
  }

  /* The keyboard moves the map under a cross and takes what is under it. */
  function pickCentre(box) {
    var point = box.map.latLngToLayerPoint(box.map.getCenter());
    var index = box.shapes.findIndex(function (shape) { return shape._containsPoint(point); });
    if (index >= 0) { pick("commune", index, box); }
  }

  function paint(box, view) {
    var old = box.painted || {};
    box.view = view;
    box.card.querySelector("h2").textContent = view.title;
    box.card.querySelector("p").textContent = view.sentence;
    box.map.getContainer().setAttribute("aria-label", view.label);
    box.shapes.forEach(function (shape, commune) {
      var state = view.cells ? " under" : "";
      var path = shape.getElement();
      path.setAttribute("tabindex", "-1");  /* one stop of the keyboard a map, not one a commune */
      path.setAttribute("class", "leaflet-interactive commune " + view.palette + view.classes[commune] + state +
        (commune === view.selected ? " selected" : ""));
      if (commune === view.selected) { path.parentNode.appendChild(path); }
    });
    box.cells.classes = view.cells;
    box.cells.paint();
    if (String(old.territories) !== String(view.territories)) {
      box.border.setLatLngs(territo.borders(view.territories));
    }
    box.border.bringToFront();
    if (old.levels !== view.levels || JSON.stringify(old.stops) !== JSON.stringify(view.stops) || String(old.locks) !== String(view.locks)) { paintSites(box, view); }
    if (JSON.stringify(old.labels) !== JSON.stringify(view.labels)) {
      box.labels.clearLayers();
      view.labels.forEach(function (item) { territo.label(item).addTo(box.labels); });
    }
    box.painted = view;
  }

  /* Tiles from outside, under all that is ours: only where the page asks for them. */
  function plan(box, asked) {
    if (asked && !box.plan) {
      box.plan = L.tileLayer(asked.tiles, { maxZoom: 19, attribution: asked.attribution });
      box.credit = L.control.attribution({ prefix: false });
      box.credit.addTo(box.map);
      box.plan.addTo(box.map);
    } else if (!asked && box.plan) {
      box.plan.remove();
      box.credit.remove();
      box.plan = box.credit = null;
    }
    box.map.getContainer().classList.toggle("over-plan", Boolean(asked));
  }

  function paintSites(box, view) {
    box.sites.clearLayers();
    view.levels.split("").forEach(function (level, site) {
      if (!data.symbols[level]) { return; }
      territo.marker(site, level).on("click", function () { pick("site", site, box); }).addTo(box.sites);
    });
    view.stops.forEach(function (item) {
      territo.stop(item, view.levels).on("click", function () { pick("site", item.site, box); }).addTo(box.sites);
    });
    view.locks.forEach(function (lock) {
      var sign = L.divIcon({ className: "lock lock-" + lock[1], iconSize: [18, 18], html: lock[1] === "keep" ? "●" : "✕" });
      L.marker(territo.latLng(data.places[lock[0]]), { icon: sign, keyboard: false, interactive: false, zIndexOffset: 6000 }).addTo(box.sites);
    });
  }

  function legend(asked) {
    var items = asked.legend;
    var list = document.getElementById("legend");
    list.replaceChildren.apply(list, items.map(function (item) {
      var row = document.getElementById("swatch").content.firstElementChild.cloneNode(true);
      row.querySelector("rect").setAttribute("class", "commune " + item[0]);
      row.querySelector("span").textContent = item[1];
      return row;
    }).concat(signs(asked)));
  }

  /* The shapes of the places that are on the maps. */
  function signs(asked) {
    var levels = asked.views.map(function (view) { return view.levels + (view.stops.length ? "i" : ""); }).join("");
    return Object.keys(data.symbols).filter(function (level) { return levels.indexOf(level) >= 0; }).map(function (level) {
      var row = document.createElement("li"), shape = data.symbols[level], words = document.createElement("span");
      row.innerHTML = '<span class="site site-' + level + '"><svg aria-hidden="true" viewBox="0 0 ' + shape[0] + " " + shape[0] +
        '" style="width:' + shape[0] + 'px;height:' + shape[0] + 'px"><path d="' + shape[1] + '"/></svg></span>';
      words.textContent = asked.signs[level] || data.words["level_" + level];
      row.appendChild(words);
      return row;
    });
  }

  function show(asked) {
    var ids = asked.views.map(function (view) { return view.id; });
    boxes.forEach(function (box, id) {
      if (ids.indexOf(id) < 0) { territo.maps.splice(territo.maps.indexOf(box.map), 1); box.map.remove(); box.card.remove(); boxes.delete(id); }
    });
    document.documentElement.style.setProperty("--height", asked.height + "px");
    document.documentElement.style.setProperty("--columns", asked.views.length);
    legend(asked);
    var fresh = [];
    asked.views.forEach(function (view) {
      if (!boxes.has(view.id)) { boxes.set(view.id, open(view)); fresh.push(boxes.get(view.id)); }
    });
    fit(fresh.length ? Array.from(boxes.values()) : []);
    var holder = document.getElementById("maps");
    asked.views.forEach(function (view, place) {
      var card = boxes.get(view.id).card;
      /* a card that is put where it stands would lose the focus */
      if (holder.children[place] !== card) { holder.insertBefore(card, holder.children[place]); }
      paint(boxes.get(view.id), view);
      plan(boxes.get(view.id), asked.plan);
    });
    say({ height: document.documentElement.offsetHeight, painted: asked.turn });
  }

  function fit(list) {
    territo.moving = true;
    list.forEach(function (box) { territo.fit(box.map); });
    territo.moving = false;
  }

  window.addEventListener("message", function (event) {
    if (event.source === window.parent && event.data && event.data.views) { show(event.data); }
  });
  window.addEventListener("resize", function () {
    boxes.forEach(function (box) { box.map.invalidateSize({ animate: false, pan: false }); });
    say({ height: document.documentElement.offsetHeight });
  });
  say({ ready: true });
})();
