// What a browser does with requests to another site than the page's, as far as a proxy has to answer for it: it asks
// before what a form could not send, and shows a page only what the other site exposes. Source: the Fetch standard.

const SIMPLE = ["accept", "accept-language", "content-language"]; // headers that need no question
const OWN = ["user-agent"]; // in a browser, fal's client does not send its own
const SHOWN = ["cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"];

const listed = (headers, name) =>
  (headers.get(`access-control-${name}`) ?? "").toLowerCase().split(",").map((each) => each.trim());

// A fetch for pages of a site; the cookie is that of the proxy's site.
export function inBrowser(site, cookie) {
  const asked = new Set();

  function check(response) {
    const origin = response.headers.get("access-control-allow-origin");
    const credentials = response.headers.get("access-control-allow-credentials");
    if (origin !== site || credentials !== "true") {
      throw new Error(`a browser keeps this from the page: ${origin}, ${credentials}`);
    }
  }

  async function ask(url, method, names) {
    const headers = { origin: site, "access-control-request-method": method };
    const response = await fetch(url, {
      method: "OPTIONS",
      headers: { ...headers, "access-control-request-headers": names.join(",") },
    });
    check(response);
    const methods = listed(response.headers, "allow-methods");
    const refused = names.filter((name) => !listed(response.headers, "allow-headers").includes(name));
    if (!["get", "post", ...methods].includes(method.toLowerCase())) refused.push(method);
    if (!response.ok || refused.length) throw new Error(`a browser does not send this: ${refused}`);
  }

  return async (url, init) => {
    const headers = new Headers(init.headers);
    OWN.forEach((name) => headers.delete(name));
    const names = [...headers.keys()].filter((name) => !SIMPLE.includes(name));
    const question = `${init.method} ${names}`;
    if (!asked.has(question)) await ask(url, init.method, names);
    asked.add(question);
    headers.set("origin", site);
    headers.set("cookie", cookie);
    headers.set("user-agent", init.headers["User-Agent"]);
    const response = await fetch(url, { ...init, headers });
    check(response);
    const shown = [...SHOWN, ...listed(response.headers, "expose-headers")];
    const { status, statusText } = response;
    return new Response(response.body, {
      status,
      statusText,
      headers: [...response.headers].filter(([name]) => shown.includes(name)),
    });
  };
}
