// A box that searches the whole site. The index is loaded when the box is first used; without
// scripts there is no box.
(() => {
  "use strict";

  const form = document.createElement("form");
  const input = document.createElement("input");
  const list = document.createElement("div");
  const status = document.createElement("p");
  form.className = "search";
  form.setAttribute("role", "search");
  input.type = "search";
  input.autocomplete = "off";
  input.placeholder = "Search (/)";
  const named = { "aria-label": "Search this site", "aria-keyshortcuts": "/", role: "combobox",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-results" };
  for (const [name, value] of Object.entries(named)) input.setAttribute(name, value);
  list.id = "search-results";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Found on this site");
  list.hidden = true;
  status.setAttribute("role", "status");
  status.className = "unseen";
  form.append(input);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.querySelector("nav.site .site-title").after(form);
  document.body.append(list);

  let isAsked = false;
  function load() {
    if (isAsked) return;
    isAsked = true;
    form.append(status);
    const script = document.createElement("script");
    script.src = "search.js";
    script.addEventListener("load", () => umbrellaSearch({ input, list, status }));
    script.addEventListener("error", () => {
      isAsked = false;
      script.remove();
      status.className = "";
      status.textContent = "The file search.js beside this page is missing.";
    });
    document.head.append(script);
  }

  input.addEventListener("input", load);
  addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    event.preventDefault();
    input.focus();
    input.select();
    load();
  });
})();
