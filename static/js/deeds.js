// A deed: what a kept form says at the moment it is sent off, as the outbox writes it down.
import { UUID, born, fresh } from "./identity.js";
import { placeOf } from "./drafts.js";
import { multipart } from "./multipart.js";
import { store } from "./outbox.js";
import { recall } from "./store.js";
import { numberIn } from "./checks.js";
import { aboutOf, wordsOf } from "./words.js";

const OWN = new Set(["_csrf", "_key"]);

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

// A number that is missing, or outside its limits without a note that says why: kept, but the item stays open.
function lacks(form) {
  const field = form.querySelector("[data-number]");
  if (!field) return false;
  const number = numberIn(field);
  if (!field.value.trim() || Number.isNaN(number)) return true;
  const { least = -Infinity, most = Infinity } = field.dataset;
  return (number < Number(least) || number > Number(most)) && !form.elements.note?.value.trim();
}

/** Read a form at once: it may have changed by the time it is written down. */
export function read(form, submitter) {
  stamp(form);
  const body = new FormData(form, submitter);
  for (const [name, value] of [...body]) {
    if (OWN.has(name) || (value instanceof File && !value.name && !value.size)) body.delete(name);
  }
  const at = new URL(submitter?.hasAttribute("formaction") ? submitter.formAction : form.action);
  const path = at.pathname + at.search;
  const fields = [...body].filter(([, value]) => typeof value === "string");
  const label = labelOf(form);
  return {
    form, body, says: JSON.stringify([path, fields.filter(([name]) => !form.querySelector(`[data-now][name="${name}"]`))]),
    op: {
      key: fresh(), person: personHere(), item: itemOf(form), path, fields, label, method: "POST",
      about: aboutOf(label), words: wordsOf(form, submitter),
      lane: form.dataset.lane ?? path.split("/").slice(0, 3).join("/"), born: form.querySelector("[data-born]")?.value,
      lacks: lacks(form),
      adds: "photo" in form.dataset, // another one does not stand for it
      mentions: [...new Set([path, ...fields.map(([, value]) => value)].join(" ").match(UUID) ?? [])],
      page: location.pathname + location.search,
    },
  };
}

const plain = (body) => ({
  type: "application/x-www-form-urlencoded;charset=UTF-8", bytes: new TextEncoder().encode(new URLSearchParams(body)).buffer,
});

/** Write a deed down; resolves when it is on the disk. */
export async function write({ form, body, op }) {
  const { type, bytes } = form.enctype === "multipart/form-data" ? await multipart(body) : plain(body);
  op.headers = { "Content-Type": type, "Outbox-Language": document.documentElement.lang.slice(0, 2) };
  if (form.dataset.into) op.headers["HX-Request"] = "true";
  op.device = (await recall("device")) ?? "";
  op.mentions = op.mentions.filter((id) => id !== op.born);
  await store(op, bytes, placeOf(form));
}
