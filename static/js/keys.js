// Every write carries a key, so that a repeated post takes effect once. The key stands for the
// form's content: the same content keeps it until the server has answered, other content gets another.
import { fresh } from "./identity.js";

const held = new WeakMap();
const OWN = new Set(["_key", "_csrf"]);
const UNSURE = /^(409|425|429|5..)$/; // the same content may be tried again: it stays the same deed

const csrf = () => document.querySelector('meta[name="csrf-token"], meta[name="csrf"]')?.content;

function content(action, body, stamps) {
  const told = [...body].filter(([name]) => !OWN.has(name) && !stamps.has(name));
  return JSON.stringify([action, told.map(([name, value]) =>
    value instanceof File ? [name, value.name, value.size, value.lastModified] : [name, value])]);
}

// The device's own clock, told once per key: a retry must not look like other content.
function stampNow(owner, body, isNew) {
  for (const field of owner.querySelectorAll?.("[data-now]") ?? []) {
    if (isNew || !field.value) field.value = new Date().toISOString();
    body?.set(field.name, field.value);
  }
}

function keyFor(owner, action, body) {
  const stamps = new Set(Array.from(owner.querySelectorAll?.("[data-now]") ?? [], (field) => field.name));
  const says = content(action, body, stamps);
  const before = held.get(owner);
  const same = before?.says === says;
  const key = same ? before.key : fresh();
  held.set(owner, { says, key });
  stampNow(owner, body, !same);
  return key;
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { request, sourceElement } = ctx;
  if (/^(GET|DIALOG)$/.test(request.method)) return;
  const owner = request.form ?? sourceElement;
  const key = keyFor(owner, request.action, request.body);
  request.headers["Idempotency-Key"] = key;
  request.headers["X-CSRF-Token"] = csrf() ?? "";
  if (request.body.has("_key")) request.body.set("_key", key);
  ctx.key = key;
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const owner = ctx.request.form ?? ctx.sourceElement;
  if (!UNSURE.test(ctx.response.status) && held.get(owner)?.key === ctx.key) held.delete(owner);
});

// Ordinary forms: the browser posts them, so the key goes into the hidden field.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const field = form.elements._key;
  if (event.defaultPrevented || !field || "keep" in form.dataset) return; // kept forms have a way of their own
  const before = held.get(form)?.key;
  field.value = keyFor(form, form.action, new FormData(form, event.submitter));
  if (form.ariaBusy === "true" && field.value === before) return event.preventDefault();
  form.ariaBusy = "true";
  setTimeout(() => { form.ariaBusy = null; }, 8000);
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null;
});
