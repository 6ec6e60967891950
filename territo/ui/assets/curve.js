/* A curve of points that are buttons: mouse, keyboard and screen readers choose one alike. */
const NS = "http://www.w3.org/2000/svg";
const WIDE = { width: 720, height: 330, left: 84, right: 24, top: 20, bottom: 52, swatch: 26, ends: 96 };
/* On a telephone the picture is as wide as the screen, so that its words keep their size. */
const NARROW = { width: 360, height: 300, left: 46, right: 26, top: 38, bottom: 52, swatch: 14, ends: 62 };
const SWATCH_HEIGHT = 11;
const REACH = 18;

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".curve");
  const BOX = root.clientWidth < 520 ? NARROW : WIDE;
  const picture = make("svg", { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "group", "aria-label": data.label });
  const x = scale(data.points.map((point) => point.x), BOX.left, BOX.width - BOX.right);
  const y = scale(data.points.map((point) => point.y), BOX.height - BOX.bottom, BOX.top);
  data.ticks_x.forEach((tick) => axis(picture, { x1: x(tick[0]), x2: x(tick[0]), y1: BOX.top, y2: BOX.height - BOX.bottom }, tick[1], x(tick[0]), BOX.height - BOX.bottom + 18, "middle"));
  data.ticks_y.forEach((tick) => axis(picture, { y1: y(tick[0]), y2: y(tick[0]), x1: BOX.left, x2: BOX.width - BOX.right }, tick[1], BOX.left - 8, y(tick[0]) + 4, "end"));
  words(picture, data.name_x, { x: BOX.width - BOX.right, y: BOX.height - 10, "text-anchor": "end", class: "name" });
  words(picture, data.name_y, { x: 8, y: 13, class: "name" });
  if (data.legend) { legend(picture, data.legend, BOX); }
  const line = data.line.map((index) => data.points[index]);
  picture.append(make("polyline", { class: "line", points: line.map((point) => `${x(point.x)},${y(point.y)}`).join(" ") }));
  const choose = (point) => setTriggerValue("point", { index: point.index, at: Date.now() });
  data.points.forEach((point) => {
    const chosen = point.index === data.chosen;
    const group = make("g", { class: "point" + (chosen ? " chosen" : "") + (point.proven ? "" : " open") + (point.colour ? " coloured" : ""), tabindex: 0, role: "button", "aria-pressed": chosen, "aria-label": point.label });
    group.append(make("circle", { cx: x(point.x), cy: y(point.y), r: REACH, class: "target" }));
    const dot = make("circle", { cx: x(point.x), cy: y(point.y), r: chosen ? 9 : 6.5, class: "dot" });
    if (point.colour) { dot.style.fill = point.colour; }
    group.append(dot);
    if (point.note) { words(group, point.note, { x: x(point.x) + 12, y: y(point.y) - 10, class: "note" }); }
    const title = make("title", {});
    title.textContent = point.label;
    group.append(title);
    group.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(point); } });
    picture.append(group);
  });
  /* Points may lie on one another: a click takes the nearest one, not the one that was drawn last. */
  picture.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
    const far = (point) => Math.hypot(x(point.x) - at.x, y(point.y) - at.y);
    const nearest = data.points.reduce((best, point) => (far(point) < far(best) ? point : best));
    if (far(nearest) <= REACH) { choose(nearest); }
  });
  root.replaceChildren(picture);
}

function make(name, attributes) {
  const element = document.createElementNS(NS, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

function legend(picture, said, box) {
  const wide = box.swatch * said.colours.length, left = box.width - box.ends - wide;
  words(picture, said.title, { x: left + wide / 2, y: 13, "text-anchor": "middle", class: "name" });
  said.colours.forEach((colour, place) => {
    const swatch = make("rect", { x: left + place * box.swatch, y: 20, width: box.swatch, height: SWATCH_HEIGHT, class: "swatch" });
    swatch.style.fill = colour;
    picture.append(swatch);
  });
  words(picture, said.ends[0], { x: left - 6, y: 30, "text-anchor": "end", class: "tick" });
  words(picture, said.ends[1], { x: left + wide + 6, y: 30, class: "tick" });
}

function words(parent, text, attributes) {
  const element = make("text", attributes);
  element.textContent = text;
  parent.append(element);
}

function axis(picture, line, text, x, y, anchor) {
  picture.append(make("line", { ...line, class: "grid" }));
  words(picture, text, { x, y, "text-anchor": anchor, class: "tick" });
}

function scale(values, from, to) {
  const low = Math.min(...values), high = Math.max(...values), room = (high - low) * 0.06 || 1;
  return (value) => from + (to - from) * (value - low + room) / (high - low + 2 * room);
}
