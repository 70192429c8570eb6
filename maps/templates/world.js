// Draws the layers of the world on the map that Folium laid out; ink.js stands before this text.

const LAYERS = ["labels", "ports", "roads", "rails", "sea", "terminals", "incidents", "within", "rivers", "disputed"];
const GROUP = { road: "roads", rail: "rails", sea: "sea" };
const CLASS = { motorway: 2.75, trunk: 2.25, primary: 1.75, secondary: 1.5, main: 2.25, branch: 1.5, lane: 1.25 };
const SHAPE = {
  osm: "Shape: OpenStreetMap", terrain: "Shape: least-cost path over the terrain through the named towns",
  osm_coarse: "Shape: OpenStreetMap, coarse: perhaps some km off between its points", sea_lane: "Shape: sea lane",
  terrain_coarse: "Shape: least-cost path over the terrain, coarse: perhaps some km off between its points", straight: "Drawn straight: its true shape is not in the data",
};
const KIND = {
  border_post: "Border post", pass: "Pass", dry_port: "Dry port", trade_centre: "Cooperation centre", station: "Station",
  sea_port: "Sea port", road: "Road port", rail: "Rail port", cooperation_centre: "Cooperation centre",
  landslide: "Landslide", flood: "Flood", snow: "Snow", lake: "Lake over the road", attack: "Security incident", protest: "Protest",
};
// What a row of the terminals is, by its two modes: of two that are alike, what is changed there.
const STAY = { road: "Border crossing by road", rail: "Change of gauge, rail to rail", sea: "From ship to ship" };
const stay = ([from, to]) => (from === to ? STAY[from] ?? `From ${from} to ${to}` : `From ${from} to ${to}`);
const STAYS = "Change of mode or gauge, or wait at a border";
const STOPPED = { road: "Road closed", cargo: "Goods stopped", port: "Port closed", passengers: "Passengers stopped" };
const SECURITY = new Set(["attack", "protest"]);
const APART = 26;                          // pixels between two posts from which each is drawn
const SIGN = 90;                           // pixels of a line in view from which its name is written
const STREET = 9.5;                        // the zoom from which every post and station is drawn
const map = window.map_world;
const pane = { map, groups: Object.fromEntries(LAYERS.map(key => [key,
  window[`feature_group_${key}_world`] || window[`geo_json_${key}_world`]])), marks: [], names: [], cardWidth: 330 };
const byKey = (rows, key) => new Map(rows.map(row => [row[key], row]));
const THINGS = {
  port: byKey(scene.ports, "port"), place: byKey(scene.spots, "place"), link: byKey(scene.links, "link"),
  incident: byKey(scene.incidents, "incident"), terminal: byKey(scene.terminals, "place"),
};
for (const label of scene.labels) if (!THINGS.place.has(label.place)) THINGS.place.set(label.place, label);
const corridors = byKey(scene.corridors, "corridor");
const slices = byKey(scene.trade.slices, "key");
const state = { hidden: new Set(), corridor: "", trade: "", thing: null, at: null };

// ---- Words and figures -------------------------------------------------------------------

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const four = digits(5);
const metres = m => (m === null ? null : `${plain.format(m)}\u00a0m`);
const known = text => text || "not known";
const money = (value, currency) => {
  const sign = currency === "USD" ? "US$" : "CNY\u00a0";
  return Math.abs(value) >= 1e9 ? `${sign}${four.format(value / 1e9)}\u00a0bn` : `${sign}${four.format(value / 1e6)}\u00a0m`;
};
const several = (n, one, many) => `${plain.format(n)}\u00a0${n === 1 ? one : many ?? one + "s"}`;
const sum = rows => rows.reduce((a, b) => a + b, 0);
function span(from, to) {
  if (!from) return to ? `until ${dayName(to)}` : "";
  if (!to) return `from ${dayName(from)}`;
  const [a, b] = [from, to].map(day => day.split("-").map(Number));
  const last = new Date(Date.UTC(b[0], b[1], 0)).getUTCDate();
  if (from === to) return dayName(from);
  if (a[2] !== 1 || b[2] !== last) return `${dayName(from)} to ${dayName(to)}`;
  if (a[0] === b[0] && a[1] === 1 && b[1] === 12) return String(a[0]);
  if (a[0] === b[0] && a[1] === b[1]) return `${MONTHS[a[1] - 1]} ${a[0]}`;
  return `${MONTHS[a[1] - 1]}${a[0] === b[0] ? "" : ` ${a[0]}`} to ${MONTHS[b[1] - 1]} ${b[0]}`;
}

// ---- Cards -------------------------------------------------------------------------------

function rests(box, row, what) {
  const line = make("p", null, "rests");
  const mark = make("span", `${what ? `${what}: ` : ""}${row.evidence || "no evidence"}`, row.evidence === "assumed" ? "assumed" : "");
  line.append(mark, row.claims.length ? `, ${row.claims.join(", ")}` : "", row.why ? `: ${row.why}` : "");
  box.append(line);
}
function listed(rows) {
  const list = make("dl");
  for (const [term, value, note] of rows) if (value !== null && value !== undefined) addRow(list, term, value, note);
  return list;
}
function portCard(port) {
  const box = card(port.name, port.local);
  box.append(make("p", `${KIND[port.kind] ?? port.kind}, ${port.posts.join(" – ")}`, "kind"));
  const [own, other] = port.gauges;
  const gauge = own === null ? null : other === null || other === own ? `${plain.format(own)} mm` : `${plain.format(own)} mm | ${plain.format(other)} mm`;
  box.append(listed([["Season", known(port.season)], ["Hours", known(port.hours)], ["Height", metres(port.elevation_m)],
    ["Gauge", gauge, port.gauge_at ? `changes at ${port.gauge_at}` : ""],
    ...port.codes.map(({ code, of }) => ["UN/LOCODE", code, of])]));
  rests(box, port, "Evidence");
  if (port.note) box.append(make("p", port.note, "small"));
  for (const id of port.named) box.append(goTo(`Show ${THINGS.place.get(id).name}`, "place", id));
  return box;
}
function goTo(words, type, id) {
  const go = make("button", words, "go");
  go.type = "button";
  go.addEventListener("click", () => { show(type, id); openThing(); });
  return go;
}
function portsCard(ports) {
  const box = make("div", null, "card");
  ports.forEach((port, k) => {
    if (k) box.append(make("hr"));
    box.append(portCard(port), goTo("Show its posts", "port", port.port));
  });
  return box;
}
function spotCard(spot) {
  const box = card(spot.name, spot.local);
  box.append(make("p", KIND[spot.kind] ?? spot.kind.replace("_", " "), "kind"));
  box.append(listed([["Position", `to within ${within(spot.within_km)}`], ["Height", metres(spot.elevation_m)], ["UN/LOCODE", spot.code || null]]));
  const line = make("p", "Position: ", "rests");
  line.append(make("span", spot.evidence, spot.evidence === "assumed" ? "assumed" : ""), spot.source ? `, ${spot.source}` : "");
  box.append(line);
  if (spot.note) box.append(make("p", spot.note, "small"));
  const here = scene.ports.filter(port => port.place === spot.place || port.across === spot.place);
  for (const port of here) box.append(make("hr"), portCard(port));
  return box;
}
function cardOfAll(rows, one) {            // what stands at one point, in one card
  const box = make("div", null, "card");
  rows.forEach((row, k) => box.append(...(k ? [make("hr")] : []), one(row)));
  return box;
}
function linkCard(link) {
  const box = card(link.ends.join(" – "));
  box.append(make("p", [link.name, link.section].filter((each, k, all) => each && all.indexOf(each) === k).join(", "), "kind"));
  const [speed, low, high] = link.speed.kmh;
  const list = listed([["Length", withUnit(link.km, "km")],
    ["Speed", speed === null ? null : withUnit(speed, "km/h"), low === null ? "" : `${figure(low)} to ${figure(high)}`],
    ["In winter", link.winter ? withUnit(link.winter.kmh, "km/h") : null, "December to February"],
    ["Gauge", link.gauge_mm === null ? null : `${plain.format(link.gauge_mm)} mm`], ["Class", link.class || null]]);
  cited(list, link.cited);
  box.append(list);
  rests(box, link, "Length");
  rests(box, link.speed, "Speed");
  if (link.winter) rests(box, link.winter, "Winter speed");
  box.append(make("p", [SHAPE[link.drawn] ?? link.drawn, link.drawn === "straight" ? "" : link.drawn_credit].filter(Boolean).join(". "), "small"));
  const hazards = scene.incidents.filter(each => each.link === link.link);
  if (hazards.length) box.append(make("h3", "On record here"));
  for (const each of hazards) box.append(goTo(`${each.name} (${[span(each.from, each.to), stood(each)].filter(Boolean).join("; ")})`, "incident", each.incident));
  const over = scene.corridors.find(each => each.links.includes(link.link) && runOf(each, link.link));
  if (over) box.append(heights(over, link.link));
  return box;
}
function terminalCard(rows) {
  const box = card(rows[0].name);
  for (const row of rows) {
    const [hours, low, high] = row.hours;
    box.append(make("p", stay(row.modes), "kind"), listed([["Time", hours === null ? null : withUnit(hours, "h"), low === null ? "" : `${figure(low)} to ${figure(high)}`],
      ["Cost", row.usd_per_teu === null ? null : `US$${figure(row.usd_per_teu)} a TEU`]]));
    rests(box, row, "Evidence");
  }
  return box;
}
// How long it stood still: a range as printed, hours below three days.
function stood({ days: [days, low, high] }) {
  const long = each => (each < 3 ? `${plain.format(each * 24)}\u00a0h` : several(each, "day"));
  if (low !== null && high !== null) return `${four.format(low)} to ${several(high, "day")}`;
  if (low !== null) return `${low === 1 ? "1\u00a0day" : long(low)} or longer`;
  if (high !== null) return `up to ${several(high, "day")}`;
  return days === null ? "" : long(days);
}
function incidentCard(row) {
  const box = card(row.name);
  box.append(make("p", KIND[row.kind] ?? row.kind, "kind"));
  box.append(listed([["When", span(row.from, row.to) || null], [STOPPED[row.stopped] ?? "Stood still", stood(row) || (row.stopped ? "for how long is not known" : null)],
    ["Position", `to within ${within(row.within_km)}`, row.position]]));
  rests(box, row, "Evidence");
  return box;
}
function corridorCard(corridor) {
  const box = card(corridor.title);
  const km = sum(corridor.km);
  box.append(make("p", `${plain.format(km)} km, ${figure(corridor.hours)} hours of running without any stop.`, "kind"));
  if (corridor.profile.length) box.append(heights(corridor, null));
  const legs = make("ol", null, "legs");
  corridor.links.forEach((link, k) => {
    const row = make("li");
    row.append(make("span", `${corridor.names[k]} – ${corridor.names[k + 1]}`), make("span", `${figure(corridor.km[k])} km`, corridor.evidence[k] === "assumed" ? "assumed" : ""));
    legs.append(row);
  });
  const assumed = corridor.evidence.filter(each => each === "assumed").length;
  box.append(legs, make("p", assumed ? `A dotted line marks an assumed length (${assumed} of ${corridor.links.length}).` : "Every length is cited or derived.", "small"));
  return box;
}

// Heights along a corridor; the run of one link, if asked for, is filled.
function runOf(corridor, link) {
  const k = corridor.links.indexOf(link);
  const start = sum(corridor.km.slice(0, k));
  const last = corridor.profile.length ? corridor.profile[corridor.profile.length - 1][0] : 0;
  return start + corridor.km[k] <= last + 1 ? [start, start + corridor.km[k]] : null;
}
function heights(corridor, link) {
  const box = make("div");
  const [W, H, left, foot, head] = [360, 152, 40, 24, 16];
  const rows = corridor.profile;
  const km = rows[rows.length - 1][0];
  const peak = rows.reduce((a, b) => (b[1] > a[1] ? b : a));
  const stops = corridor.names.map((each, k) => [each, sum(corridor.km.slice(0, k)), corridor.tops[k]]).filter(([, at]) => at <= km + 1);
  // A pass that is published higher than the cells of the ground read: its own height is the top.
  const pass = stops.filter(([, at, m]) => m !== null && m >= peak[1] && Math.abs(at - peak[0]) <= 5).sort((a, b) => b[2] - a[2])[0];
  const highest = pass ? pass[2] : peak[1];
  const top = Math.ceil(highest / 1000) * 1000;
  const x = at => +(left + at / km * (W - left)).toFixed(1);
  const y = m => +(H - foot - m / top * (H - foot - head)).toFixed(1);
  const svg = draw("svg", { class: "heights", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `Heights from ${corridor.names[0]}, highest ${metres(highest)}` });
  for (let m = 0; m <= top; m += 1000) {
    draw("line", { class: "grid", x1: left, x2: W, y1: y(m), y2: y(m) }, svg);
    if (m % 2000 === 0) draw("text", { x: left - 5, y: y(m) + 3, "text-anchor": "end" }, svg).textContent = `${plain.format(m)}${m ? "" : " m"}`;
  }
  const area = part => [`${x(part[0][0])},${y(0)}`, ...part.map(([at, m]) => `${x(at)},${y(m)}`), `${x(part[part.length - 1][0])},${y(0)}`].join(" ");
  draw("polygon", { class: "ground", points: area(rows) }, svg);
  const run = link ? runOf(corridor, link) : null;
  const inside = run ? rows.filter(([at]) => at >= run[0] - 0.05 && at <= run[1] + 0.05) : [];
  if (inside.length > 1) draw("polygon", { class: "part", points: area(inside) }, svg);
  draw("polyline", { class: "height", points: rows.map(([at, m]) => `${x(at)},${y(m)}`).join(" ") }, svg);
  const taken = [];
  // The first and the last stop are named before those between, and none over another.
  for (const [each, at] of [stops[0], stops[stops.length - 1], ...stops.slice(1, -1)]) {
    draw("line", { class: "stop", x1: x(at), x2: x(at), y1: head, y2: y(0) }, svg);
    const wide = each.length * 5.4;
    const middle = Math.min(Math.max(x(at), left + wide / 2 - 8), W - wide / 2);
    if (taken.some(([a, b]) => middle - wide / 2 < b + 6 && a - 6 < middle + wide / 2)) continue;
    taken.push([middle - wide / 2, middle + wide / 2]);
    draw("text", { x: middle, y: H - 10, "text-anchor": "middle" }, svg).textContent = each;
  }
  const words = draw("text", { class: "peak", x: Math.min(Math.max(x(peak[0]), 70), W - 50), y: 10, "text-anchor": "middle" }, svg);
  words.textContent = pass ? `${pass[0]}, ${metres(pass[2])} at km ${plain.format(pass[1])}` : `${metres(peak[1])} at km ${plain.format(peak[0])}`;
  if (pass) draw("circle", { class: "top", cx: x(pass[1]), cy: y(pass[2]), r: 3 }, svg);
  box.append(svg, make("p", `Heights along the drawn line, ${corridor.names[0]} to ${stops[stops.length - 1][0]}, ${plain.format(km)} km (NOAA GLOBE, 1 km cells: a narrow crest reads low${pass ? `, here ${metres(peak[1])} at km ${plain.format(peak[0])}; the ring is the height of the pass as published` : ""}).`, "small"));
  return box;
}

// ---- Trade -------------------------------------------------------------------------------

// A total retold as exports is no export: the words lead to where it was corrected.
function belongs({ own, flow, claim, slice, instead }, currency) {
  const words = make("span", `; nothing stands for ${own}: the figure is ${flow}, see ${claim}`);
  if (instead.length) {
    const [low, high] = instead.map(each => money(each, currency));
    words.append(`, corrected there to ${low === high ? low : `${low} to ${high}`}`);
  }
  if (slices.has(slice)) {
    const go = make("button", `Show ${slices.get(slice).title}`, "go");
    go.type = "button";
    go.addEventListener("click", () => { Object.assign(state, { trade: slice, corridor: "", thing: null, at: null }); choose(); writeFragment(); });
    words.append(go);
  }
  return words;
}
function figureLine(row) {
  const line = make("p", null, "figure");
  const value = money(row.value, row.currency);
  const fallen = row.status === "rejected" || row.status === "superseded";
  line.append(fallen ? make("s", value) : row.drawn ? make("b", value) : make("span", value));
  const when = span(row.from, row.to);
  line.append(` ${when}`);
  if (fallen && row.instead.length) {
    const [low, high] = row.instead.map(each => money(each, row.currency));
    line.append("; stands corrected at ", make("b", low === high ? low : `${low} to ${high}`));
  }
  if (fallen && row.belongs) line.append(belongs(row.belongs, row.currency));
  const small = make("span", ` ${[row.status === "accepted" ? "" : row.status, row.claim].filter(Boolean).join(", ")}${row.source ? `: ${row.source}` : ""}`, "small");
  line.append(make("br"), small);
  if (row.reason) line.append(make("br"), make("span", row.reason, "small"));
  return line;
}
function chip(partner) {
  return make("i", null, `chip${partner.level === null || !partner.members.length ? "" : ` level-${partner.level}`}${partner.members.length > 1 ? " group" : ""}`);
}
function partnerPart(partner, title) {
  const part = make("section", null, "partner");
  const head = make("h3");
  if (partner.members.length) head.append(chip(partner));
  head.append(title ?? (partner.partner === "World" ? "All partners together" : partner.partner));
  part.append(head);
  if (partner.members.length > 1) part.append(make("p", `One figure for ${several(partner.members.length, "country", "countries")} together: hatched, never split.`, "small"));
  if (partner.members.length && partner.level === null) part.append(make("p", "Less than half a year on record: not coloured.", "small"));
  // What gives the colour, and what was rejected, at once; the rest on demand.
  const first = partner.figures.filter((row, k) => k === 0 || row.status === "rejected");
  const others = partner.figures.filter(row => !first.includes(row));
  part.append(...first.map(figureLine));
  if (others.length) {
    const more = make("details");
    more.append(make("summary", `${several(others.length, "more figure")} on record`), ...others.map(figureLine));
    part.append(more);
  }
  return part;
}
function scaleKey() {
  const { levels } = scene.trade;
  const words = [`under ${money(levels[0], "USD")}`, ...levels.map((level, k) => (k + 1 < levels.length ? `${money(level, "USD")} to ${money(levels[k + 1], "USD")}` : `${money(level, "USD")} or more`))];
  const box = make("p", null, "chips");
  words.forEach((text, level) => {
    const each = make("span", null, "with");
    each.append(chip({ level, members: [""] }), text);
    box.append(each);
  });
  return box;
}
function tradeCard(slice) {
  const box = card(`Trade of Xinjiang, ${slice.title}`);
  box.append(make("p", "Colour: the longest period on record in the year. No colour: no figure, or contested ground.", "small"), scaleKey());
  if (!slice.coloured) box.append(make("p", "No partner has half a year on record here: the map stays uncoloured.", "small"));
  box.append(...slice.partners.map(each => partnerPart(each)));
  box.append(make("p", `A figure in yuan takes the class of its value at ${scene.trade.rate} CNY per US$; it is listed as printed.`, "small"));
  return box;
}
function partnerCard(name) {
  const box = card(name === "World" ? "Xinjiang, trade with all partners" : `Xinjiang’s trade with ${name}`);
  for (const slice of scene.trade.slices) {
    const found = slice.partners.find(each => each.partner === name);
    if (found) box.append(partnerPart(found, slice.title));
  }
  return box;
}
const choropleth = L.layerGroup();
function paint() {
  choropleth.clearLayers();
  const slice = slices.get(state.trade);
  if (!slice) { choropleth.remove(); return; }
  const polygons = coordinates => coordinates.map(rings => rings.map(ring => ring.map(([lon, lat]) => [lat, lon])));
  const add = (coordinates, options) => L.polygon(polygons(coordinates), { smoothFactor: 0.6, ...options }).addTo(choropleth);
  for (const partner of slice.partners) {
    if (partner.level === null) continue;
    for (const code of partner.members) {
      const shape = scene.trade.shapes[code];
      if (!shape) continue;
      const whole = add(shape, { pane: "trade", className: `trade level-${partner.level}` });
      whole.on("click", event => open(pane, { getCenter: () => event.latlng }, () => partnerCard(partner.partner)));
      if (partner.group) add(shape, { pane: "trade", className: "together", interactive: false });
    }
  }
  if (scene.reporter) {
    const mark = L.circleMarker(scene.reporter, { radius: 7, className: "reporter", pane: "ports" }).addTo(choropleth);
    mark.on("click", () => open(pane, mark, () => partnerCard("World")));
    mark.bindTooltip("Xinjiang", { permanent: true, direction: "right", className: "reporter-name", offset: [8, 0] });
  }
  choropleth.addTo(map);
}

// ---- Marks -------------------------------------------------------------------------------

function lines() {
  const order = ["sea", "rail", "road"];
  for (const link of [...scene.links].sort((a, b) => order.indexOf(a.mode) - order.indexOf(b.mode))) {
    const chosen = corridors.get(state.corridor)?.links.includes(link.link);
    const gauge = link.gauge_mm === null ? "" : ` g${link.gauge_mm}`;
    const look = { weight: (CLASS[link.class] ?? 1.75) * (chosen ? 1.5 : 1), className: `${link.mode}${gauge}${link.drawn === "straight" ? " straight" : ""}${chosen ? " chosen" : ""}` };
    const mark = line(pane, GROUP[link.mode], link, () => look, () => linkCard(link), `${link.ends.join(" to ")}, ${link.mode}`);
    remember(mark, "link", link.link);
  }
}
function fixed() {
  for (const key of ["roads", "rails", "sea", "terminals", "incidents", "labels"]) pane.groups[key].clearLayers();
  pane.marks = [];
  pane.names = [];
  lines();
  const rows = new Map();
  for (const each of scene.terminals) if (each.at) rows.set(each.place, [...(rows.get(each.place) ?? []), each]);
  for (const [place, each] of rows) {
    const mark = circle(pane, "terminals", each[0], () => ({ r: narrow.matches ? 7 : 8, className: "terminal" }), () => terminalCard(each), `${each[0].name}: ${[...new Set(each.map(row => stay(row.modes)))].join("; ")}`);
    remember(mark, "terminal", place);
  }
  const spots = new Set(scene.spots.map(spot => String(spot.at)));
  for (const rows of samePoint(scene.incidents)) {
    const kinds = rows.every(each => SECURITY.has(each.kind)) ? " security" : "";
    // Round a post the ring is wider, or the post would cover it.
    const r = spots.has(String(rows[0].at)) ? 11 : rows.length > 1 ? 6.5 : 5;
    const first = () => [...rows].sort((a, b) => isAsked("incident", b.incident) - isAsked("incident", a.incident));
    const mark = circle(pane, "incidents", rows[0], () => ({ r, className: `incident${kinds}` }), () => cardOfAll(first(), incidentCard), rows.map(each => each.name).join("; "));
    for (const each of rows) where.set(`incident/${each.incident}`, mark);
    mark.on("click", () => { if (!rows.some(each => isAsked("incident", each.incident))) state.thing = ["incident", rows[0].incident]; asked(); writeFragment(); });
  }
  for (const place of scene.labels) name(pane, { ...place, crossing: false }, "labels", 4);
  scene.areas.forEach((area, k) => name(pane, { ...area, area: true, rank: 0.8 + k / 1e4, crossing: true }, "labels", 0));
  steady.marks = pane.marks.length;
  steady.names = pane.names.length;
}
const steady = { marks: 0, names: 0 };     // how many of them do not change with the zoom
const where = new Map();                   // the mark of a thing, to open it from the address
function remember(mark, type, id) {
  where.set(`${type}/${id}`, mark);
  mark.on("click", () => { state.thing = [type, id]; asked(); writeFragment(); });
}
const isAsked = (type, id) => state.thing?.[0] === type && state.thing[1] === id;
function samePoint(rows) {
  const found = new Map();
  for (const row of rows) found.set(String(row.at), [...(found.get(String(row.at)) ?? []), row]);
  return [...found.values()];
}
// How far off the thing whose card is open may be, at any zoom.
const reachOf = L.layerGroup();
function asked() {
  reachOf.clearLayers();
  const thing = state.thing && ["incident", "place"].includes(state.thing[0]) ? THINGS[state.thing[0]].get(state.thing[1]) : null;
  if (thing?.within_km > 0) L.circle(thing.at, { radius: thing.within_km * 1000, className: "within asked", pane: "within", interactive: false }).addTo(reachOf);
  reachOf.addTo(map);
}
const apart = port => {
  if (port.box.length < 2) return map.getZoom() >= STREET;
  const [a, b] = port.box.map(at => map.latLngToContainerPoint(at));
  return a.distanceTo(b) >= APART || map.getZoom() >= STREET + 2;
};
// "Khorgos road", "Khorgos rail" and "Dulata, Kalzhat": Khorgos, Dulata.
function common(ports) {
  const groups = new Map();
  for (const port of ports) {
    const first = port.name.split(/[\s,/]+/)[0];
    groups.set(first, [...(groups.get(first) ?? []), port.name]);
  }
  const heads = [...groups].map(([first, names]) => (names.length > 1 ? first : names[0].split(", ")[0]));
  return heads.slice(0, 3).join(", ") + (heads.length > 3 ? ` and ${heads.length - 3} more` : "");
}
// Ports and posts depend on the zoom: near ports share a mark from afar, posts part from near.
function near() {
  for (const key of ["ports", "within"]) pane.groups[key].clearLayers();
  pane.marks.length = steady.marks;
  pane.names.length = steady.names;
  for (const key of [...where.keys()]) if (/^(port|place)\//.test(key)) where.delete(key);
  const street = map.getZoom() >= STREET;
  const drawn = new Set();
  const clusters = [];
  for (const port of scene.ports) {
    if (!port.at) continue;
    if (apart(port)) { drawn.add(port.place).add(port.across); continue; }
    const at = map.latLngToContainerPoint(port.at);
    const found = clusters.find(each => each.at.distanceTo(at) < 14);
    if (found) found.ports.push(port); else clusters.push({ at, ports: [port] });
  }
  for (const { ports } of clusters) cluster(ports);
  const groups = [];
  for (const spot of scene.spots) {
    const of = drawn.has(spot.place);
    if (!of && !street && !(spot.kind === "sea_port" && map.getZoom() >= (spot.rank === 1 ? 3 : 5))) continue;
    const at = map.latLngToContainerPoint(spot.at);
    const found = groups.find(each => each.at.distanceTo(at) < 9);
    if (!found) groups.push({ at, spots: [spot], of });
    else if (of) { found.spots.unshift(spot); found.of = true; } else found.spots.push(spot);
  }
  for (const { spots, of } of groups) post(spots, of);
  signs(street);
}
// At street scale a road and a railway bear their names, each half way along what is seen of it.
const signed = [];
function signs(street) {
  for (const [group, mark] of signed.splice(0)) group.removeLayer(mark);
  const size = map.getSize();
  if (!street || !size.x) return;
  const view = L.bounds([0, 0], size);
  const found = new Map();
  for (const link of scene.links) {
    if (link.mode === "sea" || !link.name) continue;
    const points = link.line.map(at => map.latLngToContainerPoint(at));
    const seen = points.slice(1).map((to, k) => L.LineUtil.clipSegment(points[k], to, view, false)).filter(Boolean);
    const long = sum(seen.map(([a, b]) => a.distanceTo(b)));
    const key = `${link.mode} ${link.name}`;
    if (long >= SIGN && long > (found.get(key)?.long ?? 0)) found.set(key, { link, seen, long });
  }
  for (const { link, seen, long } of found.values()) {
    const at = map.containerPointToLatLng(halfWay(seen, long));
    const group = pane.groups[GROUP[link.mode]];
    name(pane, { name: link.name, at, rank: 2.9, zoom: 0, area: true, kind: `way way-${link.mode}`, crossing: true }, GROUP[link.mode], 0);
    signed.push([group, pane.names[pane.names.length - 1].mark]);
  }
}
function halfWay(parts, long) {
  let left = long / 2;
  for (const [a, b] of parts) {
    const run = a.distanceTo(b);
    if (run >= left && run) return a.add(b.subtract(a).multiplyBy(left / run));
    left -= run;
  }
  return parts[parts.length - 1][1];
}
// "Sost" and "Sost dry port" at one point: Sost, Sost dry port.
const joint = spots => spots.map(spot => spot.name).join(", ");
const rankOf = ports => Math.min(...ports.map(port => port.rank)) - 0.5;
function cluster(ports) {
  const kinds = new Set(ports.map(port => port.kind));
  const kind = kinds.size > 1 ? "several" : { rail: "rail", cooperation_centre: "centre" }[ports[0].kind] ?? "road";
  const title = ports.length > 1 ? common(ports) : ports[0].name;
  // A port of the first rank is named before any town, the others after the towns they stand near.
  const rank = rankOf(ports);
  const place = { at: ports[0].at, name: title, rank, zoom: rank < 1 ? 2.5 : 4, far: rank < 1, crossing: true };
  const mark = circle(pane, "ports", place, () => ({ r: ports.length > 1 ? 7 : 5.5, className: `port by-${kind}` }), () => portsCard(ports), `${title}, ${several(ports.length, "border port")}`);
  for (const port of ports) {
    where.set(`port/${port.port}`, mark);
  }
  mark.on("click", () => { state.thing = ["port", ports[0].port]; writeFragment(); });
  name(pane, place, "ports", 8);
}
function post(spots, of) {
  const [spot] = spots;
  const street = map.getZoom() >= STREET;
  // From afar a post is named by the first part of its name, after the ports of its rank: the long
  // name of a hall would push its neighbour's away and be read as that neighbour's.
  const title = street ? joint(spots) : spot.name.split(", ")[0];
  const place = { ...spot, name: title, rank: !of ? 2 : street ? 1 : rankOf(scene.ports.filter(port => port.place === spot.place || port.across === spot.place)) + 0.1, zoom: 0, crossing: true };
  const first = () => [...spots].sort((a, b) => isAsked("place", b.place) - isAsked("place", a.place));
  const mark = circle(pane, "ports", place, () => ({ r: of ? 6 : 4.5, className: `spot-mark${of ? " of-port" : ""}` }), () => (spots.length > 1 ? cardOfAll(first(), spotCard) : spotCard(spot)), joint(spots));
  mark.on("click", () => { if (!spots.some(each => isAsked("place", each.place))) state.thing = ["place", spot.place]; asked(); writeFragment(); });
  for (const each of spots) {
    where.set(`place/${each.place}`, mark);
    for (const port of scene.ports) if (port.place === each.place || port.across === each.place) where.set(`port/${port.port}`, mark);
  }
  name(pane, place, "ports", 9);
  if (map.getZoom() < STREET - 1.5) return;
  for (const each of spots) if (each.within_km > 0) L.circle(each.at, { radius: each.within_km * 1000, className: "within", pane: "within", interactive: false }).addTo(pane.groups.within);
}

// ---- State: in the fragment of the address, so that a view can be sent -------------------

function readFragment() {
  const asked = new URLSearchParams(location.hash.slice(1));
  state.hidden = new Set((asked.get("hide") ?? "").split(",").filter(key => LAYERS.includes(key)));
  state.corridor = corridors.has(asked.get("corridor")) ? asked.get("corridor") : "";
  state.trade = slices.has(asked.get("trade")) ? asked.get("trade") : "";
  const type = Object.keys(THINGS).find(key => THINGS[key].has(asked.get(key)));
  state.thing = type ? [type, asked.get(type)] : null;
  const at = (asked.get("at") ?? "").split("/").map(Number);
  state.at = at.length === 3 && at.every(Number.isFinite) ? at : null;
}
function writeFragment() {
  const parts = [];
  if (state.corridor) parts.push(`corridor=${encodeURIComponent(state.corridor)}`);
  if (state.trade) parts.push(`trade=${encodeURIComponent(state.trade)}`);
  if (state.thing) parts.push(`${state.thing[0]}=${encodeURIComponent(state.thing[1])}`);
  if (state.hidden.size) parts.push(`hide=${[...state.hidden].join(",")}`);
  if (state.at) parts.push(`at=${state.at.map((each, k) => each.toFixed(k ? 4 : 2)).join("/")}`);
  const fragment = parts.length ? `#${parts.join("&")}` : "#";
  if (fragment === location.hash || (!parts.length && !location.hash)) return;
  try { history.replaceState(null, "", fragment); } catch { /* inside a sandboxed frame there is no address */ }
}

// ---- View --------------------------------------------------------------------------------

let fitting = false;
function fit(box, maxZoom = 13) {
  const beside = !byId("panel").hidden;
  const room = beside && !narrow.matches ? byId("panel").offsetWidth + 24 : 24;
  const foot = beside && narrow.matches ? byId("panel").offsetHeight + 16 : 40;
  const rim = narrow.matches ? 12 : 36;
  map.fitBounds(box, { paddingTopLeft: [beside && !narrow.matches ? room : Math.min(room, rim), rim], paddingBottomRight: [rim, foot], maxZoom, animate: false });
}
function frame() {                         // what the state asks to be seen
  fitting = true;
  map.invalidateSize({ pan: false, animate: false });
  const corridor = corridors.get(state.corridor);
  if (state.at) map.setView(state.at.slice(1), state.at[0], { animate: false });
  else if (state.thing) fit(boxOf(...state.thing));
  else if (corridor) fit(corridor.links.flatMap(link => THINGS.link.get(link).line));
  else if (slices.get(state.trade)?.coloured) fit(slices.get(state.trade).partners.flatMap(each => (each.level === null ? [] : each.members.flatMap(code => largest(code)))).concat(scene.reporter ? [scene.reporter] : []), 4);
  // A phone is too narrow for all railways from Duisburg to the Pacific: it begins with the roads.
  else fit(narrow.matches ? scene.roads : scene.whole);
  fitting = false;
}
// The largest part of a country: a far island must not stretch the view.
function largest(code) {
  const parts = (scene.trade.shapes[code] ?? []).map(rings => L.latLngBounds(rings[0].map(([lon, lat]) => [lat, lon])));
  if (!parts.length) return [];
  const area = box => (box.getEast() - box.getWest()) * (box.getNorth() - box.getSouth());
  const box = parts.reduce((a, b) => (area(b) > area(a) ? b : a));
  return [[box.getSouth(), box.getWest()], [box.getNorth(), box.getEast()]];
}
function boxOf(type, id) {
  const thing = THINGS[type].get(id);
  if (type === "port") return thing.box;
  if (type === "link") return thing.line;
  if (type !== "incident" || !(thing.within_km > 0)) return [thing.at];
  const around = L.latLng(thing.at).toBounds(2000 * thing.within_km);
  return [around.getSouthWest(), around.getNorthEast()];
}
function show(type, id) {
  close();
  state.thing = [type, id];
  state.at = null;
  panel();
  asked();
  frame();
  writeFragment();
  redraw();
}
// What the address or a button asks for is told beside the map: a card over it would push the view
// away from what it was fitted to. From afar a port has a mark that opens its card.
function askedCard() {
  const [type, id] = state.thing ?? [];
  const thing = type && THINGS[type].get(id);
  const same = rows => [thing, ...rows.filter(each => each !== thing && String(each.at) === String(thing.at))];
  if (type === "port") return !state.at || apart(thing) ? portCard(thing) : null;
  if (type === "incident") return cardOfAll(same(scene.incidents), incidentCard);
  return type === "place" && scene.spots.includes(thing) ? cardOfAll(same(scene.spots), spotCard) : null;
}
function panel() {
  const corridor = corridors.get(state.corridor);
  const slice = slices.get(state.trade);
  const told = askedCard();
  byId("panel").hidden = !corridor && !slice && !told;
  byId("panel-card").replaceChildren(...(told ? [told] : slice ? [tradeCard(slice)] : corridor ? [corridorCard(corridor)] : []));
  byId("panel").scrollTop = 0;
}
function choose() {                        // another corridor or another year of trade
  close();
  document.body.classList.toggle("choosing", state.corridor + state.trade !== "");
  document.body.classList.toggle("trading", state.trade !== "");
  byId("corridor").value = state.corridor;
  byId("trade").value = state.trade;
  fixed();
  paint();
  if (state.at) frame();
  panel();
  legend();
  asked();
  frame();
  redraw();
}
function redraw() {
  near();
  layOut(pane);
  street(map);
}
function layers() {
  for (const key of LAYERS) {
    const group = pane.groups[key];
    if (state.hidden.has(key) === map.hasLayer(group)) map[state.hidden.has(key) ? "removeLayer" : "addLayer"](group);
  }
}

// ---- Words on the page -------------------------------------------------------------------

function words() {
  const km = mode => sum(scene.links.filter(link => link.mode === mode).map(link => link.km));
  const parts = [scene.ports.length ? several(scene.ports.length, "border port") : "", `${plain.format(km("road"))}\u00a0km of road`, `${plain.format(km("rail"))}\u00a0km of railway`].filter(Boolean);
  byId("headline").textContent = `China’s overland ways to Pakistan, Central Asia and Europe: ${parts.join(", ")}`;
  document.title = byId("headline").textContent;
  byId("subtitle").textContent = "Each mark opens a card that says what is known, how well, and from which claim. Nothing here is simulated.";
  byId("source").textContent = "Corridor, layers as of their catalogue; claims in the register.";
}
function both(className, thick, thin) {
  const svg = draw("svg", { width: 34, height: 14, "aria-hidden": "true" });
  [thick, thin].forEach((weight, k) => draw("line", { class: className, x1: k * 18, x2: k * 18 + 16, y1: 7, y2: 7, "stroke-width": weight }, svg));
  return svg;
}
function legend() {
  const has = test => scene.links.some(test);
  const keys = [
    [ring("port by-road"), "Road port"], [ring("port by-rail", 5), "Rail port"], [ring("port by-several"), "Several ports, or a cooperation centre"],
    [ring("spot-mark of-port"), "Post of a border port, from near"], [ring("spot-mark", 4.5), "Station, sea port or other post, from near"],
    [ring("terminal", 8), STAYS],
    [both("road", CLASS.motorway, CLASS.secondary), "Road, thick: motorway, thin: secondary"], [both("rail g1435", CLASS.main, CLASS.branch), "Railway, 1,435 mm, thin: branch"],
    has(link => link.gauge_mm === 1520) && [stroke("rail g1520", 2.25), "Railway, 1,520 mm"],
    has(link => link.gauge_mm === 1676) && [stroke("rail g1676", 2.25), "Railway, 1,676 mm"],
    has(link => link.mode === "sea") && [stroke("sea", 1.5), "Sea leg"],
    has(link => link.drawn === "straight") && [stroke("road straight", 2), "Drawn straight: true shape not in the data"],
    scene.incidents.some(each => !SECURITY.has(each.kind)) && [ring("incident", 5), "Hazard on record"],
    scene.incidents.some(each => SECURITY.has(each.kind)) && [ring("incident security", 5), "Security incident on record"],
    [ring("within", 8), "A position may be off by this much"],
    [stroke("disputed", 1.1), "Disputed or control line"],
  ].filter(Boolean);
  byId("keys").replaceChildren(...keys.map(([mark, text]) => {
    const key = make("div", null, "key");
    key.append(mark, make("span", text));
    return key;
  }));
}
function picks() {
  const option = (select, value, text) => {
    const made = make("option", text);
    made.value = value;
    byId(select).append(made);
  };
  option("corridor", "", "All");
  for (const each of scene.corridors) option("corridor", each.corridor, each.title);
  option("port", "", "Choose");
  for (const each of scene.ports) option("port", each.port, each.name);
  option("trade", "", "Not shown");
  for (const each of scene.trade.slices) option("trade", each.key, each.title + (each.coloured ? "" : " (figures only)"));
  byId("corridor").addEventListener("change", event => { Object.assign(state, { corridor: event.target.value, trade: "", thing: null, at: null }); choose(); writeFragment(); });
  byId("trade").addEventListener("change", event => { Object.assign(state, { trade: event.target.value, corridor: "", thing: null, at: null }); choose(); writeFragment(); });
  byId("port").addEventListener("change", event => { if (event.target.value) show("port", event.target.value); openThing(); event.target.value = ""; });
  byId("panel-close").addEventListener("click", () => { 
    if (askedCard()) { state.thing = null; asked(); writeFragment(); panel(); } else byId("panel").hidden = true;
    redraw();
  });
}
function openThing() {
  const mark = state.thing && where.get(state.thing.join("/"));
  if (!mark || askedCard()) return;
  mark.fire("click", { latlng: mark.getRadius ? mark.getLatLng() : mark.getCenter() });
}
function start() {
  if (narrow.matches) byId("legend").open = false;
  byId("legend").addEventListener("toggle", () => map.invalidateSize({ pan: false }));
  if (still) Object.assign(map.options, { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  if (still) map._zoomAnimated = false;
  for (const key of ["land", "rivers", "lakes", "borders", "disputed"]) window[`geo_json_${key}_world`].addData(scene.basemap[key]);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", "Map");
  const keyOf = layer => LAYERS.find(key => pane.groups[key] === layer);
  for (const [event, hide] of [["overlayremove", true], ["overlayadd", false]]) {
    map.on(event, ({ layer }) => { state.hidden[hide ? "add" : "delete"](keyOf(layer)); layOut(pane); writeFragment(); });
  }
  readFragment();
  credits();
  words();
  picks();
  layers();
  choose();
  openThing();
  byId("sheet-close").addEventListener("click", close);
  addEventListener("keydown", event => { if (event.key === "Escape") close(); });
  map.on("popupclose", () => { state.thing = null; asked(); writeFragment(); });
  map.on("moveend", () => {
    if (!fitting) { const { lat, lng } = map.getCenter(); state.at = [map.getZoom(), lat, lng]; writeFragment(); }
    redraw();
  });
  addEventListener("resize", () => { map.invalidateSize({ pan: false }); redraw(); });
  addEventListener("hashchange", () => { readFragment(); layers(); choose(); openThing(); });
}
start();
