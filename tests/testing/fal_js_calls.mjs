// fal's own JavaScript client, unmodified: what it can do with a fal, told as JSON.
//
// Arguments: where the client is installed, the URL that it has for a proxy.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";

const [installed, url] = process.argv.slice(2);
const { fal } = createRequire(`${installed}/package.json`)("@fal-ai/client");
fal.config({ proxyUrl: { url, when: "always" } });

const ENDPOINT = "fal-ai/flux-1/schnell";
const input = { prompt: "a cat", image_size: "square", num_images: 2 };
const PART = 10 * 1024 * 1024; // the client's own

// As large as need be for parts, each of which is short.
class Long extends File {
  get size() {
    return 9 * PART + 1;
  }
  slice(start) {
    return new Blob([`part ${start / PART + 1};`]);
  }
}

async function downloaded(place) {
  const answer = await fetch(place);
  const content = Buffer.from(await answer.arrayBuffer());
  return [answer.status, answer.headers.get("content-type"), createHash("sha256").update(content).digest("hex")];
}

async function errorOf(call) {
  try {
    return ["nothing", await call()];
  } catch (error) {
    return [error.status, error.body];
  }
}

async function all(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return { events, last: await stream.done() };
}

async function subscribed(options) {
  const states = [];
  const onQueueUpdate = (update) => states.push(update.status);
  return { ...(await fal.subscribe(ENDPOINT, { input, logs: true, onQueueUpdate, ...options })), states };
}

const told = { run: await fal.run(ENDPOINT, { input }) };
told.polled = await subscribed({ pollInterval: 5 });
told.streamed = await subscribed({ mode: "streaming" });
const { request_id: requestId, ...submitted } = await fal.queue.submit(ENDPOINT, { input, hint: "here", priority: "low" });
told.submitted = submitted;
told.states = await all(await fal.queue.streamStatus(ENDPOINT, { requestId, logs: true }));
told.status = await fal.queue.status(ENDPOINT, { requestId, logs: true });
told.result = await fal.queue.result(ENDPOINT, { requestId });
told.lateCancel = await errorOf(() => fal.queue.cancel(ENDPOINT, { requestId }));
told.stream = await all(await fal.stream(ENDPOINT, { input }));
told.unknownEndpoint = await errorOf(() => fal.queue.submit("fal-ai/no/such", { input: {} }));
told.invalidInput = await errorOf(() => fal.run(ENDPOINT, { input: { prompt: 7 } }));
told.upload = await downloaded(await fal.storage.upload(new File(["hello"], "hello.txt", { type: "text/plain" })));
told.parts = await downloaded(await fal.storage.upload(new Long([], "long.mp4", { type: "video/mp4" })));
told.picture = await downloaded(told.run.data.images[0].url);
console.log(JSON.stringify(told));
process.exit();
