"""The parts of the page that are always the same."""

from __future__ import annotations

# Where it says ROWS, STYLE and SCRIPT they are filled in; the last two word for word, since the page's policy
# allows them by their hashes.
FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fal, offline</title>
<link rel="icon" href="data:,">
<style>STYLE</style>
</head>
<body>
<header>
<h1>fal, offline</h1>
<p>A fake fal: no key, no cost, no network. What was asked, the newest first.
The same as data: <a href="/_fake/requests.json">requests.json</a>.</p>
</header>
<main>
ROWS
</main>
<script>SCRIPT</script>
</body>
</html>
"""

STYLE = """
:root { color-scheme: light dark; --line: #d8d8e0; --card: #fff; --back: #f4f4f8; --text: #1c1c24; --dim: #5c5c6a;
  --good: #146c2e; --bad: #b3261e; --busy: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --line: #3a3a46; --card: #22222a; --back: #17171c; --text: #e8e8f0;
  --dim: #a4a4b4; --good: #6dd58c; --bad: #f2b8b5; --busy: #f0c060; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1rem; font-weight: 500; margin: 0; overflow-wrap: anywhere; }
h2 b { font-weight: 600; display: inline-block; min-width: 4.5rem; }
h2 i { font-style: normal; font-size: .8rem; margin-left: .5rem; }
h3 { font-size: .8rem; color: var(--dim); margin: .5rem 0 0; }
p, summary { margin: 0; font-size: .85rem; color: var(--dim); overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--text); }
a { color: inherit; overflow-wrap: anywhere; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem;
  margin: .75rem 0; }
article div { display: flex; flex-wrap: wrap; gap: .5rem; margin: .5rem 0; }
img, video { max-height: 12rem; max-width: 100%; border-radius: .25rem; background: var(--back); }
pre { margin: 0; font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow: auto; }
.good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); }
"""

# The page is asked for again, and what is new in it takes the place of what was there: a row that did not change stays
# as it is, opened or not.
SCRIPT = """
const main = document.querySelector("main");
async function refresh() {
  const answer = await fetch("/", { cache: "no-cache" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = [...page.querySelectorAll("main > *")].map((row) => {
    const old = row.id && document.getElementById(row.id);
    if (!old || old.dataset.state === row.dataset.state) return old || row;
    if (old.querySelector("details").open) row.querySelector("details").open = true;
    return row;
  });
  if (rows.some((row, at) => main.children[at] !== row) || rows.length !== main.children.length)
    main.replaceChildren(...rows);
}
async function stay() {
  try { if (!document.hidden) await refresh(); } catch { /* the server is away */ }
  setTimeout(stay, 1000);
}
stay();
"""
