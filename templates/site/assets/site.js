// What the pages do for who has JavaScript: a theme that stays, samples as tabs, buttons that copy.
// Nothing here is needed to read them. It is loaded before a page is painted: what it shows does not jump in.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // A page from a file, or one whose reader keeps no cookies, may have no storage: then a choice holds for the page.
  const stored = {
    get(name) {
      try {
        return localStorage.getItem(name);
      } catch {
        return null;
      }
    },
    set(name, value) {
      try {
        localStorage.setItem(name, value);
      } catch {
        // It holds for this page.
      }
    },
  };

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Theme: what the system says, until a reader chooses.

  const THEME = "fal-typed-theme";
  const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)");

  function theme() {
    return root.dataset.theme || (systemIsDark.matches ? "dark" : "light");
  }

  function useStoredTheme() {
    const chosen = stored.get(THEME);
    if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  }

  function startTheme() {
    const buttons = document.querySelectorAll("button.theme");
    const tell = () => {
      for (const button of buttons) button.setAttribute("aria-pressed", String(theme() === "dark"));
    };
    for (const button of buttons) {
      if (!button.textContent.trim() && !button.hasAttribute("aria-label")) button.setAttribute("aria-label", "Dark");
      button.addEventListener("click", () => {
        root.dataset.theme = theme() === "dark" ? "light" : "dark";
        stored.set(THEME, root.dataset.theme);
        tell();
      });
    }
    systemIsDark.addEventListener("change", tell);
    tell();
  }

  // Copying.

  const status = element("p", { role: "status", class: "visually-hidden" });

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text); // no clipboard for this page: plain http, or a browser that keeps it from files
    }
  }

  function copyBySelection(text) {
    const before = document.activeElement;
    const area = element("textarea", { readonly: "", class: "visually-hidden", "aria-hidden": "true" });
    area.value = text;
    area.style.whiteSpace = "pre"; // what is copied is what would be seen
    document.body.append(area);
    area.select();
    let copied = false;
    try {
      copied = document.execCommand("copy");
    } catch {
      // The button tells.
    }
    area.remove();
    before?.focus({ preventScroll: true });
    return copied;
  }

  function select(target) {
    const range = document.createRange();
    range.selectNodeContents(target);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  const labels = new WeakMap(); // what a button says when it tells nothing

  async function onCopy(event) {
    const button = event.target.closest("button.copy");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source) return;
    const copied = await copy(source.textContent);
    if (!copied) select(source);
    const told = copied ? "Copied" : "Selected";
    if (!labels.has(button)) labels.set(button, button.textContent);
    button.textContent = told;
    button.classList.add("done");
    status.textContent = copied ? "Copied" : "Selected: press Ctrl+C to copy";
    setTimeout(() => {
      button.textContent = labels.get(button);
      button.classList.remove("done");
      status.textContent = "";
    }, 2000);
  }

  // Tabs: `<div class="samples">` of sections, each with a heading. What a reader chose is shown on the next page too.

  const TAB = "fal-typed-sample";

  function startTabs(box) {
    const panels = [...box.children].filter((child) => child.matches("section"));
    if (panels.length < 2) return;
    const list = element("div", { role: "tablist", class: "tabs", "aria-label": box.dataset.label || "Samples" });
    const tabs = panels.map((panel, at) => {
      const heading = panel.querySelector("h2, h3, h4, h5");
      panel.id ||= `sample-${at + 1}`;
      const tab = element("button", { type: "button", role: "tab", id: `${panel.id}-tab` }, heading.textContent);
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      heading.hidden = true;
      tab.addEventListener("click", () => choose(at, true));
      return tab;
    });

    function choose(chosen, keep) {
      tabs.forEach((tab, at) => {
        tab.setAttribute("aria-selected", String(at === chosen));
        tab.tabIndex = at === chosen ? 0 : -1;
        panels[at].hidden = at !== chosen;
      });
      if (keep) stored.set(TAB, tabs[chosen].textContent);
    }

    list.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(document.activeElement);
      const last = tabs.length - 1;
      const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      choose(to, true);
      tabs[to].focus();
    });

    const kept = stored.get(TAB);
    choose(Math.max(0, tabs.findIndex((tab) => tab.textContent === kept)), false);
    list.append(...tabs);
    box.prepend(list);
  }

  // A link to a field inside of something folded opens it.
  function unfold() {
    let anchor = location.hash.slice(1);
    try {
      anchor = decodeURIComponent(anchor);
    } catch {
      // Somebody's own: it is what it is.
    }
    const target = document.getElementById(anchor);
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
    target?.scrollIntoView({ behavior: "instant" });
  }

  function start() {
    document.body.append(status);
    startTheme();
    document.querySelectorAll(".samples").forEach(startTabs);
    document.addEventListener("click", onCopy);
    window.addEventListener("hashchange", unfold);
    if (location.hash) unfold();
  }

  useStoredTheme();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
