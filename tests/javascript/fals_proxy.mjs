// fal's own proxy, `@fal-ai/server-proxy`, as its handler for Express, without Express and with a fetch that sends
// nothing: the answer says what it would have sent. Arguments: where it is installed, the allowed endpoints as JSON.
// Prints its port.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [installed, allowed] = process.argv.slice(2);
const { createHandler } = createRequire(`${installed}/package.json`)("@fal-ai/server-proxy/express");

// A real fetch takes what a Request takes, of two schemes.
globalThis.fetch = async (target, init) => {
  const { url } = new Request(target, init);
  if (!/^https?:/.test(url)) throw new TypeError("fetch failed");
  return Response.json({ sent: url });
};

const handler = createHandler({
  allowedEndpoints: JSON.parse(allowed),
  allowUnauthorizedRequests: false,
  isAuthenticated: async () => true,
  resolveFalAuth: async () => "Key id:secret",
});

const server = createServer(async (request, response) => {
  request.body = {}; // of Express's parser
  response.status = (code) => Object.assign(response, { statusCode: code });
  response.json = (value) => response.end(JSON.stringify(value));
  response.send = (text) => response.end(text);
  try {
    await handler(request, response, () => {});
  } catch (error) {
    response.status(500).json({ thrown: String(error) }); // in Express 4 nobody catches it, and the process ends
  }
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
