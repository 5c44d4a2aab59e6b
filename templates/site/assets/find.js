// Finds pages by what somebody typed. search.js, the box, loads this and the index when it is first gone to.
// generator/site/search.py writes the index and tells what is in it.
"use strict";

(() => {
  const MAY_BE_TYPO = 4; // letters of a word, at least
  const MOST_WORDS = 12; // of a query: somebody may paste a page

  // How much a match counts. Words of a query add up; a page that lacks one of them is no result.
  const EXACT = 100, SEGMENT = 92, ID_START = 84, SEGMENT_START = 78, PART = 74, PART_START = 66;
  const FIELD = 60, TYPE = 50, VALUE = 40, CATEGORY = 35, PROSE = 20, ANYWHERE = 1;
  const WHOLE = 6, BEGINNING = 4, WORD = 3, START = 1; // more, where it is all of the name, its first word, another one
  const TAKES = 4; // more, where the endpoint takes what the word says: a mask, and not only whether to show it
  const TYPO = 30, INNER = 1, OUTPUT = 4, OLD = 8; // less

  // Names with any punctuation are one: `fal-ai/flux-1`, `fal_ai flux.1`. Nearly all are ASCII, which is quicker to say.
  function normal(text) {
    const lower = text.toLowerCase();
    return lower.replace(/^[ -~]*$/.test(lower) ? /[^a-z0-9]+/g : /[^\p{L}\p{N}]+/gu, "_");
  }

  // --- The index ---

  const VALUES = new Map([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((d, at) => [d, at]));

  // Numbers as steps: digits of five bits, lowest first, and the last digit of a step is one of the upper half.
  function decoded(text) {
    const numbers = [];
    let number = -1;
    let step = 0;
    let place = 1;
    for (const letter of text) {
      const digit = VALUES.get(letter);
      step += (digit & 31) * place;
      place *= 32;
      if (digit < 32) continue;
      number += step + 1;
      numbers.push(number);
      step = 0;
      place = 1;
    }
    return numbers;
  }

  const rows = (text) => (text ? text.split("\n").map((line) => line.split("\t")) : []);

  function opened(index) {
    const [before, after] = index.endpoint;
    const pages = rows(index.pages).map((row, number) => {
      if (number >= index.endpoints) {
        const [kind, name, path] = row;
        return { kind, name, path, id: normal(name), attribute: "", category: "", segments: [] };
      }
      const [name, attribute, category, old] = row;
      return {
        kind: category || "endpoint",
        name,
        path: before + name + after,
        id: normal(name),
        attribute: normal((attribute || name).replace(/^fal(\.|-ai\/)/, "")),
        category: normal(category || ""),
        segments: name.toLowerCase().split("/").map(normal),
        old: Boolean(old),
      };
    });
    const names = Object.entries(index.names).map(([kind, text]) => ({ kind, text, lower: text.toLowerCase() }));
    const words = rows(index.words).map(([word, numbers]) => ({ word, numbers }));
    return { pages, names, words, common: new Set(index.common.split(" ")) };
  }

  function named(kind, line) {
    const [numbers, name, top, inner] = line.split("\t");
    return { kind, name, top: top || name, inner: inner || "", numbers, normal: normal(name) };
  }

  // The names that may have a word. There are thousands: only lines with (the longest part of) it are taken apart, and
  // of one letter those alone that begin with it.
  function* candidates(index, word) {
    const longest = word.split("_").reduce((one, other) => (other.length > one.length ? other : one));
    const part = word.length > 1 ? longest : `\t${word}`;
    for (const { kind, text, lower } of index.names) {
      if (lower.length !== text.length) {
        for (const line of text.split("\n")) yield named(kind, line); // a letter that is two in lower case
        continue;
      }
      for (let at = lower.indexOf(part); at >= 0; ) {
        const start = text.lastIndexOf("\n", at) + 1;
        const stop = text.indexOf("\n", at);
        const end = stop < 0 ? text.length : stop;
        yield named(kind, text.slice(start, end));
        at = lower.indexOf(part, end + 1);
      }
    }
  }

  // --- Matching ---

  // How well a word fits a name: all of it, one of its words, the start of one; 0: not at all.
  function fit(name, word, unfinished) {
    if (name === word) return WHOLE;
    const within = `_${name}_`;
    if (within.startsWith(`_${word}_`)) return BEGINNING;
    if (within.includes(`_${word}_`)) return WORD;
    return unfinished && within.includes(`_${word}`) ? START : 0;
  }

  function pageScore(page, word, unfinished) {
    const isEndpoint = page.segments.length > 0;
    if (page.id === word || page.attribute === word) return EXACT;
    if (!isEndpoint) return fit(page.id, word, unfinished) && TYPE + fit(page.id, word, unfinished);
    if (page.segments.includes(word)) return SEGMENT;
    if (unfinished && page.id.startsWith(word)) return ID_START;
    if (unfinished && page.segments.some((segment) => segment.startsWith(word))) return SEGMENT_START;
    const inId = Math.max(fit(page.id, word, unfinished), fit(page.attribute, word, unfinished));
    if (inId) return inId >= WORD ? PART : PART_START;
    return fit(page.category, word, unfinished) && CATEGORY;
  }

  function nameScore(one, word, unfinished) {
    const fits = fit(one.normal, word, unfinished);
    if (!fits) return 0;
    if (one.kind === "takes") return FIELD;
    const base = one.kind.endsWith("value") ? VALUE : FIELD;
    return base + fits - (one.kind.endsWith("part") || one.inner ? INNER : 0) - (one.kind.startsWith("output") ? OUTPUT : 0);
  }

  // Pages that have a word: the score of the best match, and which name it was (none: the page's own, or its prose).
  function matches(index, word, unfinished) {
    const found = new Map();
    const put = (number, score, name) => {
      const known = found.get(number);
      if (score && (!known || known.score < score)) found.set(number, { score, name });
    };
    index.pages.forEach((page, number) => put(number, pageScore(page, word, unfinished)));
    for (const name of candidates(index, word)) {
      const score = nameScore(name, word, unfinished);
      if (!score) continue;
      for (const number of decoded(name.numbers)) {
        // These come last: what a page takes counts beside the field that takes it, which can be linked to.
        if (name.kind === "takes" && found.has(number)) found.get(number).score += TAKES;
        else put(number, score, name);
      }
    }
    for (const { word: own, numbers } of index.words) {
      if (own !== word && !(unfinished && own.startsWith(word))) continue;
      for (const number of decoded(numbers)) put(number, PROSE + (own === word ? WORD : 0), "description");
    }
    return found;
  }

  // How many letters are wrong in a word, if it is (the start of) another one: Levenshtein's table, with its swaps.
  function wrong(word, other) {
    let older = [];
    let last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let row = 1; row <= word.length; row += 1) {
      const next = [row];
      for (let at = 1; at <= other.length; at += 1) {
        const differs = word[row - 1] === other[at - 1] ? 0 : 1;
        next[at] = Math.min(last[at] + 1, next[at - 1] + 1, last[at - 1] + differs);
        const swapped = row > 1 && word[row - 1] === other[at - 2] && word[row - 2] === other[at - 1];
        if (swapped) next[at] = Math.min(next[at], older[at - 2] + 1);
      }
      older = last;
      last = next;
    }
    return Math.min(...last);
  }

  // Every word of ids and of fields, once: a typo is one of these.
  function knownWords(index) {
    const known = new Set();
    for (const { id } of index.pages) id.split("_").forEach((part) => known.add(part));
    for (const { kind, text } of index.names) {
      if (kind.endsWith("value") || kind === "takes") continue;
      for (const [, name] of rows(text)) {
        const whole = normal(name);
        [whole, ...whole.split("_")].forEach((part) => known.add(part));
      }
    }
    return known;
  }

  // What somebody may have meant who typed what is nowhere: the nearest of them.
  function meant(index, word) {
    if (word.length < MAY_BE_TYPO) return [];
    const allowed = word.length < 8 ? 1 : 2;
    index.known ??= knownWords(index);
    const possible = [...index.known].filter((one) => one[0] === word[0] && one.length >= word.length - allowed);
    const near = possible.filter((one) => wrong(word, one) <= allowed);
    return near.sort((a, b) => wrong(word, a) - wrong(word, b) || a.length - b.length).slice(0, 5);
  }

  function found(index, word, unfinished) {
    const all = matches(index, word, unfinished);
    if (all.size) return all;
    for (const other of meant(index, word)) {
      for (const [number, match] of matches(index, other, true)) {
        if (!all.has(number)) all.set(number, { ...match, score: Math.max(match.score - TYPO, ANYWHERE) });
      }
    }
    return all;
  }

  // Who types `fal.flux_1.schnell` means the attribute.
  function wordsOf(query) {
    const words = query.split(/\s+/).map((word) => normal(word.replace(/^fal\./, "")).replace(/^_|_$/g, ""));
    return words.filter(Boolean).slice(0, MOST_WORDS);
  }

  // Pages that have all words. Those before the last one are whole, or at least long; "which", "a" and "takes" are none.
  function ofWords(index, words) {
    const telling = words.filter((word) => !index.common.has(word));
    const asked = telling.length ? telling : words;
    const all = asked.map((word, at) => found(index, word, at === asked.length - 1 || word.length > 2));
    const together = new Map();
    for (const number of all[0].keys()) {
      const own = all.map((one) => one.get(number));
      if (own.every(Boolean)) together.set(number, { score: sum(own), names: [...new Set(own.map((one) => one.name))] });
    }
    return together;
  }

  const sum = (own) => own.reduce((total, one) => total + one.score, 0);

  function results(index, query) {
    const words = wordsOf(query);
    if (!words.length) return [];
    const together = ofWords(index, words);
    // `guidance scale` is found where both are, and first of all where they are one name.
    const phrase = words.length > 1 ? matches(index, words.join("_"), true) : new Map();
    for (const [number, { score, name }] of phrase) {
      const before = together.get(number)?.score ?? 0;
      together.set(number, { score: before + score, names: [name] });
    }
    const scored = [...together].map(([number, { score, names }]) => {
      const page = index.pages[number];
      return { page, names: names.filter(Boolean), score: page.old ? score - OLD : score };
    });
    return scored.sort(
      (a, b) => b.score - a.score || a.page.name.length - b.page.name.length || (a.page.name < b.page.name ? -1 : 1),
    );
  }

  // The best first: each the page, and the names by which it was found ("description" for its prose).
  self.siteSearch = { opened, results };
})();
