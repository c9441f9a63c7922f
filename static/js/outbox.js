// The outbox. What a person did is written down here before a byte of it goes out, and is crossed out only
// when the house itself has acknowledged it. Pages and the service worker drain it, one at a time.
// Longer than its neighbours because it is one promise: nothing lost, nothing doubled, nothing out of order.
import { note } from "./delivered.js";
import { fresh } from "./identity.js";
import { heard, hello, tellWhatIsLeft, timed } from "./house.js";
import { signOutFirst } from "./presence.js";
import { wrongIn } from "./refusal.js";
import { forget, recall, work } from "./store.js";

export const WRITTEN_AS = 1; // the version of what is queued; the house understands every one it has shipped
const SEND_TAKES = 20_000;
const SLOWEST = 20; // bytes per ms that a large body is waited for
const LONGEST_REST = 60_000;
const REFUSED = new Set([400, 404, 405, 409, 410, 413, 415, 422]);

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("outbox") : null;
const ears = new Set();
let running = null;
let inLine = null; // this page's one place behind whoever is sending: { now }
let next = null;

/** Calls `ear(message, here)` for whatever happens to the queue; `here` is false when another tab did it. */
export const listen = (ear) => ears.add(ear);
channel?.addEventListener("message", ({ data }) => ears.forEach((ear) => ear(data, false)));

function tell(message) {
  channel?.postMessage(message);
  ears.forEach((ear) => ear(message, true));
}

/** Every deed still on this device, oldest first. */
export const list = () => work(["op"], "readonly", (ops) => ops.getAll());
export const bytesOf = (key) => work(["body"], "readonly", async (bodies) => (await bodies.get(key))?.bytes);

/** Write a deed down, and cross out the `draft` it was: in one go, for the page may be left between the two.
 *  Resolves when it is on the disk; a key that is there already is the same deed. */
export async function store(op, bytes, draft = "") {
  const whole = { v: WRITTEN_AS, at: Date.now(), ...op, size: bytes.byteLength, state: "waiting", tries: 0 };
  whole.offset ??= (await recall("offset")) ?? null; // not known before the house has been heard: told at delivery
  await work(["op", "body", "draft"], "readwrite", async (ops, bodies, drafts) => {
    await drafts.delete(draft);
    if (await ops.index("key").getKey(op.key)) return;
    await Promise.all([ops.add(whole), bodies.put({ key: op.key, bytes })]);
  });
  tell({ kind: "stored", key: op.key, item: op.item, path: op.path, person: op.person });
}

// Read, change and write in one go: another tab may have crossed it out meanwhile.
const amend = (seq, change) => work(["op"], "readwrite", async (ops) => {
  const op = await ops.get(seq);
  if (op) await ops.put({ ...op, ...change });
});

const olderRefused = (ops, op) => ops.filter((one) =>
  one.state === "attention" && one.item === op.item && one.person === op.person && one.seq < op.seq && !one.adds);

async function crossOut(op) {
  await work(["op", "body", "kv"], "readwrite", async (ops, bodies, kv) => {
    for (const one of [op, ...olderRefused(await ops.getAll(), op)]) await Promise.all([ops.delete(one.seq), bodies.delete(one.key)]);
    await kv.put([[op.item, Date.now()], ...((await kv.get("arrived")) ?? [])].slice(0, 20), "arrived");
    await note(kv, op);
  });
}

/** Take a deed out for good; the caller has made sure that it was exported. */
export const remove = (op) => work(["op", "body"], "readwrite", (ops, bodies) =>
  Promise.all([ops.delete(op.seq), bodies.delete(op.key)])).then(() => tell({ kind: "removed" }));

/** Try a refused deed once more: as a new one, for the house remembers its refusal of the old. */
export async function retry(op) {
  const key = fresh();
  await work(["op", "body"], "readwrite", async (ops, bodies) => {
    const [kept, body] = await Promise.all([ops.get(op.seq), bodies.get(op.key)]);
    if (!kept || !body) return;
    await Promise.all([ops.put({ ...kept, key, state: "waiting", tries: 0, notBefore: 0 }),
      bodies.put({ ...body, key }), bodies.delete(op.key)]);
  });
  return drain({ now: true });
}

/** Send what waits, in order, lane by lane. `now` ignores rests; `steal` takes the turn from a tab that hangs. */
export function drain(wish = {}) {
  if (running && !wish.steal) {
    next = { now: wish.now || next?.now }; // what came in meanwhile is not left lying
    return running;
  }
  const mine = turns(wish).catch((fault) => {
    if (fault.name !== "AbortError") throw fault;
    return "stolen";
  }).finally(() => { if (running === mine) running = null; });
  running = mine;
  return mine;
}

async function turns(wish) {
  for (let turn = wish; ; turn = next) {
    next = null;
    const end = await inTurn(turn);
    if (!next || (end !== "done" && !next.now)) return end;
  }
}

function inTurn({ now = false, steal = false }) {
  if (!navigator.locks) return sendAll(now); // plain http: the keys alone keep it from doubling
  if (steal) return navigator.locks.request("outbox", { steal }, () => sendAll(true));
  return navigator.locks.request("outbox", { ifAvailable: true }, (lock) => {
    if (lock) return sendAll(now);
    // Somebody else is at it: queue behind, so that what came in meanwhile is not left lying.
    if (inLine) inLine.now ||= now;
    else waitInLine(now);
    return "elsewhere";
  });
}

function waitInLine(now) {
  const place = (inLine = { now });
  const taken = () => { if (inLine === place) inLine = null; }; // whoever comes from here on waits anew
  navigator.locks.request("outbox", () => { taken(); return sendAll(place.now); }).catch(taken);
}

const laneOf = (op) => `${op.person} ${op.lane}`;

function nextOf(ops, held, now) {
  // Whatever mentions what is not at the house yet waits, also when the birth was written down anew after it.
  const [lanes, unborn] = [new Set(held), new Set(ops.map(({ born }) => born).filter(Boolean))];
  for (const op of ops) {
    const rests = !now && (op.notBefore ?? 0) > Date.now();
    const free = op.state === "waiting" && !rests && !lanes.has(laneOf(op)) && !held.has(op.person)
      && !op.mentions?.some((id) => unborn.has(id));
    if (free) return op;
    if (op.state === "waiting") lanes.add(laneOf(op)); // what comes after it in its lane waits for it
  }
  return null;
}

async function sendAll(now) {
  if (!(await signOutFirst())) return "offline";
  if (!(await list()).some((op) => op.state === "waiting")) return "done";
  const house = await hello();
  if (house !== "here") {
    tell({ kind: "offline", house });
    return house;
  }
  const held = new Set();
  const touched = new Set();
  let ops = await list(); // a thousand deeds are not read again for each of them
  for (let op; (op = nextOf(ops, held, now) ?? nextOf((ops = await list()), held, now));) {
    const end = await send(op);
    ops = end === "kept" ? ops.filter((one) => one.seq !== op.seq) : await list();
    if (end === "kept") touched.add(JSON.stringify([op.person, op.lane, op.page]));
    if (end === "offline") return end;
    if (end === "auth") held.add(op.person);
    if (end === "later") held.add(laneOf(op));
  }
  await tellWhatIsLeft();
  const resting = (await list()).find((op) => op.state === "waiting" && (op.notBefore ?? 0) > Date.now());
  tell({ kind: "idle", house: resting?.trouble ?? "here", touched: [...touched].map((one) => JSON.parse(one)) });
  return held.size ? "held" : "done";
}

const headersOf = (op, ticket, offset) => ({
  ...op.headers, "Idempotency-Key": op.key, "Outbox-Ticket": ticket, "Outbox-Device": op.device,
  "Outbox-Seq": String(op.seq), "Outbox-At": String((op.at + (op.offset ?? offset)) / 1000), "Outbox-V": String(op.v),
});

async function send(op) {
  const [bytes, ticket] = [await bytesOf(op.key), await recall(`ticket:${op.person}`)];
  if (!bytes) return (await list()).some(({ key }) => key === op.key) ? refused(op, 0) : "kept"; // another tab was quicker
  if (!ticket) return unknown(op);
  tell({ kind: "sending", key: op.key, item: op.item, path: op.path });
  let reply, text;
  try {
    const request = { method: op.method, body: bytes, credentials: "omit", headers: headersOf(op, ticket, (await recall("offset")) ?? 0) };
    ({ reply, text } = await timed(op.path, request, SEND_TAKES + op.size / SLOWEST));
  } catch {
    heard(false);
    await amend(op.seq, { tries: op.tries + 1 });
    tell({ kind: "offline", house: "offline" });
    return "offline";
  }
  return settle(op, reply, text);
}

async function settle(op, reply, text) {
  const acknowledged = reply.headers.get("Outbox-Ack") === op.key;
  if (acknowledged) heard();
  const answer = { status: reply.status, text, location: reply.headers.get("Outbox-Location"),
    said: reply.headers.get("Outbox-Said") };
  if (acknowledged && reply.ok) {
    await crossOut(op);
    tell({ kind: "sent", key: op.key, item: op.item, path: op.path, person: op.person, op, answer });
    return "kept";
  }
  if (acknowledged && reply.status === 401) return unknown(op);
  if (acknowledged && (reply.status === 403 || REFUSED.has(reply.status))) return refused(op, reply.status, answer);
  if (!acknowledged) heard(false); // a gateway spoke for the house, or the house is in trouble
  const rest = Math.min(LONGEST_REST, 1000 * 2 ** Math.min(op.tries, 6));
  const trouble = acknowledged || reply.status >= 500 ? "troubled" : "stranger";
  await amend(op.seq, { tries: op.tries + 1, notBefore: Date.now() + rest, status: reply.status, trouble });
  tell({ kind: "later", key: op.key, item: op.item, status: reply.status, house: trouble });
  return "later";
}

function unknown(op) {
  tell({ kind: "auth", person: op.person });
  return "auth";
}

async function refused(op, status, answer) {
  const said = decodeURIComponent(answer?.said ?? "").replace(/^\w+\|/, "");
  await work(["op", "body"], "readwrite", async (ops, bodies) => {
    const all = await ops.getAll();
    // Said anew and refused anew: the later word is the one to be put right.
    for (const one of op.adds ? [] : olderRefused(all, op)) await Promise.all([ops.delete(one.seq), bodies.delete(one.key)]);
    const kept = all.find(({ seq }) => seq === op.seq);
    if (kept) await ops.put({ ...kept, state: "attention", status, said, wrong: wrongIn(answer?.text) });
  });
  tell({ kind: "attention", key: op.key, item: op.item, path: op.path, person: op.person, answer: answer ?? { status, text: "" } });
  return "refused";
}

/** What was somebody's on this device goes once nothing of theirs waits any more. */
export async function tidy() {
  const [ops, present] = [await list(), await recall("person")];
  for (const person of (await recall("gone")) ?? []) {
    if (person !== present && !ops.some((op) => op.person === person)) await forget(`ticket:${person}`);
  }
}
