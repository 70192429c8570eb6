// What the scripts of all map pages share. All text of the scene is set as text (textContent);
// nothing of it is ever read as HTML or as a script.

const scene = JSON.parse(document.getElementById("scene").textContent);
// The only addresses on the page, each behind a link that a reader may follow.
const CREDITS = [
  ["Natural Earth", "https://www.naturalearthdata.com/"],
  ["GeoNames (CC BY 4.0)", "https://www.geonames.org/"],
  ["\u00a9 OpenStreetMap contributors (ODbL)", "https://www.openstreetmap.org/copyright"],
  ["NOAA GLOBE", "https://www.ngdc.noaa.gov/mgg/topo/globe.html"],
  ["Leaflet", "https://leafletjs.com"],
];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = matchMedia("(max-width: 699px)");
const byId = id => document.getElementById(id);

// ---- Words and figures -------------------------------------------------------------------

const digits = n => new Intl.NumberFormat("en", { maximumSignificantDigits: n });
const [two, three] = [digits(2), digits(3)];
const figure = x => (x === null || x === undefined ? "not known"
  : Math.abs(x) >= 1e6 ? `${three.format(x / 1e6)} million` : (Math.abs(x) < 1 ? two : three).format(x))
  .replace("-", "\u2212");
const withUnit = (x, unit) => (unit ? `${figure(x)}\u00a0${unit}` : figure(x));
const interval = ([, low, high]) => `${figure(low)} to ${figure(high)}`;
const within = km => (km < 1 ? `${figure(km * 1000)}\u00a0m` : `${figure(km)}\u00a0km`);
const dayName = day => {
  const [y, m, d] = day.split("-").map(Number);
  return MONTHS[m - 1] ? `${d} ${MONTHS[m - 1]} ${y}` : day;
};

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (className) element.className = className;
  return element;
}
function draw(tag, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (parent) parent.append(element);
  return element;
}

// ---- Cards -------------------------------------------------------------------------------

function addRow(list, term, value, note) {
  const cell = make("dd");
  cell.append(make("b", value));
  if (note) cell.append(` (${note})`);
  list.append(make("dt", term), cell);
}
function evidence(claims, assumed, what) {
  const line = make("p", claims.length ? `Evidence: ${claims.join(", ")}` : "Evidence: no claim", "evidence");
  if (assumed) {
    line.append(" · ", make("span", `${assumed} assumed ${assumed === 1 ? what : what + "s"}`, "assumed"));
  }
  return line;
}
function card(title, local, className) {
  const box = make("div", null, className ? `card ${className}` : "card");
  const head = make("h2", title);
  if (local && local !== title) head.append(" ", make("bdi", local));
  box.append(head);
  return box;
}
function cited(list, traffic) {
  const note = [traffic.period, traffic.claims.join(", ")].filter(Boolean).join(" · ");
  if (traffic.tonnes !== null) addRow(list, "Goods on record", withUnit(traffic.tonnes, "t"), note);
  if (traffic.trains !== null) addRow(list, "Trains on record", figure(traffic.trains), traffic.tonnes === null ? note : "");
}

// A card opens beside its mark; on a phone, as a sheet over the foot of the map.
let opened = null;
function open(pane, mark, content) {
  close();
  opened = { pane, content, from: document.activeElement };
  if (narrow.matches) {
    refresh();
    byId("sheet-close").focus();
  } else {
    const at = mark.getRadius ? mark.getLatLng() : mark.getCenter();
    opened.popup = L.popup({ maxWidth: pane.cardWidth ?? 300, minWidth: 260, maxHeight: Math.max(160, pane.map.getSize().y - 150),
      autoPanPaddingTopLeft: [14, 60], autoPanPaddingBottomRight: [14, 14] })
      .setLatLng(at).setContent(() => content()).openOn(pane.map);
  }
}
function refresh() {
  if (opened?.popup) opened.popup.update();
  else if (opened) {
    byId("sheet-card").replaceChildren(opened.content());
    byId("sheet").hidden = false;
  }
}
function close() {
  byId("sheet").hidden = true;
  opened?.popup?.remove();
  if (opened?.from?.isConnected) opened.from.focus();
  opened = null;
}

// ---- Marks -------------------------------------------------------------------------------

function dress(pane, mark, layer, group, look, content, title) {
  mark.on("click", () => open(pane, mark, content));
  mark.addTo(pane.groups[group]);
  pane.marks.push({ layer, look });
  const reach = () => {
    const path = mark.getElement();
    if (!path) return;
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", title);
    if (mark.getRadius) path.setAttribute("tabindex", "0");
    path.onkeydown = event => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(pane, mark, content); }
    };
  };
  mark.on("add", reach);
  reach();
  return mark;
}
function circle(pane, group, thing, look, content, title) {
  const { r, className } = look();
  const mark = L.circleMarker(thing.at, { radius: r, className, pane: group });
  return dress(pane, mark, mark, group, look, content, title);
}
// Each link is drawn, and over it a wide unseen line that a thumb can hit.
function line(pane, group, link, look, content, title) {
  const { weight, className } = look();
  const layer = L.polyline(link.line, { weight, className, pane: group, interactive: false });
  layer.addTo(pane.groups[group]);
  const reach = L.polyline(link.line, { weight: 16, className: "reach", pane: group });
  return dress(pane, reach, layer, group, look, content, title);
}
function name(pane, place, group, gap, words) {
  const icon = make("div");
  const label = make("span", place.name);
  const number = words ? make("b") : null;
  if (number) label.append(" ", number);
  if (!place.crossing && !words) icon.append(make("i"));
  icon.append(label);
  const mark = L.marker(place.at, {
    icon: L.divIcon({ className: `name ${place.kind && place.area ? place.kind : `rank-${Math.round(place.rank)}`}${words ? " subject" : ""}`, html: icon, iconSize: [0, 0] }),
    interactive: false, keyboard: false,
  });
  icon.className = "spot";
  mark.addTo(pane.groups[group]);
  pane.names.push({ mark, place, icon, label, number, words, group, gap: typeof gap === "function" ? gap : () => gap });
}

// ---- Names: placed one after the other, the most important first, where nothing stands ---

function layOut(pane) {
  const { map } = pane;
  const size = map.getSize();
  if (!size.x) return;
  for (const { icon, length, look } of pane.arrows ?? []) icon.hidden = length * 2 ** map.getZoom() < 40 || look().weight < 4;
  const [marks, lines] = standing(pane).map(crowd);
  const names = crowd([]);
  const clear = box => box[0] >= 0 && box[1] >= 0 && box[2] <= size.x && box[3] <= size.y
    && !marks.meets(box) && !names.meets(box);
  const zoom = map.getZoom();
  const wanted = pane.names.filter(({ place, group }) => zoom >= (place.zoom ?? 0) && zoom < (place.until ?? Infinity) && map.hasLayer(pane.groups[group]));
  wanted.sort((a, b) => a.place.rank - b.place.rank);
  // All sizes are read before anything is written: the browser then measures the page once.
  const sizes = wanted.map(({ label }) => [label.offsetWidth, label.offsetHeight]);
  for (const { icon } of pane.names) icon.classList.remove("placed");
  wanted.forEach(({ mark, place, icon, label, words, gap }, k) => {
    const at = map.latLngToContainerPoint(mark.getLatLng());
    if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y || names.meets([at.x, at.y, at.x, at.y])) return;
    const [w, h] = sizes[k];
    if (place.reach && place.reach * 2 * 256 * 2 ** zoom / 360 < 0.45 * w) return;
    const offsets = place.area ? across(w, h) : [0, 7, 14, ...(words || place.far ? [22, 30] : [])].flatMap(far => around(gap() + far, w, h));
    const spots = offsets.map(([dx, dy]) => [dx, dy, [at.x + dx - 1, at.y + dy, at.x + dx + w + 1, at.y + dy + h]]).filter(each => clear(each[2]));
    // What matters most is named over a line rather than not at all.
    const spot = spots.find(each => !lines.meets(each[2])) ?? (place.far || place.area ? spots[0] : undefined);
    if (!spot) return;
    label.style.transform = `translate(${Math.round(spot[0])}px, ${Math.round(spot[1])}px)`;
    icon.classList.add("placed");
    names.add(spot[2]);
  });
}
// Boxes on the screen, kept by squares of 32 pixels so that few are looked at.
function crowd(boxes) {
  const squares = new Map();
  const each = ([x1, y1, x2, y2], see) => {
    for (let i = x1 >> 5; i <= x2 >> 5; i += 1) for (let j = y1 >> 5; j <= y2 >> 5; j += 1) if (see(i * 4096 + j)) return true;
    return false;
  };
  const made = {
    add: box => each(box, key => {
      if (squares.has(key)) squares.get(key).push(box); else squares.set(key, [box]);
      return false;
    }),
    meets: ([x1, y1, x2, y2]) => each([x1, y1, x2, y2], key => (squares.get(key) ?? [])
      .some(other => x1 < other[2] && other[0] < x2 && y1 < other[3] && other[1] < y2)),
  };
  boxes.forEach(made.add);
  return made;
}
// Right, left, under and over a point, then its corners, at a distance.
function around(far, w, h) {
  const near = far * 0.75;
  return [[far, -h / 2], [-far - w, -h / 2], [-w / 2, far], [-w / 2, -far - h],
    [near, near], [near, -near - h], [-near - w, near], [-near - w, -near - h],
    [far, -1.2 * h], [far, 0.2 * h], [-far - w, -1.2 * h], [-far - w, 0.2 * h]];
}
// The name of an area: over its middle, or a little beside it where something stands.
function across(w, h) {
  return [0, -1, 1, -2, 2].flatMap(up => [0, -0.25, 0.25].map(aside => [(aside - 0.5) * w, (up * 1.3 - 0.5) * h]));
}
// The boxes of all that a name must not cover: circles, captions and controls; and lines.
function standing(pane) {
  const { map } = pane;
  const boxes = [];
  const lines = [];
  const bounds = map.getBounds().pad(0.2);
  for (const { layer } of pane.marks) {
    if (!map.hasLayer(layer)) continue;
    if (layer.getRadius) {
      const at = map.latLngToContainerPoint(layer.getLatLng());
      const r = layer.getRadius() + 1;
      boxes.push([at.x - r, at.y - r, at.x + r, at.y + r]);
    } else if (bounds.intersects(layer.getBounds())) {
      // A line with bends closer than the eye sees is looked at as if it had none.
      const points = L.LineUtil.simplify(layer.getLatLngs().map(at => map.latLngToContainerPoint(at)), 2);
      along(points, map.getSize(), layer.options.weight / 2 + 1, lines);
    }
  }
  const home = map.getContainer().getBoundingClientRect();
  const covers = [...map.getContainer().querySelectorAll(".caption, .leaflet-control, .leaflet-tooltip"), byId("disclaimer"), byId("panel")].filter(Boolean);
  for (const element of covers) {
    const box = element.getBoundingClientRect();
    if (box.width) boxes.push([box.left - home.left, box.top - home.top, box.right - home.left, box.bottom - home.top]);
  }
  return [boxes, lines];
}
function along(points, size, half, boxes) {
  for (let k = 1; k < points.length; k += 1) {
    const clipped = L.LineUtil.clipSegment(points[k - 1], points[k], L.bounds([0, 0], size), false, true);
    if (!clipped) continue;
    const [a, b] = clipped;
    const steps = Math.max(1, Math.ceil(a.distanceTo(b) / 6));
    for (let s = 0; s <= steps; s += 1) {
      const [x, y] = [a.x + (b.x - a.x) * s / steps, a.y + (b.y - a.y) * s / steps];
      boxes.push([x - half, y - half, x + half, y + half]);
    }
  }
}

// ---- Words on the page -------------------------------------------------------------------

function credits() {
  CREDITS.forEach(([text, address], k) => {
    const link = make("a", text);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    byId("credits").append(...(k ? [" · ", link] : [link]));
  });
}
// The ground is 1:50 million: nearer than this a boundary would stand on the wrong side of a post.
const GROUND_ENDS = 9.75;
const DISCLAIMER = "Boundaries and names imply no opinion on the legal status of any territory.";
function street(map) {
  const near = map.getZoom() >= GROUND_ENDS;
  map.getContainer().classList.toggle("street", near);
  byId("disclaimer").textContent = `${DISCLAIMER} ${near ? "Too near for boundaries: none is drawn."
    : "Dashed: disputed or control lines."}`;
}
function stroke(className, weight) {
  const svg = draw("svg", { width: 34, height: 14, "aria-hidden": "true" });
  draw("line", { class: className, x1: 0, x2: 34, y1: 7, y2: 7, "stroke-width": weight }, svg);
  return svg;
}
function ring(className, r = 6) {
  const svg = draw("svg", { width: 22, height: 20, "aria-hidden": "true" });
  draw("circle", { class: className, cx: 11, cy: 10, r }, svg);
  return svg;
}

