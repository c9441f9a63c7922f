// What waits on this device is laid over the page it was done on, so that it is seen again after a kill or a way back.
import { giveBack } from "./drafts.js";
import { deliveredSince } from "./delivered.js";
import { itemOf, personHere } from "./deeds.js";
import { bytesOf, list, listen } from "./outbox.js";
import { tellWrong } from "./checks.js";
import { fare, thumb } from "./photo_strip.js";
import { pathsOf, settle, standOf } from "./settled.js";
import { hang, newHere, told } from "./told.js";

const asOf = Number(document.querySelector('meta[name="as-of"]')?.content ?? Infinity); // no copy: what arrives meanwhile is seen to
const sent = new Map(); // what the house has taken while this page was open, and how that stands
const arrived = new Set(); // what was new here, and is at the house now
function fill(form, fields) {
  const names = new Set(fields.map(([name]) => name));
  for (const field of form.elements) {
    if (!names.has(field.name) || field.type === "file" || field.type === "hidden") continue;
    if (field === document.activeElement && "defaultValue" in field && field.value !== field.defaultValue) continue; // being written
    const said = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    const ticked = ["checkbox", "radio"].includes(field.type);
    lay(field, ticked ? field.value : said.at(-1), ticked ? said.includes(field.value) : null);
  }
}

// Shown, not typed: nothing may listen to it and send it once more.
function lay(field, value, checked) {
  const deaf = (event) => event.stopPropagation();
  for (const kind of ["input", "change"]) field.addEventListener(kind, deaf);
  giveBack(field, value, checked);
  for (const kind of ["input", "change"]) field.removeEventListener(kind, deaf);
}

async function pictures(form, op) {
  const there = () => form.querySelector(`[data-key="${op.key}"]`);
  const body = there() ? null : await new Response(await bytesOf(op.key), { headers: op.headers }).formData();
  const frame = there() ?? thumb(form, [...body.values()].find((value) => value instanceof File), op.key);
  fare(frame, op.state === "attention");
}

const laid = new Set(); // deeds that were laid over their form on this page, or made in it
async function layOver(refill = true) {
  const mine = (await list()).filter((op) => op.person === personHere());
  const taken = await deliveredSince(personHere(), asOf); // by the house, after it was asked for this copy
  const stands = new Map(sent);
  for (const op of [...taken, ...mine.filter(({ state }) => state === "waiting")]) for (const path of pathsOf(op)) stands.set(path, standOf(op));
  const forms = [...document.querySelectorAll("form[data-keep]")];
  const [newest, newestTap] = [mine, [...taken, ...mine]].map((ops) => new Map(ops.map((op) => [op.item, op])));
  for (const form of refill ? forms : []) {
    const isTap = form.dataset.keep === "change";
    const op = !("photo" in form.dataset) && !form.ariaBusy && (isTap ? newestTap : newest).get(itemOf(form)); // busy: a newer word is being kept
    // A form that is sent off is filled once: whoever puts it right must not have it put wrong again.
    if (op && (isTap || !laid.has(op.key))) fill(form, op.fields);
    if (op) laid.add(op.key);
  }
  for (const form of forms.filter(({ dataset }) => "photo" in dataset)) {
    for (const op of mine.filter(({ item }) => item === itemOf(form))) await pictures(form, op);
  }
  for (const place of document.querySelectorAll("[data-unsent]")) {
    const op = mine.find(({ born }) => born === place.dataset.unsent);
    const name = op?.fields.find(([field]) => field === "name");
    if (name) place.textContent = "facts" in place.dataset ? told(op) : name[1];
  }
  for (const place of document.querySelectorAll("[data-hanging]")) hang(place, mine);
  for (const place of document.querySelectorAll("[data-new-here]")) newHere(place, mine);
  settle(stands);
}

// Opened from what waits: the form as it was sent, to be put right and sent as the same thing.
async function reopen() {
  const op = (await list()).find(({ key }) => location.hash === `#op=${key}`);
  const form = op && [...document.querySelectorAll("form[data-keep]")].find((one) => new URL(one.action).pathname === op.path);
  if (!form) return;
  for (const field of form.querySelectorAll("[data-born]")) field.value = op.born;
  laid.add(op.key);
  fill(form, op.fields);
  if (op.state === "attention") tellWrong(form, op.wrong ?? {});
}

const again = (refill) => layOver(refill).catch(() => {});

// The blank of something new gives way to its own page once it is there, and so does what was done on a device
// (`data-turns`) to what the house makes of it.
function turnOver() {
  const isDone = [...document.querySelectorAll("[data-turns]")].some(({ dataset }) => sent.has(dataset.turns));
  const isBlank = [...document.querySelectorAll("[data-unsent]")].some(({ dataset }) => arrived.has(dataset.unsent) && location.pathname.split("/").includes(dataset.unsent));
  if (isDone || isBlank) location.reload();
}

listen(({ kind, key, path, op }, here) => {
  if (kind === "sent" && op?.born) arrived.add(op.born);
  if (kind === "idle") turnOver();
  if (kind === "sent" && op) for (const one of pathsOf(op)) sent.set(one, standOf(op));
  if (kind === "stored" && here) laid.add(key);
  if (kind === "stored") again(!here); // what was done here is on the screen already
  if (kind === "attention" || (kind === "sent" && path)) again();
});
document.addEventListener("htmx:after:process", () => again());
reopen().catch(() => {}).then(() => again());
