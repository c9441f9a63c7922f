// What waits on this device is laid over the page it was done on, so that it is seen again after a kill or a way back.
import { giveBack } from "./drafts.js";
import { itemOf, personHere } from "./keep.js";
import { bytesOf, list, listen } from "./outbox.js";
import { thumb } from "./photo_strip.js";

const done = new Set(); // paths answered while this page is open, sent or waiting

function fill(form, fields) {
  const names = new Set(fields.map(([name]) => name));
  for (const field of form.elements) {
    if (!names.has(field.name) || field.type === "file" || field.type === "hidden") continue;
    const said = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    const ticked = ["checkbox", "radio"].includes(field.type);
    lay(field, ticked ? field.value : said.at(-1), ticked ? said.includes(field.value) : null);
  }
}

// Shown, not typed: nothing may listen to it and send it once more.
function lay(field, value, checked) {
  const deaf = (event) => event.stopPropagation();
  for (const kind of ["input", "change"]) field.addEventListener(kind, deaf, { once: true });
  giveBack(field, value, checked);
  for (const kind of ["input", "change"]) field.removeEventListener(kind, deaf);
}

async function pictures(form, op) {
  if (form.querySelector(`[data-key="${op.key}"]`)) return;
  const body = await new Response(await bytesOf(op.key), { headers: op.headers }).formData();
  for (const file of [...body.values()].filter((value) => value instanceof File)) thumb(form, file, op.key);
}

/** A place that opens only when something else is done (`data-after`), and a thing still owed (`data-owed`). */
function open() {
  const all = (paths) => paths.split(" ").every((path) => done.has(path));
  for (const owed of document.querySelectorAll("[data-owed]")) owed.hidden = all(owed.dataset.owed);
  for (const list of document.querySelectorAll("[data-owing]")) {
    const settled = !list.querySelector("[data-owed]:not([hidden])");
    list.hidden = settled;
    for (const place of document.querySelectorAll(`[data-unowed="${list.dataset.owing}"]`)) place.hidden = !settled;
  }
  for (const place of document.querySelectorAll("[data-after]")) place.hidden = !all(place.dataset.after);
  for (const place of document.querySelectorAll("[data-until]")) place.hidden = all(place.dataset.until);
}

// An answer that is itself a fault settles nothing.
const settles = (op) => !op.fields.some(([name, value]) => name === "answer" && value === "fault");
const pathsOf = (op) => [op.path, ...op.fields.filter(([name]) => name === "role").map(([, role]) => `${op.path}#${role}`)];

async function layOver() {
  const mine = (await list()).filter((op) => op.person === personHere());
  for (const op of mine) for (const path of pathsOf(op)) done[settles(op) ? "add" : "delete"](path);
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const ops = mine.filter((op) => op.item === itemOf(form));
    if (ops.length && !("photo" in form.dataset)) fill(form, ops.at(-1).fields);
    if ("photo" in form.dataset) for (const op of ops) await pictures(form, op);
  }
  open();
}

listen(({ kind }) => { if (kind === "stored") layOver().catch(() => {}); });
document.addEventListener("htmx:after:process", open);
addEventListener("load", () => layOver().catch(() => {}));
