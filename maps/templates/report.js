
"use strict";
(() => {
  const narrow = matchMedia("(max-width: 640px)").matches;
  for (const map of document.querySelectorAll("details.map")) map.open = !narrow;

  // A link into a fold opens it.
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const fold = target && target.closest("details");
    if (fold) { fold.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Paper has no fold: what belongs in print is opened for it and closed again after.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.print:not([open]), details.more:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });

  const button = (text, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    if (label) made.setAttribute("aria-label", label);
    return made;
  };
  const words = (cell) => cell.innerText.replace(/\s+/g, " ").trim();

  const copy = async (table, made) => {
    const text = [...table.rows].map((row) => [...row.cells].map(words).join("\t")).join("\n");
    try { await navigator.clipboard.writeText(text); made.textContent = "Copied"; }
    catch {
      getSelection().selectAllChildren(table);
      made.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    }
    setTimeout(() => { made.textContent = "Copy"; }, 2000);
  };

  const sort = (table, column, head) => {
    const down = head.getAttribute("aria-sort") !== "descending";
    const key = (row) => {
      const cell = row.cells[column];
      return cell.dataset.v === undefined ? words(cell) : Number(cell.dataset.v);
    };
    const order = (a, b) => typeof a === "number" && typeof b === "number"
      ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [key(row), row]);
    rows.sort((a, b) => (down ? -1 : 1) * order(a[0], b[0]));
    body.append(...rows.map((pair) => pair[1]));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  };

  for (const table of document.querySelectorAll("table")) {
    const made = button("Copy", "Copy this table");
    made.className = "copy";
    made.addEventListener("click", () => copy(table, made));
    table.parentElement.before(made);
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const text = head.textContent;
      if (!text) return;
      const press = button(text, "");
      press.addEventListener("click", () => sort(table, column, head));
      head.replaceChildren(press);
    });
  }
})();
