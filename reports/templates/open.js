// Opens the details that an address of the page names or points into, and all that are folded for
// printing.
(() => {
  "use strict";

  function named() {
    const written = location.hash.slice(1);
    try {
      return (
        document.getElementById(written) || document.getElementById(decodeURIComponent(written))
      );
    } catch {
      return null; // an address that was cut off
    }
  }

  const open = () => {
    const place = named();
    if (!place) return;
    let folded = place.closest("details");
    while (folded) {
      folded.open = true;
      folded = folded.parentElement.closest("details");
    }
    place.scrollIntoView();
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
