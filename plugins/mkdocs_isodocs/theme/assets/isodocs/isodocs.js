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

  const MOST = 200; // rows at once: to lay out ten thousand takes a browser seconds
  const valueOf = (row, column) => (row.cells[column] ? row.cells[column].textContent.trim() : "");

  // A list of documents: it can be sorted and filtered, and shows so many rows at first.
  const makeList = (table) => {
    const body = table.tBodies[0];
    const names = namesOf(table);
    const texts = new Map();
    let rows = [...body.rows];
    let words = [];
    let all = rows.length <= MOST;

    const textOf = (row) => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      return texts.get(row);
    };
    const rest = document.createElement("p");
    rest.className = "isodocs-rest";
    const button = document.createElement("button");
    button.type = "button";
    const show = () => {
      const found = words.length ? rows.filter((row) => words.every((word) => textOf(row).includes(word))) : rows;
      const shown = all ? found : found.slice(0, MOST);
      shown.forEach((row) => label(row, names));
      body.replaceChildren(...shown);
      rest.hidden = shown.length === found.length;
      rest.firstChild.textContent = `${shown.length} of ${found.length} rows. `;
      button.textContent = `Show all ${found.length}`;
    };
    const showAll = () => {
      all = true;
      show();
    };
    rest.append("", button);
    button.addEventListener("click", showAll);
    addEventListener("beforeprint", showAll);

    makeSortable(table, (column, descending) => {
      const compare = new Intl.Collator(undefined, { numeric: true }).compare;
      const keyed = rows.map((row) => [valueOf(row, column), row]);
      keyed.sort(([one], [other]) => compare(one, other) * (descending ? -1 : 1));
      rows = keyed.map(([, row]) => row);
      show();
    });
    const frame = table.closest(".md-typeset__scrollwrap") || table;
    if (rows.length > 7) {
      frame.before(
        makeFilter((asked) => {
          words = asked;
          show();
        }),
      );
    }
    frame.after(rest);
    show();
    body.dataset.isodocsReady = "";
  };

  const makeSortable = (table, sort) => {
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
        sort(column, descending);
      });
    });
  };

  const makeFilter = (filter) => {
    const field = document.createElement("input");
    field.type = "search";
    field.className = "isodocs-filter";
    field.placeholder = "Filter this list";
    field.setAttribute("aria-label", "Filter this list");
    field.addEventListener("input", () => filter(field.value.toLowerCase().split(/\s+/).filter(Boolean)));
    return field;
  };

  const namesOf = (table) => [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const label = (row, names) =>
    [...row.cells].forEach((cell, column) => cell.setAttribute("data-label", names[column] || ""));
  const labelAll = (table) => {
    const names = namesOf(table);
    for (const row of table.tBodies[0].rows) label(row, names);
  };

  const start = () => {
    stamp();
    warnIfPast();
    markPrinted();
    for (const table of document.querySelectorAll(".isodocs-page--register table, .isodocs-page--home table")) {
      if (!table.tHead || !table.tBodies.length) continue;
      if (table.closest(".isodocs-page--register")) makeList(table);
      else labelAll(table);
    }
    for (const table of document.querySelectorAll(".isodocs-history")) if (table.tHead) labelAll(table);
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
