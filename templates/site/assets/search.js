// The search box of every page, from the keyboard alone if one likes: `/` or Ctrl+K, arrows, Home, End, Enter, Escape.
// What finds (find.js) and the index are scripts of their own, loaded when somebody first goes to the box: pages do not
// carry their cost, and they work from file://, where nothing can be fetched.
"use strict";

(() => {
  const SHOWN = 50; // whoever wants the next ones types a letter more
  const SCRIPTS = ["assets/find.js", "assets/search-index.js"];

  const search = document.querySelector("search.search");
  const box = search?.querySelector("#search");
  const list = search?.querySelector("#results");
  if (!box || !list) return;

  const root = search.dataset.root || "";
  // Told twice: a region that is not painted is not read out when it appears, so what is read out is always there.
  const status = element("p", { class: "search-status", "aria-hidden": "true" });
  const live = element("p", { class: "visually-hidden", role: "status" });
  const panel = element("div", { class: "search-panel", hidden: "" });
  let index; // once it is loaded
  let loading; // the promise of that
  let chosen = -1; // the option that Enter opens

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children); // texts become text, whatever they hold
    return made;
  }

  // --- Loading ---

  function loaded(path) {
    return new Promise((resolve, reject) => {
      const script = element("script", { src: root + path });
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => {
        script.remove();
        reject(new Error(`The search could not load ${path}. Reload the page to try again.`));
      });
      document.head.append(script);
    });
  }

  async function load() {
    await Promise.all(SCRIPTS.map(loaded));
    index = self.siteSearch.opened(self.searchIndex);
    delete self.searchIndex; // it is kept in its opened form alone
  }

  function begin() {
    loading ??= load().then(show, (error) => {
      loading = undefined; // the next focus tries again
      tell(error.message, true);
    });
  }

  // --- Results ---

  // The words a name was found by, and the anchor of the field that has it.
  function reason(name) {
    const code = (text) => element("code", {}, text);
    if (name === "description") return ["description"];
    if (name.kind === "takes") return [`takes ${name.name}`];
    const side = name.kind.split(" ")[0];
    if (name.kind.endsWith("value")) {
      const inner = name.inner ? [code(name.inner), ` in ${side} `] : [];
      return ["value ", code(name.name), " of ", ...inner, code(name.top)];
    }
    if (name.kind.endsWith("part")) return [code(name.name), ` in ${side} `, code(name.top)];
    return [`${side} `, code(name.name)];
  }

  function anchor(names) {
    const field = names.findLast((name) => name.top && name.kind !== "takes");
    if (!field) return "";
    const side = field.kind.startsWith("input") ? "in" : "out";
    return `#${side}-${field.top.replace(/[^A-Za-z0-9_.-]/gu, "_")}`;
  }

  function option({ page, names }, at) {
    const link = element("a", { role: "option", id: `result-${at}`, href: root + page.path + anchor(names) });
    link.tabIndex = -1; // the focus stays in the box
    link.append(element("span", { class: "result-name" }, page.name), " ");
    const why = names.flatMap((name, number) => [number ? ", " : "", ...reason(name)]);
    if (why.length) link.append(element("span", { class: "result-why" }, ...why), " ");
    link.append(element("span", { class: "result-kind" }, page.old ? `${page.kind}, deprecated` : page.kind));
    return element("li", { role: "none" }, link);
  }

  function choose(at) {
    const options = [...list.querySelectorAll("[role=option]")];
    chosen = options.length ? Math.max(-1, Math.min(at, options.length - 1)) : -1;
    options.forEach((one, number) => one.setAttribute("aria-selected", String(number === chosen)));
    if (chosen < 0) {
      box.removeAttribute("aria-activedescendant");
      return;
    }
    box.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  function tell(text, failed = false) {
    panel.hidden = !text;
    status.textContent = text;
    live.textContent = text;
    status.classList.toggle("failed", failed);
  }

  function close() {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
    tell("");
  }

  function show() {
    const query = box.value.trim();
    if (!query) {
      list.replaceChildren();
      close();
      return;
    }
    if (!index) {
      tell("Loading…");
      begin();
      return;
    }
    const found = self.siteSearch.results(index, query);
    list.replaceChildren(...found.slice(0, SHOWN).map(option));
    list.hidden = !found.length;
    list.scrollTop = 0;
    box.setAttribute("aria-expanded", String(found.length > 0));
    choose(0);
    tell(words(found.length, query));
  }

  function words(count, query) {
    if (!count) return `Nothing is found for “${query}”.`;
    if (count > SHOWN) return `${count} results, the first ${SHOWN} shown`;
    return count === 1 ? "1 result" : `${count} results`;
  }

  // --- Keys ---

  function onKey(event) {
    if (event.isComposing) return; // Enter and the arrows choose among letters then
    const options = list.querySelectorAll("[role=option]");
    const open = !list.hidden && options.length > 0;
    const last = options.length - 1;
    const moves = { ArrowDown: chosen < last ? chosen + 1 : 0, ArrowUp: chosen > 0 ? chosen - 1 : last, Home: 0, End: last };
    if (event.key === "Escape") {
      if (open) close();
      else box.value = "";
      event.preventDefault();
    } else if (event.key === "Enter" && open && chosen >= 0) {
      event.preventDefault();
      options[chosen].click();
    } else if (!open && event.key === "ArrowDown") {
      show();
    } else if (open && event.key in moves && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      choose(moves[event.key]);
    }
  }

  function onPageKey(event) {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !event.ctrlKey && !event.altKey && !event.metaKey && !typing;
    const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!slash && !control) return;
    event.preventDefault();
    box.focus();
    box.select();
  }

  list.tabIndex = -1; // arrows scroll it; the next Tab leaves the box
  panel.append(list, status);
  search.append(panel, live);
  box.addEventListener("pointerenter", begin);
  box.addEventListener("focus", begin);
  box.addEventListener("input", show);
  box.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onPageKey);
  search.addEventListener("focusout", (event) => {
    if (!search.contains(event.relatedTarget)) close();
  });
  box.addEventListener("focus", () => {
    if (index && box.value) show();
  });
  // The focus stays in the box: a browser that gives none to links would close the list before it is pressed.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  // A result on this very page: nothing is loaded, so the list is put away here.
  list.addEventListener("click", () => setTimeout(close));
})();
