// fal's own JavaScript client through a proxy, without a key: what its users do with it, one call after the other.
//
// Arguments: where the client is installed, the site of its page, the proxy's URL, which calls to make (all but the slow
// ones by default). The proxy is on another site than the page, so that it has to say what a browser may do.
// What came of a call is printed as a line of JSON, and so is what a call has to wait for. After each the next line of
// standard input is awaited: the test has looked at what fal saw, or answers.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { inBrowser } from "./browser.mjs";

const [installed, site, url, ...wanted] = process.argv.slice(2);
const { createFalClient } = createRequire(`${installed}/package.json`)("@fal-ai/client");
const APP = "fal-ai/js";
const PART = 10 * 1024 * 1024; // the client's own
const LONGEST = 25_000; // milliseconds, for one call

const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function ask(line) {
  console.log(JSON.stringify(line));
  return JSON.parse((await told.next()).value);
}
const wait = (moment) => ask({ wait: moment });
const say = (call, result) => ask({ call, result });

const client = (cookie) => {
  const browser = inBrowser(site, cookie);
  const through = (target, init) => (String(target) === url ? browser(target, init) : fetch(target, init));
  return createFalClient({ proxyUrl: { url, when: "always" }, fetch: through });
};
const fal = client("session=good");
const stranger = client("session=bad");

// A stream that fails rejects a promise of its own beside the one that is awaited.
process.on("unhandledRejection", () => {});

async function outcome(call) {
  try {
    return await call();
  } catch (error) {
    const { name, message, status, body, requestId, fieldErrors } = error;
    return { error: name, message, status, body, requestId, fieldErrors };
  }
}

async function all(stream, seen = () => {}) {
  const events = [];
  for await (const event of stream) {
    events.push(event);
    await seen(event);
  }
  return { events, last: await stream.done(), requestId: stream.requestId };
}

async function subscribed(endpoint, options) {
  const updates = [];
  const result = await fal.subscribe(endpoint, {
    input: { prompt: "a cat" },
    logs: true,
    onQueueUpdate: (update) => updates.push(update),
    ...options,
  });
  const logs = updates.at(-1).logs?.map((entry) => entry.message);
  return { ...result, states: [...new Set(updates.map((update) => update.status))], logs };
}

const submitted = (name, options) => fal.queue.submit(`${APP}/${name}`, { input: { prompt: name }, ...options });

async function aboutRequest(name, ask) {
  const { request_id: requestId } = await submitted(name);
  return ask(`${APP}/${name}`, requestId);
}

const file = (content, name, type = "text/plain") => new File([content], name, { type });

// As large as need be for parts, each of which is short.
class Long extends File {
  get size() {
    return 9 * PART + 1;
  }
  slice(start) {
    return new Blob([`part ${start / PART + 1};`]);
  }
}

const CALLS = {
  run: () => fal.run(`${APP}/run`, { input: { prompt: "Grüße, 猫 🐈" } }),
  get: () => fal.run(`${APP}/get`, { method: "get", input: { prompt: "a cat & a dög" } }),
  subscribe_polling: () => subscribed(`${APP}/polled`, { pollInterval: 5 }),
  subscribe_streaming: () => subscribed(`${APP}/streamed`, { mode: "streaming" }),
  subscribe_workflow: () => subscribed("workflows/me/app", { pollInterval: 5 }),
  submit: () =>
    submitted("submitted", { priority: "low", hint: "warm", startTimeout: 30, headers: { "X-Fal-Store-IO": "0" } }),
  submit_with_webhook: () => submitted("hooked", { webhookUrl: "https://app.example/hooks/1?x=1&y=2" }),
  status: () => aboutRequest("status", (endpoint, requestId) => fal.queue.status(endpoint, { requestId, logs: true })),
  status_stream: () =>
    aboutRequest("told", async (endpoint, requestId) => all(await fal.queue.streamStatus(endpoint, { requestId }))),
  result: () => aboutRequest("result", (endpoint, requestId) => fal.queue.result(endpoint, { requestId })),
  cancel: () =>
    aboutRequest("cancelled", async (endpoint, requestId) => {
      await fal.queue.cancel(endpoint, { requestId });
      return { requestId };
    }),
  upload: () => fal.storage.upload(file("hello", "hello.txt")),
  upload_for_an_hour: () => fal.storage.upload(file("brief", "brief.txt"), { lifecycle: { expiresIn: "1h" } }),
  upload_in_parts: () => fal.storage.upload(new Long([], "long.bin", { type: "video/mp4" })),
  upload_within: () =>
    fal.run(`${APP}/files`, {
      input: {
        prompt: "a cat",
        image_url: file("one", "one.png", "image/png"),
        layers: [{ mask: new Blob(["two"], { type: "image/png" }) }, "https://app.example/three.png"],
      },
    }),
  stream: async () => {
    const steps = [];
    const stream = await fal.stream(`${APP}/events`, { input: { prompt: "a cat" } });
    return { ...(await all(stream, async () => steps.push(await wait("an event came")))), steps };
  },
  stream_aborted: async () => {
    const stream = await fal.stream(`${APP}/endless`, { input: {} });
    await new Promise((resolve) => stream.on("data", resolve));
    stream.abort();
    return { last: await stream.done(), left: await wait("a stream was left") };
  },
  stream_aborted_by_signal: async () => {
    const control = new AbortController();
    const stream = await fal.stream(`${APP}/endless`, { input: {}, signal: control.signal });
    await new Promise((resolve) => stream.on("data", resolve));
    control.abort();
    return { last: await stream.done(), left: await wait("a stream was left") };
  },
  run_aborted: async () => {
    const control = new AbortController();
    const run = outcome(() => fal.run(`${APP}/silent`, { input: {}, abortSignal: control.signal }));
    await wait("a run is with fal");
    control.abort();
    return { ...(await run), left: await wait("a run was left") };
  },
  invalid_input: () => fal.run(`${APP}/invalid`, { input: {} }),
  invalid_result: () => fal.subscribe(`${APP}/failed`, { input: {}, pollInterval: 5 }),
  fals_refusal: () => fal.run(`${APP}/locked`, { input: {} }),
  fals_page: () => fal.run(`${APP}/broken`, { input: {} }),
  overloaded: () => fal.run(`${APP}/overloaded`, { input: { prompt: "twice" } }),
  another_endpoint: () => fal.run("fal-ai/not-allowed", { input: {} }),
  another_status: () => fal.queue.status("fal-ai/not-allowed", { requestId: "req-1" }),
  another_webhook: () => submitted("hooked", { webhookUrl: "https://evil.example/hooks/1" }),
  another_host: () => fal.run("https://rest.fal.ai/tokens", { input: {} }),
  a_token: async () => all(await fal.stream(`${APP}/events`, { input: {}, connectionMode: "client" })),
  too_large: () => fal.run(`${APP}/run`, { input: { prompt: "x".repeat(200_000) } }),
  stranger_runs: () => stranger.run(`${APP}/run`, { input: {} }),
  stranger_subscribes: () => stranger.subscribe(`${APP}/run`, { input: {} }),
  stranger_streams: async () => all(await stranger.stream(`${APP}/events`, { input: {} })),
  stranger_uploads: () => stranger.storage.upload(file("hello", "strange.txt")),
  stranger_cancels: () => stranger.queue.cancel(`${APP}/run`, { requestId: "req-1" }),
  // The last one: the client goes on asking for the state for as long as the process lives.
  subscribe_gives_up: async () => ({
    ...(await outcome(() => subscribed(`${APP}/endless`, { pollInterval: 5, timeout: 50 }))),
    cancelled: await wait("a cancel came"),
  }),
};

const SLOW_CALLS = {
  upload_95_megabytes: async () => {
    const content = Buffer.alloc(95_000_001, "0123456789abcde");
    const place = await fal.storage.upload(file(content, "large.bin"));
    return { place, sha256: createHash("sha256").update(content).digest("hex") };
  },
};

await say("environment", Object.keys(process.env).filter((name) => name.startsWith("FAL_")));
for (const name of wanted.length ? wanted : Object.keys(CALLS)) {
  const late = sleep(LONGEST, { error: "it took too long" }, { ref: false });
  await say(name, await Promise.race([outcome({ ...CALLS, ...SLOW_CALLS }[name]), late]));
}
process.exit();
