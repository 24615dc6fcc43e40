// Opens the details that an address of the page names or points into, and all that are folded for
// printing.
(() => {
  "use strict";

  const open = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!named) return;
    let folded = named.closest("details");
    while (folded) {
      folded.open = true;
      folded = folded.parentElement.closest("details");
    }
    named.scrollIntoView();
  };

  addEventListener("hashchange", open);
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) open();
  });
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details.folded")) folded.open = true;
  });
  if (location.hash) open();
})();
