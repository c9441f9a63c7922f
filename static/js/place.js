// Where we are, looked up only once the owner agrees that it is kept; taken back, it is forgotten before anything is sent.
import { personHere } from "./deeds.js";
import { list } from "./outbox.js";

const HOW = { enableHighAccuracy: true, maximumAge: 60_000, timeout: 10_000 };
const FIELDS = ["longitude", "latitude", "accuracy"];

function say(form, what, gaps = {}) {
  const line = form.querySelector("[data-place-said]");
  if (!line) return;
  line.hidden = !what;
  line.textContent = what ? line.dataset[what].replace("{metres}", gaps.metres) : "";
}

function put(form, found) {
  for (const name of FIELDS) form.elements[name].value = found ? found[name] : "";
}

function look(form) {
  say(form, "looking");
  form.dataset.wanted = "";
  navigator.geolocation?.getCurrentPosition(({ coords }) => {
    if (!("wanted" in form.dataset)) return; // the owner changed their mind meanwhile
    put(form, coords);
    say(form, "found", { metres: Math.round(coords.accuracy) });
  }, () => say(form, "none"), HOW);
  if (!navigator.geolocation) say(form, "none");
}

function leave(form) {
  delete form.dataset.wanted;
  put(form, null);
  say(form, "");
}

// What the owner said on this device, and the house has not heard of yet.
async function agreedHere(path) {
  const mine = (await list()).filter((op) => op.person === personHere() && op.path === path);
  return mine.at(-1)?.fields.some(([name, value]) => name === "place_ok" && value === "yes") ?? false;
}

/** `data-place`: a form that may say where it was sent from; "yes" when that is agreed, `data-asks` where it is asked. */
export async function place(form) {
  form.addEventListener("change", ({ target }) => {
    if (target.name === "place_ok") (target.value === "yes" ? look : leave)(form);
  });
  const chosen = form.querySelector("[name=place_ok]:checked")?.value;
  if (chosen === "yes" || form.dataset.place === "yes" || (form.dataset.asks && await agreedHere(form.dataset.asks))) look(form);
}
