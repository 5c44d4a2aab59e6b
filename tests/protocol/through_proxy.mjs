// fal's own JavaScript client through a proxy, without a key. Arguments: where the client is installed, the proxy's URL,
// the endpoint. Prints what came of each call as JSON.
import { createRequire } from "node:module";

const [installed, url, endpoint] = process.argv.slice(2);
const { createFalClient } = createRequire(`${installed}/package.json`)("@fal-ai/client");
const fal = createFalClient({
  proxyUrl: { url, when: "always" },
  retry: { maxRetries: 0 },
  fetch: (target, init) => fetch(target, { ...init, headers: { ...init?.headers, cookie: process.env.SESSION ?? "" } }),
});

// A stream that fails rejects a promise of its own beside the one that is awaited below.
process.on("unhandledRejection", () => {});

async function outcome(call) {
  try {
    return await call();
  } catch (error) {
    return { error: error.status ?? String(error), body: error.body };
  }
}

const results = {
  key: Object.keys(process.env).filter((name) => name.startsWith("FAL_")),
  run: await outcome(async () => (await fal.run(endpoint, { input: { prompt: "run" } })).data),
  subscribe: await outcome(async () => {
    const states = [];
    const result = await fal.subscribe(endpoint, {
      input: { prompt: "subscribe" },
      logs: true,
      pollInterval: 10,
      onQueueUpdate: (update) => states.push(update.status),
    });
    return { data: result.data, states: [...new Set(states)] };
  }),
  stream: await outcome(async () => {
    const stream = await fal.stream(endpoint, { input: { prompt: "stream" } });
    const events = [];
    for await (const event of stream) events.push(event);
    return { events, last: await stream.done() };
  }),
  upload: await outcome(() => fal.storage.upload(new File(["hello"], "hello.txt", { type: "text/plain" }))),
  other: await outcome(() => fal.run("fal-ai/not-allowed", { input: {} })),
};
console.log(JSON.stringify(results));
