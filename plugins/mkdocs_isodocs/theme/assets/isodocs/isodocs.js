// Small things a page does in the reader's browser. Without scripts everything can still be read.
(() => {
  "use strict";
  const edition = window.isodocsEdition || {};

  const two = (number) => String(number).padStart(2, "0");
  const dayOf = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const timeOf = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;

  const stamp = () => {
    for (const place of document.querySelectorAll("[data-isodocs-edition]")) {
      const commit = edition.commit ? `, commit ${edition.commit}` : "";
      if (edition.asOf) place.textContent = `Edition as of ${edition.asOf}${commit}`;
    }
  };

  const warnIfPast = () => {
    const banner = document.querySelector("[data-isodocs-stale]");
    if (!banner || typeof edition.nextChange !== "number") return;
    const wait = edition.nextChange * 1000 - Date.now();
    if (wait <= 0) {
      const since = new Date(edition.nextChange * 1000);
      banner.querySelector("[data-isodocs-since]").textContent = `${dayOf(since)} at ${timeOf(since)} (your time)`;
      banner.hidden = false;
    } else if (wait < 2 ** 31) {
      setTimeout(warnIfPast, wait + 1000);
    }
  };

  const markPrinted = () => {
    const words = `, printed ${dayOf(new Date())}`;
    for (const place of document.querySelectorAll("[data-isodocs-printed]")) place.textContent = words;
  };

  const valueOf = (row, column) => (row.cells[column] ? row.cells[column].textContent.trim() : "");

  const sortBy = (table, column, descending) => {
    const rows = [...table.tBodies[0].rows];
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    rows.sort((one, other) => compare(valueOf(one, column), valueOf(other, column)) * (descending ? -1 : 1));
    table.tBodies[0].append(...rows);
  };

  const makeSortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "isodocs-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const descending = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sortBy(table, column, descending);
      });
    });
  };

  const makeFilter = (table) => {
    const field = document.createElement("input");
    field.type = "search";
    field.className = "isodocs-filter";
    field.placeholder = "Filter this list";
    field.setAttribute("aria-label", "Filter this list");
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const [row, text] of rows) row.hidden = !words.every((word) => text.includes(word));
    });
    (table.closest(".md-typeset__scrollwrap") || table).before(field);
  };

  const label = (table) => {
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    for (const row of table.tBodies[0].rows) {
      [...row.cells].forEach((cell, column) => cell.setAttribute("data-label", names[column] || ""));
    }
  };

  const start = () => {
    stamp();
    warnIfPast();
    markPrinted();
    for (const table of document.querySelectorAll(".isodocs-page--register table, .isodocs-page--home table")) {
      if (!table.tHead || !table.tBodies.length) continue;
      label(table);
      if (!table.closest(".isodocs-page--register")) continue;
      makeSortable(table);
      if (table.tBodies[0].rows.length > 7) makeFilter(table);
    }
    for (const table of document.querySelectorAll(".isodocs-history")) if (table.tHead) label(table);
  };

  // A wide table that scrolls must be reachable with the keyboard.
  const reachTables = () => {
    for (const frame of document.querySelectorAll(".md-typeset__scrollwrap")) {
      if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    }
  };

  addEventListener("load", () => setTimeout(reachTables));
  addEventListener("beforeprint", markPrinted);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
