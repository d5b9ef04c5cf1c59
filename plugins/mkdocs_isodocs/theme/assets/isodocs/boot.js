// What Material's pages expect before anything else, as a file instead of an inline script, so that the
// security policy can forbid inline scripts. The names are Material's.
(() => {
  "use strict";
  document.documentElement.classList.add("isodocs-scripts");
  const base = document.currentScript.dataset.base;
  window.__md_scope = new URL(base, location);
  window.__md_hash = (text) => [...text].reduce((sum, each) => (sum << 5) - sum + each.charCodeAt(0), 0);
  window.__md_get = (key, storage = localStorage, scope = __md_scope) =>
    JSON.parse(storage.getItem(`${scope.pathname}.${key}`));
  window.__md_set = (key, value, storage = localStorage, scope = __md_scope) => {
    try {
      storage.setItem(`${scope.pathname}.${key}`, JSON.stringify(value));
    } catch {
      // No storage, no memory: the palette is then chosen anew on every page.
    }
  };
})();
