// The clock of a job as it was tapped on this device, before the house has heard of it: what is shown is what was done.
import { personHere } from "./deeds.js";
import { tick } from "./elapsed.js";
import { list, listen } from "./outbox.js";

const DEED = /^\/my-jobs\/([0-9a-f-]{36})\/(clock-on|pause|finish)$/;
const BECOMES = { "clock-on": "working", pause: "paused", finish: "done" };

/** Where every job of the page stands: as the house said, and then as it was tapped here, in that order. */
function standing(places, deeds) {
  const now = new Map(places.map(({ dataset }) => [dataset.clock, { state: dataset.kept }]));
  for (const { path, at } of deeds) {
    const [, job, deed] = path.match(DEED);
    if (deed === "clock-on") for (const one of now.values()) if (one.state === "working") one.state = "paused"; // one at a time
    if (now.has(job)) now.set(job, { state: BECOMES[deed], at: deed === "clock-on" ? at : undefined });
  }
  return now;
}

function show(place, { state, at }, turn) {
  // To go on for the second time is another deed, though it says the same; two taps in one go are one.
  for (const field of place.querySelectorAll('[name="_turn"]')) field.value = turn;
  for (const part of place.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  const since = place.querySelector("[data-since]");
  if (!since || !at || since.dateTime === new Date(at).toISOString()) return;
  const anew = since.cloneNode();
  anew.dateTime = new Date(at).toISOString();
  since.replaceWith(anew);
  tick(anew);
}

async function look() {
  const places = [...document.querySelectorAll("[data-clock]")];
  const mine = (await list()).filter((op) => op.person === personHere() && op.state === "waiting" && DEED.test(op.path));
  const now = standing(places, mine);
  for (const place of places) show(place, now.get(place.dataset.clock), mine.length);
}

let ready = false;

/** `data-clock` is a job, `data-kept` its state at the house, `data-when` in which states a part of it is shown. */
export function clock() {
  if (!ready) listen(({ kind }) => ["stored", "attention", "removed"].includes(kind) && look().catch(() => {}));
  ready = true;
  look().catch(() => {});
}
