// Draws the scene of a run on the two maps that Folium laid out; ink.js stands before this text.
const LAYERS = ["labels", "ports", "roads", "rails", "disputed"];
const UNITS = { tfi1_mean: "h", tfi1_p90: "h", wait_mean: "h", tonnes: "t", vehicles: "" };
const year = scene.period.days === null || Math.abs(scene.period.days - 365.5) <= 1;
const yearly = year ? "a year" : `in ${Math.round(scene.period.days)} days`;

// ---- Words and figures -------------------------------------------------------------------

const monthName = month => {
  const [y, m] = month.split("-").map(Number);
  return `${MONTHS[m - 1] ?? month} ${y}`;
};
const regimeName = i => {
  const own = scene.scenarios[i].regime;
  const shared = scene.scenarios.filter(other => other.regime === own).length > 1;
  return own && !shared ? own : scene.scenarios[i].title;
};
const hue = i => ["base", "other", "further"][Math.min(i, 2)];

// ---- State: in the fragment of the address, so that a view can be sent -------------------

const state = { view: "both", other: 1, month: -1, hidden: new Set(), extent: "corridor", at: null };
const panes = ["left", "right"].map(side => ({
  side,
  map: window[`map_${side}`],
  groups: Object.fromEntries(LAYERS.map(key => [key,
    window[`feature_group_${key}_${side}`] || window[`geo_json_${key}_${side}`]])),
  marks: [], names: [], arrows: [],
}));
const [left, right] = panes;
const shown = pane => (pane === right || state.view === "other" ? state.other : 0);
const visible = () => (state.view === "both" ? panes : [left]);

function readFragment() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const several = scene.scenarios.length > 1;
  const other = Number(asked.get("other") ?? 1);
  state.other = scene.scenarios[other] && other > 0 ? other : Math.min(1, scene.scenarios.length - 1);
  const fallback = matchMedia("(min-width: 900px)").matches ? "both" : "other";
  const view = asked.get("view");
  state.view = !several ? "base" : ["base", "other", "both"].includes(view) ? view : fallback;
  state.month = scene.months.indexOf(asked.get("month") ?? "");
  state.hidden = new Set((asked.get("hide") ?? "").split(",").filter(key => LAYERS.includes(key)));
  const at = (asked.get("at") ?? "").split("/").map(Number);
  state.at = at.length === 3 && at.every(Number.isFinite) ? at : null;
  const extent = asked.get("extent");
  state.extent = state.at ? null : Object.hasOwn(scene.views, extent ?? "") ? extent : "corridor";
}
function writeFragment() {
  const parts = [`view=${state.view}`];
  if (scene.scenarios.length > 2) parts.push(`other=${state.other}`);
  if (state.month >= 0) parts.push(`month=${scene.months[state.month]}`);
  if (state.hidden.size) parts.push(`hide=${[...state.hidden].join(",")}`);
  if (state.extent || !state.at) parts.push(`extent=${state.extent ?? "corridor"}`);
  else parts.push(`at=${state.at.map((each, k) => (k ? each.toFixed(4) : each)).join("/")}`);
  const fragment = `#${parts.join("&")}`;
  if (fragment === location.hash) return;
  try { history.replaceState(null, "", fragment); } catch { /* inside a sandboxed frame there is no address */ }
}

// ---- Scales: one for both maps, so that they can be compared -----------------------------

const largest = values => Math.max(0, ...values.filter(x => Number.isFinite(x)));
const perScenario = (things, key, pick) =>
  things.flatMap(thing => Object.values(thing[key]).flatMap(pick));
const scale = {
  dwell: largest(perScenario(scene.posts, "measures", m => [m.tfi1_mean?.[0]])),
  postMonth: largest(perScenario(scene.posts, "months", m => m.map(x => x[0]))),
  road: largest(perScenario(scene.roads, "measures", m => [m.tonnes?.[0]])),
  roadMonth: largest(perScenario(scene.roads, "months", m => m.map(x => x[0]))),
  rail: largest(scene.rails.map(rail => rail.cited.tonnes)),
};
const radius = (value, most) => Math.max(3, (narrow.matches ? 15 : 19) * Math.sqrt(value / most));
const width = (value, most) => Math.max(1.5, (narrow.matches ? 7 : 9) * value / most);
const round = x => {                       // a round figure at or under x, for the legend
  const power = 10 ** Math.floor(Math.log10(x));
  return [5, 2, 1].map(step => step * power).find(step => step <= x * 1.0000001);
};

function postLook(post, i) {
  const value = state.month < 0 ? post.measures[scene.scenarios[i].name]?.tfi1_mean?.[0]
    : post.months[scene.scenarios[i].name]?.[state.month]?.[0];
  if (!Number.isFinite(value)) return { r: 4, className: "post none", words: "" };
  if (state.month < 0) return { r: radius(value, scale.dwell), className: "post", words: withUnit(value, "h") };
  const r = scale.postMonth ? radius(value, scale.postMonth) : 3;
  return { r, className: "post ring", words: withUnit(value, "t") };
}
function roadLook(road, i) {
  const name = scene.scenarios[i].name;
  const monthly = state.month >= 0 && scale.roadMonth > 0;
  const value = monthly ? road.months[name]?.[state.month]?.[0] : road.measures[name]?.tonnes?.[0];
  if (!(value > 0)) return { className: "thin", weight: 1.2 };
  return { className: "road", weight: width(value, monthly ? scale.roadMonth : scale.road) };
}
function railLook(rail) {
  return rail.cited.tonnes > 0 ? { className: "rail", weight: width(rail.cited.tonnes, scale.rail) }
    : { className: "rail thin", weight: 1.2 };
}

// ---- Cards -------------------------------------------------------------------------------

function measured(list, term, triple, unit) {
  if (triple) addRow(list, term, withUnit(triple[0], unit), interval(triple));
}
function postCard(post, i) {
  const { name } = scene.scenarios[i];
  const box = card(post.name, post.local, `hue-${hue(i)}`);
  if (post.role) box.append(make("p", post.role));
  box.append(make("p", regimeName(i), "regime"));
  const list = make("dl");
  const values = post.measures[name] ?? {};
  measured(list, "Mean dwell", values.tfi1_mean, "h");
  measured(list, "Slowest tenth over", values.tfi1_p90, "h");
  measured(list, `Goods ${yearly}`, values.tonnes, "t");
  const change = post.changes[name]?.tfi1_mean;
  if (change) addRow(list, "Change in dwell",
    `${change[0] > 0 ? "+" : ""}${withUnit(change[0], "h")}`, interval(change));
  box.append(list);
  spark(box, post, name);
  const known = post.evidence[name] ?? { claims: [], assumed: 0 };
  box.append(evidence(known.claims, known.assumed, "input"));
  box.append(make("p", `Position ${post.at_assumed ? "assumed, " : ""}to within ${within(post.within_km)}`, post.at_assumed ? "assumed" : ""));
  return box;
}
function roadCard(road, i) {
  const { name } = scene.scenarios[i];
  const box = card(road.ends.join(" – "), "", `hue-${hue(i)}`);
  box.append(make("p", `${road.name} · ${withUnit(road.km, "km")}`));
  const values = road.measures[name] ?? {};
  const list = make("dl");
  if (values.tonnes) {
    box.append(make("p", regimeName(i), "regime"));
    measured(list, `Goods ${yearly}`, values.tonnes, "t");
    measured(list, `Vehicles ${yearly}`, values.vehicles, "");
    for (const [way, each] of Object.entries(road.ways[name] ?? {})) measured(list, `Goods ${way}`, each.tonnes, "t");
  } else box.append(make("p", "No traffic simulated on this link."));
  cited(list, road.cited);
  box.append(list);
  spark(box, road, name);
  box.append(evidence(road.km_claims, road.km_evidence === "assumed" ? 1 : 0, "length"));
  return box;
}
function railCard(rail) {
  const box = card(rail.ends.join(" – "));
  box.append(make("p", `${rail.name} · ${withUnit(rail.km, "km")}`));
  const list = make("dl");
  cited(list, rail.cited);
  if (list.children.length) box.append(make("p", "Cited from papers, not simulated."), list);
  else box.append(make("p", "Traffic not known."));
  box.append(evidence(rail.km_claims, rail.km_evidence === "assumed" ? 1 : 0, "length"));
  return box;
}
function crossingCard(place) {
  const box = card(place.name, place.local);
  box.append(make("p", "Border post, pass or dry port, not simulated in this run."), make("p", `Position to within ${within(place.within_km)}`));
  return box;
}

// A line over the months (with its band) or over the days, from zero.
function spark(box, thing, name) {
  const months = thing.months[name];
  const days = thing.days?.[name];
  const rows = months ?? days?.values.map(value => [value, null, null]);
  if (!rows || rows.length < 2) return;
  const most = largest(rows.flat());
  if (!(most > 0)) return;
  const W = 220, H = 40;
  const x = k => (k * W / (rows.length - 1)).toFixed(1);
  const y = value => (H - (value ?? 0) * (H - 2) / most).toFixed(1);
  const svg = draw("svg", { class: "spark", viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  draw("line", { class: "zero", x1: 0, x2: W, y1: H, y2: H }, svg);
  if (months) {
    const high = rows.map((row, k) => `${x(k)},${y(row[2])}`);
    const low = rows.map((row, k) => `${x(k)},${y(row[1])}`).reverse();
    draw("polygon", { class: "band", points: [...high, ...low].join(" ") }, svg);
  }
  draw("polyline", { class: "line", points: rows.map((row, k) => `${x(k)},${y(row[0])}`).join(" ") }, svg);
  if (months && state.month >= 0) draw("line", { class: "now", x1: x(state.month), x2: x(state.month), y1: 0, y2: H }, svg);
  const peak = rows.findIndex(row => row[0] === largest(rows.map(each => each[0])));
  const words = months
    ? `Goods by month, ${monthName(scene.months[0])} to ${monthName(scene.months[rows.length - 1])}; most ${withUnit(rows[peak][0], "t")} in ${monthName(scene.months[peak])}`
    : `Vehicles in the queue by day from ${dayName(days.from)}; most ${figure(rows[peak][0])}`;
  box.append(svg, make("p", words));
}

// ---- Marks -------------------------------------------------------------------------------

function build(pane) {
  const i = shown(pane);
  for (const key of ["ports", "roads", "rails", "labels"]) pane.groups[key].clearLayers();
  pane.marks = [];
  pane.names = [];
  pane.arrows = [];
  pane.map.getContainer().classList.remove("hue-base", "hue-other", "hue-further");
  pane.map.getContainer().classList.add(`hue-${hue(i)}`);
  for (const rail of scene.rails) {
    line(pane, "rails", rail, () => railLook(rail), () => railCard(rail), `${rail.ends.join(" to ")}, rail`);
  }
  for (const road of scene.roads) {
    line(pane, "roads", road, () => roadLook(road, i), () => roadCard(road, i), `${road.ends.join(" to ")}, road`);
    arrow(pane, road, i);
  }
  pane.near = { group: L.layerGroup(), shown: true };
  for (const place of scene.labels) {
    // What stands beside a post of the study is drawn from near only: from afar it is the post.
    const beside = place.crossing && scene.posts.some(post => pane.map.distance(post.at, place.at) < BESIDE);
    if (place.crossing) {
      const mark = circle(pane, "ports", place, () => ({ r: 3.5, className: "crossing" }), () => crossingCard(place), place.name);
      if (beside) { pane.groups.ports.removeLayer(mark); pane.near.group.addLayer(mark); }
    }
    name(pane, beside ? { ...place, zoom: NEAR } : place, "labels", place.crossing ? 5 : 4);
  }
  // The largest circle first, so that a smaller one near it can still be reached.
  const order = [...scene.posts].sort((a, b) => postLook(b, i).r - postLook(a, i).r);
  for (const post of order) {
    const mark = circle(pane, "ports", post, () => postLook(post, i), () => postCard(post, i), `${post.name}, ${regimeName(i)}`);
    name(pane, { ...post, rank: 0, zoom: 0 }, "ports", () => mark.getRadius() + 3, () => postLook(post, i).words);
  }
  reaches(pane);
  caption(pane, i);
  restyle(pane);
}
// From near: how far off the position of a post or a crossing may be, and what stands beside it.
const NEAR = 9.25;
const BESIDE = 15000;                      // metres
function reaches(pane) {
  for (const place of [...scene.posts, ...scene.labels.filter(each => each.crossing)]) {
    L.circle(place.at, { radius: place.within_km * 1000, className: "within", pane: "roads", interactive: false }).addTo(pane.near.group);
  }
  pane.near.shown = false;
  nearAt(pane);
}
function nearAt(pane) {
  const wanted = pane.map.getZoom() >= NEAR;
  street(pane.map);
  if (wanted === pane.near.shown) return;
  pane.near.shown = wanted;
  pane.groups.ports[wanted ? "addLayer" : "removeLayer"](pane.near.group);
}
// An arrow on the longest stretch of a link, the way most of the goods go. The map keeps angles,
// so it is turned once; it is shown where the stretch is long and the line is wide enough.
const COMPASS = { north: [1, 0], south: [-1, 0], east: [0, 1], west: [0, -1] };
function arrow(pane, road, i) {
  const ways = Object.entries(road.ways[scene.scenarios[i].name] ?? {}).filter(([way, m]) => Object.hasOwn(COMPASS, way) && m.tonnes?.[0] > 0);
  if (!ways.length) return;
  const [way] = ways.reduce((a, b) => (b[1].tonnes[0] > a[1].tonnes[0] ? b : a));
  const points = road.line.map(at => pane.map.project(at, 0));
  const far = k => points[k].distanceTo(points[k + 1]);
  const k = points.slice(1).map((_, n) => n).reduce((a, b) => (far(b) > far(a) ? b : a));
  const [first, last] = [road.line[0], road.line[road.line.length - 1]];
  const along = (last[0] - first[0]) * COMPASS[way][0] + (last[1] - first[1]) * COMPASS[way][1];
  const [from, to] = along >= 0 ? [points[k], points[k + 1]] : [points[k + 1], points[k]];
  const icon = make("i", null, "arrow");
  icon.style.transform = `rotate(${Math.atan2(to.y - from.y, to.x - from.x).toFixed(3)}rad)`;
  L.marker(pane.map.unproject(from.add(to).divideBy(2), 0), {
    icon: L.divIcon({ className: "name", html: icon, iconSize: [0, 0] }), interactive: false, keyboard: false, pane: "roads",
  }).addTo(pane.groups.roads);
  pane.arrows.push({ icon, length: far(k), look: () => roadLook(road, i) });
}
function restyle(pane) {
  for (const { layer, look } of pane.marks) {
    const { r, weight, className } = look();
    if (r !== undefined) layer.setRadius(r);
    else layer.setStyle({ weight });
    const path = layer.getElement();
    if (path && layer.options.className !== className) {
      path.classList.remove(...layer.options.className.split(" "));
      path.classList.add(...className.split(" "));
    }
    layer.options.className = className;
  }
  for (const { number, words } of pane.names) if (number) number.textContent = words();
  layOut(pane);
}

// ---- Words on the page -------------------------------------------------------------------

function caption(pane, i) {
  const { regime, title, port_measures: values } = scene.scenarios[i];
  const box = pane.caption ?? (pane.caption = pane.map.getContainer().appendChild(make("div", null, "caption")));
  const role = scene.scenarios.length < 2 ? "" : i === 0 ? "Base: " : "";
  box.replaceChildren(make("strong", role + regimeName(i)));
  if (regime && title !== regimeName(i)) box.append(make("span", title));
  if (values.tonnes) box.append(make("span", `${withUnit(values.tonnes[0], "t")} ${yearly} (${interval(values.tonnes)})`));
  if (values.tfi1_mean) box.append(make("span", `Dwell ${withUnit(values.tfi1_mean[0], "h")} (${interval(values.tfi1_mean)})`));
}
function words() {
  const titles = scene.scenarios.map((_, i) => regimeName(i));
  byId("headline").textContent = scene.headline || titles.join(" against ");
  document.title = byId("headline").textContent;
  const { from, last } = scene.period;
  const when = state.month >= 0 ? monthName(scene.months[state.month])
    : from && last ? `${dayName(from)} to ${dayName(last)}` : "";
  const what = state.month < 0
    ? `Circles: mean dwell (gate-in to gate-out), hours. Lines: simulated goods, tonnes ${yearly}.`
    : `Circles: goods through the post, tonnes in the month. Lines: simulated goods, tonnes ${scale.roadMonth ? "in the month" : yearly}.`;
  byId("subtitle").textContent = when ? `${what} ${when}.` : what;
  document.body.classList.toggle("yearly-lines", state.month >= 0 && !scale.roadMonth);
  const off = scene.unplaced.length ? ` Not on the map, for want of a position: ${scene.unplaced.join(", ")}.` : "";
  byId("source").textContent = (scene.run ? `Simulated by Corridor, run ${scene.run}.` : "Simulated by Corridor.") + off;
}
function legend() {
  const keys = [];
  const monthly = state.month >= 0;
  const most = monthly ? scale.postMonth : scale.dwell;
  if (most > 0) {
    const values = [round(most), round(most) / 4];
    const r = values.map(value => radius(value, most));
    const svg = draw("svg", { width: 2 * r[0] + 3, height: 2 * r[0] + 3, "aria-hidden": "true" });
    for (const each of r) draw("circle", { class: "mark", cx: r[0] + 1.5, cy: 2 * r[0] - each + 1.5, r: each, "stroke-width": monthly ? 2.5 : 1.5 }, svg);
    const unit = monthly ? "t" : "h";
    keys.push([svg, `Circle area: ${monthly ? "goods through the post in the month" : "mean dwell, gate-in to gate-out"} (${withUnit(values[0], unit)}, ${withUnit(values[1], unit)})`]);
  }
  const road = monthly && scale.roadMonth ? scale.roadMonth : scale.road;
  if (road > 0) keys.push([stroke("mark", width(round(road), road)), `Simulated goods: ${withUnit(round(road), "t")} ${monthly && scale.roadMonth ? "in the month" : yearly}`]);
  if (scale.rail > 0) keys.push([stroke("rail", width(round(scale.rail), scale.rail)), `China Railway Express lines: all rail freight on record, not simulated, ${withUnit(round(scale.rail), "t")} a year`]);
  keys.push([ring("within", 7), "From near: a position may be off by this much"]);
  if (left.arrows.length) keys.push([make("i", null, "arrow"), "The way most goods go"]);
  keys.push([stroke("thin", 1.2), "Traffic not known or none"]);
  keys.push([stroke("disputed", 1.1), "Disputed or control line"]);
  byId("keys").replaceChildren(...keys.map(([mark, text]) => {
    const key = make("div", null, "key");
    key.append(mark, make("span", text));
    return key;
  }));
}

// ---- View: fit, switch, slide ------------------------------------------------------------

let fitting = false;
// On a phone a corridor from north to south is shown in two columns, one from east to west in rows.
const [[south, west], [north, east]] = scene.views.corridor;
const tall = (north - south) / Math.cos((north + south) / 360 * Math.PI) > east - west;
function fit() {
  fitting = true;
  for (const { map } of panes) map.invalidateSize({ pan: false, animate: false });
  if (state.extent) {
    const size = left.map.getSize();
    const words = Math.max(...visible().map(pane => pane.caption.offsetHeight));
    const [top, side, bottom] = narrow.matches ? [words + 24, 26, 48]
      : state.extent === "network" ? [40, 20, 40] : [Math.min(100, size.y / 5), 40, 70];
    left.map.fitBounds(scene.views[state.extent], { paddingTopLeft: [side, Math.min(top, size.y / 2)],
      paddingBottomRight: [side, Math.min(bottom, size.y / 5)], maxZoom: 12, animate: false });
  } else if (state.at) left.map.setView(state.at.slice(1), state.at[0], { animate: false });
  fitting = false;
  for (const pane of panes) { nearAt(pane); layOut(pane); }
}
function moved() {
  if (!fitting) {
    const { lat, lng } = left.map.getCenter();
    state.extent = null;
    state.at = [left.map.getZoom(), lat, lng];
  }
  mark();
}
function mark() {                          // the controls follow the state
  document.body.dataset.view = state.view;
  document.body.dataset.stack = tall ? "columns" : "rows";
  for (const input of byId("view").querySelectorAll("input")) {
    const [view, other] = input.value.split(" ");
    input.checked = view === state.view && (other === undefined || Number(other) === state.other);
  }
  for (const button of byId("extent").children) button.setAttribute("aria-pressed", String(button.dataset.extent === state.extent));
  const text = state.month < 0 ? (year ? "Whole year" : "Whole period") : monthName(scene.months[state.month]);
  byId("month").value = String(state.month + 1);
  byId("month").setAttribute("aria-valuetext", text);
  byId("month-name").textContent = text;
  writeFragment();
}
function show() {                          // another regime, or another side by side
  close();
  mark();
  panes.forEach(build);
  words();
  legend();
  fit();
}
function slide(month) {
  state.month = month;
  mark();
  visible().forEach(restyle);
  refresh();
  words();
  legend();
}
function layers() {                        // the layer control of one map speaks for both
  for (const { map, groups } of panes) {
    for (const key of LAYERS) {
      if (state.hidden.has(key) === map.hasLayer(groups[key])) map[state.hidden.has(key) ? "removeLayer" : "addLayer"](groups[key]);
    }
  }
}

function switcher() {
  const several = scene.scenarios.length > 1;
  byId("view").hidden = !several;
  byId("view").style.display = several ? "" : "none";
  const add = (value, text, hues) => {
    const label = make("label");
    const input = make("input");
    Object.assign(input, { type: "radio", name: "view", value });
    input.addEventListener("change", () => {
      const [view, other] = value.split(" ");
      state.view = view;
      if (other !== undefined) state.other = Number(other);
      show();
    });
    label.append(input, ...hues.map(each => make("span", null, `swatch hue-${each}`)), make("span", text));
    label.title = text;
    byId("view").append(label);
  };
  scene.scenarios.forEach((_, i) => add(i ? `other ${i}` : "base", regimeName(i), [hue(i)]));
  add("both", "Both", ["base", "other"]);
}
function extents() {
  for (const button of byId("extent").children) {
    button.addEventListener("click", () => { state.extent = button.dataset.extent; fit(); mark(); });
  }
}
function slider() {
  if (!scene.months.length) return;
  byId("time").hidden = false;
  byId("month").max = String(scene.months.length);
  byId("month").addEventListener("input", event => slide(Number(event.target.value) - 1));
  const button = byId("play");
  const next = () => slide(state.month + 1 < scene.months.length ? state.month + 1 : -1);
  if (still) {                             // a reader who asked for no motion steps by hand
    button.textContent = "Next";
    button.removeAttribute("aria-pressed");
    button.addEventListener("click", next);
    return;
  }
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    button.textContent = "Play";
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    if (timer !== null) { stop(); return; }
    button.textContent = "Pause";
    button.setAttribute("aria-pressed", "true");
    timer = setInterval(() => { next(); if (state.month < 0) stop(); }, 900);
    next();
  });
  byId("month").addEventListener("pointerdown", () => { if (timer !== null) stop(); });
}

function start() {
  if (narrow.matches) byId("legend").open = false;
  byId("legend").addEventListener("toggle", fit);
  for (const { map, side, groups } of panes) {
    if (still) Object.assign(map.options, { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
    if (still) map._zoomAnimated = false;
    for (const key of ["land", "rivers", "lakes", "borders", "disputed"]) window[`geo_json_${key}_${side}`].addData(scene.basemap[key]);
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", side === "left" ? "Map" : "Second map");
    const keyOf = layer => LAYERS.find(key => groups[key] === layer);
    for (const [event, hide] of [["overlayremove", true], ["overlayadd", false]]) {
      map.on(event, ({ layer }) => {
        state.hidden[hide ? "add" : "delete"](keyOf(layer));
        layers();
        panes.forEach(layOut);
        writeFragment();
      });
    }
  }
  readFragment();
  credits();
  switcher();
  extents();
  slider();
  layers();
  show();
  byId("sheet-close").addEventListener("click", close);
  addEventListener("keydown", event => { if (event.key === "Escape") close(); });
  left.map.on("moveend", moved);
  for (const pane of panes) pane.map.on("moveend", () => { nearAt(pane); layOut(pane); });
  addEventListener("resize", fit);
  addEventListener("hashchange", () => { readFragment(); layers(); show(); });
}
start();
