// Searches the index above: all words must occur, whatever their accents; headings count more than
// what is said below them, whole words and beginnings of words more than parts.
function umbrellaSearch(parts) {
  "use strict";
  const { input, list, status } = parts;

  const MOST = 12;
  const WEIGHTS = [["heading", 8], ["page", 3], ["words", 2], ["more", 1]];

  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  const { pages, texts, entries } = umbrellaIndex;
  const textOf = (told) => (typeof told === "number" ? texts[told] : told);
  const places = entries.map(([page, anchor, heading, told, other], order) => {
    const [file, label, isAboutData] = pages[page];
    const words = textOf(told), more = textOf(other);
    const isPage = anchor === "";
    return {
      order, heading, words, label, isPage, isAboutData,
      address: isPage ? file : `${file}#${anchor}`,
      parts: { heading: folded(heading), page: folded(label), words: folded(words),
        more: folded(`${more} ${anchor}`) },
    };
  });

  // How well a word fits a text: alone, at the beginning of a word, inside one, or not at all.
  function fit(word, text) {
    if (!text.includes(word)) return 0;
    const found = text.match(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}(?![\\p{L}\\p{N}])`, "u"));
    if (found) return 3;
    return new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}`, "u").test(text) ? 2 : 1;
  }

  function score(place, sought) {
    let sum = place.isPage ? 4 : 0;
    for (const word of sought) {
      const best = Math.max(...WEIGHTS.map(([part, weight]) => weight * fit(word, place.parts[part])));
      if (!best) return 0;
      sum += best;
    }
    // Results come before the tables that hold them. Of two headings with the words, the shorter
    // one says less beside them.
    return (place.isAboutData ? sum / 3 : sum) - place.heading.length / 1000;
  }

  function search(text) {
    const sought = folded(text).split(/\s+/).filter(Boolean);
    if (!sought.length) return [];
    const found = [];
    for (const place of places) {
      const value = score(place, sought);
      if (value > 0) found.push([value, place]);
    }
    found.sort((a, b) => b[0] - a[0] || a[1].order - b[1].order);
    return found.map(([, place]) => place);
  }

  let active = -1;

  function part(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function option(place, number) {
    const link = document.createElement("a");
    link.href = place.address;
    link.id = `search-result-${number}`;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.append(part("b", place.heading), " ", part("small", place.isPage ? "Page" : place.label));
    if (place.words) link.append(" ", part("span", place.words));
    return link;
  }

  function choose(number) {
    const options = list.children;
    if (active >= 0) options[active].setAttribute("aria-selected", "false");
    active = number;
    if (active < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    options[active].setAttribute("aria-selected", "true");
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  }

  function close() {
    choose(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  function show() {
    choose(-1);
    const found = search(input.value);
    list.replaceChildren(...found.slice(0, MOST).map(option));
    const isAsked = input.value.trim() !== "";
    status.className = isAsked && !found.length ? "" : "unseen";
    const shown = found.length > MOST ? `${MOST} of ${found.length} places` : `${found.length} found`;
    status.textContent = !isAsked ? "" : found.length ? shown : "Nothing has all these words.";
    if (!found.length) {
      close();
      return;
    }
    list.hidden = false;
    const box = input.getBoundingClientRect();
    list.style.top = `${box.bottom + 4}px`;
    list.style.left = `${Math.max(Math.min(box.left, innerWidth - list.offsetWidth - 8), 8)}px`;
    list.style.maxHeight = `${innerHeight - box.bottom - 16}px`;
    list.scrollTop = 0;
    input.setAttribute("aria-expanded", "true");
  }

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const n = list.children.length;
    if (event.key === "Escape") {
      if (list.hidden) input.value = "";
      close();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) show();
      else choose((active + (event.key === "ArrowDown" ? 1 : active < 0 ? n : n - 1)) % n);
      event.preventDefault();
    } else if (event.key === "Enter" && !list.hidden) {
      list.children[Math.max(active, 0)].click();
      event.preventDefault();
    }
  });
  list.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && event.target.closest("a")) close();
  });
  input.addEventListener("focus", () => input.value && show());
  input.addEventListener("blur", (event) => {
    if (!list.contains(event.relatedTarget)) close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  if (input.value) show();
}
