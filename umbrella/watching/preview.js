// Added to a page by `umbrella watch` alone: reloads it when a new site is there, and tells what
// is wrong. A page that nobody looks at holds no connection.
"use strict";
(() => {
  const mine = document.currentScript.dataset.site;
  const colours = { busy: "#1f5fa8", wrong: "#a32020", told: "#6b5200" };
  let source = null;
  let banner = null;

  function show(kind, heading, text) {
    banner?.remove();
    banner = null;
    if (!kind) return;
    banner = document.createElement("aside");
    banner.id = "preview-banner";
    banner.setAttribute("role", "status");
    banner.style.cssText =
      "position:fixed;z-index:1000;left:0;right:0;bottom:0;max-height:50vh;overflow:auto;" +
      `box-sizing:border-box;margin:0;padding:8px 16px;color:#fff;background:${colours[kind]};` +
      "font:14px/1.4 system-ui,sans-serif";
    const title = document.createElement(text ? "summary" : "strong");
    title.textContent = heading;
    title.style.cssText = "font-weight:600;cursor:" + (text ? "pointer" : "default");
    if (!text) {
      banner.append(title);
    } else {
      const details = document.createElement("details");
      const words = document.createElement("pre");
      details.open = kind === "wrong";
      words.textContent = text;
      words.style.cssText =
        "white-space:pre-wrap;margin:8px 0 0;color:inherit;background:none;" +
        "font:12px/1.45 ui-monospace,monospace";
      details.append(title, words);
      banner.append(details);
    }
    document.body.append(banner);
  }

  function tell(news) {
    if (String(news.site) !== mine) {
      location.reload();
    } else if (news.is_busy) {
      show("busy", "The preview is being made …", "");
    } else if (!news.is_ok) {
      show("wrong", "The sheets have a fault: this is the preview before it.", news.said);
    } else {
      show(news.said ? "told" : "", "The preview is up to date. About the sheets:", news.said);
    }
  }

  function listen() {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource("/.preview/news");
      source.onmessage = (event) => tell(JSON.parse(event.data));
      source.onerror = () => show("wrong", "`umbrella watch` has ended.", "");
    }
  }

  document.addEventListener("visibilitychange", listen);
  listen();
})();
