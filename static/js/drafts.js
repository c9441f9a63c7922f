// What was typed and not yet sent outlives a kill, a change of language and an empty battery: kept on this device
// for this person and this form, and given back when the page opens again.
import { work } from "./store.js";

const SKIPPED = new Set(["hidden", "password", "file", "submit", "button", "search"]);
const PAUSE = 300; // ms after the last key
const KEPT_FOR = 30 * 86_400_000;
const FORMS = "main form:not(.lang, [data-ink], [role=search], [method=dialog])";
const TAPPED = "form[data-keep=change]"; // kept at every change: only a line that somebody is still writing is a draft
const LINE = "input:not([type=radio], [type=checkbox]), textarea";
const timers = new WeakMap();

const person = () => document.querySelector('meta[name="person"]')?.content ?? "";
export const placeOf = (form, path = location.pathname) => `${person()} ${path} ${form.getAttribute("action") ?? ""}`;
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type)
  && (!form.matches(TAPPED) || field.matches(LINE)));
const untouched = (field) => field.options ? [...field.options].every((one) => one.selected === one.defaultSelected)
  : field.checked === field.defaultChecked && field.value === field.defaultValue;

// A refused form comes with its fields filled: all of them count then, until it is opened again (`once`). What is
// kept at every tap was never refused whole: of it only the line that is being written counts.
function keep(form, sent = false, failed = () => {}, once = null) {
  if (!form.isConnected) return undefined;
  const whole = (once !== null && !form.matches(TAPPED)) || form.refused;
  const fields = fieldsOf(form).filter((field) => whole || !untouched(field)).map((field) => [field.name, field.value, field.checked ?? null]);
  const draft = { place: placeOf(form, once ?? undefined), at: Date.now(), fields, sent, once: once !== null };
  return work(["draft"], "readwrite", (drafts) => fields.length ? drafts.put(draft) : drafts.delete(draft.place)).catch(failed);
}

/** Write down now whatever is typed on this page. Rejects when this device keeps nothing. */
export const keepAll = () => Promise.all([...document.querySelectorAll(FORMS)].map((form) =>
  keep(form, false, (fault) => { throw fault; })));

/** It stands here filled, with what is wrong with it: all of its fields are what somebody typed. */
export const keepRefused = (form) => keep(Object.assign(form, { refused: true }));

/** What this form held has been sent off, or written down to be sent. */
export function drop(form) {
  clearTimeout(timers.get(form));
  return work(["draft"], "readwrite", (drafts) => drafts.delete(placeOf(form))).catch(() => {});
}

/** Lay a value into a field as if it had been typed. */
export function giveBack(field, value, checked) {
  const ticked = ["checkbox", "radio"].includes(field.type);
  if (ticked ? field.value !== value || field.checked === checked : field.value === value) return;
  if (ticked) field.checked = checked;
  else field.value = value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.matches(FORMS) || !fieldsOf(form).includes(target)) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), PAUSE));
});

// An ordinary form counts as sent once a page of the house follows it; a refused one comes back with its fields filled.
document.addEventListener("submit", ({ target, defaultPrevented }) => {
  if (target.matches("form.lang")) {
    const next = new URL(target.elements.next?.value || location.href, location.href).pathname;
    return document.querySelectorAll(FORMS).forEach((form) => keep(form, false, () => {}, next));
  }
  if (!target.matches(FORMS) || defaultPrevented || "keep" in target.dataset) return;
  clearTimeout(timers.get(target)); // the last letters are sent with it
  keep(target, true);
});

// A line that is kept when it is left: on with it where it broke off.
function writeOn(field, value) {
  if (field.value === value) return;
  const leave = () => field.dispatchEvent(new Event("change", { bubbles: true }));
  field.closest("details")?.setAttribute("open", "");
  field.value = value;
  field.addEventListener("blur", leave, { once: true });
  field.addEventListener("change", () => field.removeEventListener("blur", leave), { once: true });
  field.focus();
}

async function giveAllBack() {
  const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const over = ({ at, sent }) => at < Date.now() - KEPT_FOR || (sent && !cameBack);
  const drafts = await work(["draft"], "readwrite", async (all) => {
    const found = await all.getAll();
    await Promise.all(found.filter((one) => over(one) || one.once).map((one) => all.delete(one.place)));
    return found.filter((one) => !over(one));
  });
  for (const form of document.querySelectorAll(FORMS)) {
    const draft = drafts.find((one) => one.place === placeOf(form));
    for (const [name, value, checked] of draft?.fields ?? []) {
      const give = form.matches(TAPPED) ? writeOn : giveBack;
      for (const field of fieldsOf(form).filter((one) => one.name === name && !one.matches(":disabled"))) give(field, value, checked);
    }
  }
}

// After everything else has taken its place, so that checks while typing run once more.
addEventListener("load", () => setTimeout(() => giveAllBack().catch(() => {})));
