// Tells the house how much is still on this device, once things have come to rest: the administrator sees what waits
// where, and when a device was last heard of. Nothing depends on it; what fails is told the next time.
import { personHere } from "./deeds.js";
import { fresh } from "./identity.js";
import { list, listen } from "./outbox.js";
import { recall, remember } from "./store.js";

const REST = 2_000; // ms after the last news
const STALE = 600_000; // ms after which even the same count is told again
const TAKES = 6_000;
let timer;

async function report() {
  const [ops, before, ticket] = [await list(), await recall("reported"), await recall(`ticket:${personHere()}`)];
  const known = before?.count === ops.length && before.person === personHere() && before.at > Date.now() - STALE;
  if (known || !ticket) return;
  const headers = { "Outbox-Nonce": fresh(), "Outbox-Waiting": String(ops.length), "Outbox-Ticket": ticket };
  const reply = await fetch("/outbox/hello", { method: "POST", credentials: "omit", headers, signal: AbortSignal.timeout(TAKES) });
  if (reply.headers.get("Outbox-Hello") === "1") await remember("reported", { count: ops.length, person: personHere(), at: Date.now() });
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => report().catch(() => {}), REST);
}

listen(({ kind }, here) => { if (here && kind !== "stored" && kind !== "sending") soon(); });
soon();
