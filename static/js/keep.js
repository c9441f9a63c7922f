// Kept forms: `data-keep` (when sent off) or `data-keep="change"` (at every tap) go through the outbox, so they work
// without a network as with one. `data-into` says where the answer goes; without it the answer leads on.
import { drop } from "./drafts.js";
import { UUID, born, fresh } from "./identity.js";
import { drain, listen, store } from "./outbox.js";
import { recall } from "./store.js";
import { go, show } from "./answers.js";

const PATIENCE = 4_000; // ms to wait for an answer before going on without one
const OWN = new Set(["_csrf", "_key"]);
const open = new Map(); // key → the deed, until it is answered
let before = Promise.resolve();

const kept = (element) => element?.closest?.("form[data-keep]");
export const personHere = () => document.querySelector('meta[name="person"]')?.content ?? "";

/** What a form's answers are about: its address, and for something new its identity. */
export const itemOf = (form) => {
  const path = new URL(form.action).pathname;
  const identity = form.querySelector("[data-born]")?.value;
  return form.dataset.item ?? (identity ? `${path}#${identity}` : path);
};

function stamp(form) {
  for (const field of form.querySelectorAll("[data-now]")) field.value = new Date().toISOString();
  for (const field of form.querySelectorAll("[data-born]")) field.value ||= born();
}

const labelOf = (form) => form.dataset.label
  ?? form.closest(".item")?.querySelector("h3")?.firstChild?.textContent?.trim() ?? document.querySelector("h1")?.textContent?.trim() ?? "";

// Read at once: the form may have changed by the time it is written down.
function read(form, submitter) {
  stamp(form);
  const body = new FormData(form, submitter);
  for (const [name, value] of [...body]) {
    if (OWN.has(name) || (value instanceof File && !value.name && !value.size)) body.delete(name);
  }
  const at = new URL(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action);
  const path = at.pathname + at.search;
  const fields = [...body].filter(([, value]) => typeof value === "string");
  return {
    form, body, says: JSON.stringify([path, fields.filter(([name]) => !form.querySelector(`[data-now][name="${name}"]`))]),
    op: {
      key: fresh(), person: personHere(), item: itemOf(form), path, fields, label: labelOf(form), method: "POST",
      lane: form.dataset.lane ?? path.split("/").slice(0, 3).join("/"), born: form.querySelector("[data-born]")?.value,
      mentions: [...new Set([path, ...fields.map(([, value]) => value)].join(" ").match(UUID) ?? [])],
      page: location.pathname + location.search,
    },
  };
}

async function write({ form, body, op }) {
  const plain = form.enctype !== "multipart/form-data";
  const whole = new Response(plain ? new URLSearchParams(body) : body);
  op.headers = { "Content-Type": whole.headers.get("Content-Type"), "Outbox-Language": document.documentElement.lang.slice(0, 2) };
  if (form.dataset.into) op.headers["HX-Request"] = "true";
  op.device = (await recall("device")) ?? "";
  op.mentions = op.mentions.filter((id) => id !== op.born);
  await store(op, await whole.arrayBuffer());
}

async function keep(form, submitter) {
  const deed = read(form, submitter);
  const twice = form.dataset.keep !== "change" && !("photo" in form.dataset)
    && [...open.values()].some((one) => one.form === form && one.says === deed.says);
  if (twice) return;
  open.set(deed.op.key, deed);
  before = before.then(() => write(deed)); // one after the other: the order of taps is the order of the queue
  try {
    await before;
  } catch (fault) {
    before = Promise.resolve();
    open.delete(deed.op.key);
    form.dispatchEvent(new CustomEvent("outbox:not-stored", { bubbles: true, detail: { fault } }));
    return;
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
  if (deed.form.dataset.next) return go(deed.form.dataset.next);
  if (deed.form.dataset.into || "after" in deed.form.dataset) return;
  deed.form.reset();
  for (const field of deed.form.querySelectorAll("[data-born]")) field.value = born();
}

listen(({ kind, key, answer }) => {
  if (kind === "offline" || kind === "later" || kind === "auth") return [...open.values()].forEach(goOn);
  const deed = open.get(key);
  if (!deed || (kind !== "sent" && kind !== "attention")) return;
  open.delete(key);
  clearTimeout(deed.patience);
  const newer = [...open.values()].some((one) => one.op.item === deed.op.item);
  if (!newer) show(deed, answer);
});

// Enter in a line of a form that is kept at every tap ends the line; it presses none of the ready remarks.
document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key !== "Enter" || target.tagName !== "INPUT" || kept(target)?.dataset.keep !== "change") return;
  event.preventDefault();
  target.blur();
});

document.addEventListener("change", ({ target }) => {
  const form = kept(target);
  if (form?.dataset.keep === "change") keep(form);
});

document.addEventListener("submit", (event) => {
  const form = kept(event.target);
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  keep(form, event.submitter);
});
