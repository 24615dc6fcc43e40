// Opens the details that an address of the page names.
(() => {
  "use strict";

  const open = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named instanceof HTMLDetailsElement) named.open = true;
  };

  addEventListener("hashchange", open);
  open();
})();
