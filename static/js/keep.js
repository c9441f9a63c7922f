// Kept forms: `data-keep` (when sent off) or `data-keep="change"` (at every tap) go through the outbox, with a network as
// without. `data-into` says where the answer goes; without it the answer leads on.
import { go, show } from "./answers.js";
import { passes } from "./checks.js";
import { itemOf, personHere, read, write } from "./deeds.js";
import { drop } from "./drafts.js";
import { born } from "./identity.js";
import { drain, listen } from "./outbox.js";
import { recall } from "./store.js";

const PATIENCE = 4_000; // ms to wait for an answer before going on without one
const open = new Map(); // key → the deed, until it is answered
let before = Promise.resolve();
const kept = (element) => element?.closest?.("form[data-keep]");
async function keep(form, submitter) {
  if (!passes(form)) return;
  const deed = read(form, submitter);
  const twice = form.dataset.keep !== "change" && !("photo" in form.dataset) // no, yes and no again are three
    && [...open.values()].filter((one) => one.form === form).at(-1)?.says === deed.says;
  if (twice) return;
  open.set(deed.op.key, deed);
  form.ariaBusy = "true";
  before = before.then(() => write(deed)); // one after the other: the order of taps is the order of the queue
  try {
    await before;
  } catch (fault) {
    before = Promise.resolve();
    open.delete(deed.op.key);
    form.dispatchEvent(new CustomEvent("outbox:not-stored", { bubbles: true, detail: { fault } }));
    return;
  } finally {
    deed.written = true;
    if (![...open.values()].some((one) => one.form === form && !one.written)) form.ariaBusy = null;
  }
  drop(form);
  if ("photo" in form.dataset) form.reset();
  deed.patience = setTimeout(goOn, PATIENCE, deed);
  drain();
}

// No answer for now: on to the next thing, the deed is safe.
function goOn(deed) {
  if (!open.has(deed.op.key) || deed.wentOn) return;
  deed.wentOn = true;
  clearTimeout(deed.patience);
  const opens = navigator.onLine || navigator.serviceWorker?.controller; // else nothing would come instead of the page
  if (deed.form.dataset.next && opens) return go(deed.form.dataset.next.replace("{born}", deed.op.born));
  if (deed.form.dataset.into || "after" in deed.form.dataset) return;
  deed.form.reset();
  for (const field of deed.form.querySelectorAll("[data-born]")) field.value = born();
}

listen(({ kind, key, op, answer }) => {
  if (kind === "offline" || kind === "later" || kind === "auth") return [...open.values()].forEach(goOn);
  if (kind !== "sent" && kind !== "attention") return undefined;
  const deed = open.get(key) ?? ofEarlier(op);
  if (!deed) return undefined;
  open.delete(key);
  clearTimeout(deed.patience);
  const newer = [...open.values()].some((one) => one.op.item === deed.op.item);
  return newer || show(deed, answer);
});

// Done before this page was opened, and answered now: the place it was done at is here all the same.
function ofEarlier(op) {
  if (op?.person !== personHere()) return undefined;
  const form = [...document.querySelectorAll("form[data-keep][data-into]")].find((one) => itemOf(one) === op.item);
  return form && { form, op, wentOn: true };
}

// It arrived while this page was on its way: the page was made without it, and no longer hears of it.
recall("arrived").then((arrived) => {
  const since = new Set((arrived ?? []).filter(([, at]) => at > performance.timeOrigin).map(([item]) => item));
  if ([...document.querySelectorAll("form[data-keep]")].some((form) => since.has(itemOf(form)))) location.reload();
}).catch(() => {});

// Enter in a line of a form that is kept at every tap ends the line; it presses none of the ready remarks.
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key !== "Enter" || target.tagName !== "INPUT" || kept(target)?.dataset.keep !== "change") return;
  event.preventDefault();
  target.blur();
});

document.addEventListener("change", ({ target }) => {
  if (kept(target)?.dataset.keep === "change") keep(kept(target));
});

document.addEventListener("submit", (event) => {
  if (!kept(event.target) || event.defaultPrevented) return;
  event.preventDefault();
  keep(kept(event.target), event.submitter);
});

// A tap that came before this script did is kept now; what the browser gave back on a way back was kept then.
if (performance.getEntriesByType("navigation")[0]?.type === "navigate") {
  const isTouched = (field) => field.checked !== field.defaultChecked || (/^(text|number)$/.test(field.type) && field.value !== field.defaultValue);
  for (const form of document.querySelectorAll('form[data-keep="change"]')) if ([...form.elements].some(isTouched)) keep(form);
}
