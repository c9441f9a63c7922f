// Whether the house is there, and what time it has there; it hears by the way how much this device holds.
import { fresh } from "./identity.js";
import { recall, remember, work } from "./store.js";

const KNOWN_ALIVE = 30_000; // ms for which an answer proves that the house is there
const HELLO_TAKES = 6_000;
let heardFrom = 0;
let told = ""; // what it heard last of the queue

/** It has answered just now, or it has not. */
export const heard = (answers = true) => { heardFrom = answers ? Date.now() : 0; };

export async function timed(url, request, ms) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ms);
  try {
    const reply = await fetch(url, { cache: "no-store", redirect: "manual", ...request, signal: stop.signal });
    return { reply, text: await reply.text() };
  } finally {
    clearTimeout(timer);
  }
}

async function counted() {
  const ops = await work(["op"], "readonly", (all) => all.getAll());
  const needs = ops.filter(({ state }) => state === "attention").length;
  return { "Outbox-Waiting": String(ops.length - needs), "Outbox-Needs": String(needs) };
}

/** Whether the house is there: a gateway that answers for it does not know our question. Sets the clock's offset. */
export async function hello(anew = false) {
  if (!anew && Date.now() - heardFrom < KNOWN_ALIVE) return "here";
  const [nonce, asked, counts, person] = [fresh(), Date.now(), await counted(), await recall("person")];
  const ticket = (await recall(`ticket:${person}`)) ?? "";
  const headers = { "Outbox-Nonce": nonce, "Outbox-Ticket": ticket, ...counts };
  try {
    const { reply, text } = await timed("/outbox/hello", { method: "POST", credentials: "omit", headers }, HELLO_TAKES);
    if (reply.status >= 500) return "troubled";
    const said = reply.headers.get("Outbox-Hello") === "1" ? JSON.parse(text) : {};
    if (said.echo !== nonce) return "stranger";
    heard();
    told = ticket && JSON.stringify(counts);
    await remember("offset", Math.round(said.now - (asked + heardFrom) / 2));
    return "here";
  } catch {
    return "offline";
  }
}

/** Tell it what is left once something has been sent: what it heard before is no longer so. */
export async function tellWhatIsLeft() {
  if (told && told !== JSON.stringify(await counted())) await hello(true);
}
