// What the page can say by itself without the house: that a search or a beginning needs it, and what is on the device.
import { list, listen } from "./outbox.js";

const isCopy = Boolean(document.querySelector('meta[name="as-of"]'));

/** A form whose deed needs the house says so before it is pressed in vain. */
export function nearTheHouse(form) {
  const word = form.querySelector("[data-near-word]");
  const look = () => { word.hidden = navigator.onLine && !isCopy; };
  for (const kind of ["online", "offline"]) addEventListener(kind, look);
  look();
}

/** A search that did not reach the house shows no other list in place of its answer; where one only chooses, the list
 * that stands there is still true, and the choice goes back to it. */
export function searching(form) {
  const word = document.querySelector("[data-search-word]");
  const typed = form.elements.q;
  if (!typed) return choosing(form, word);
  const say = (failed) => {
    const found = document.getElementById("found");
    if (word) word.hidden = !failed;
    if (found) found.hidden = failed;
  };
  document.addEventListener("htmx:error", () => say(Boolean(typed.value.trim())));
  document.addEventListener("htmx:after:request", () => say(false));
  document.addEventListener("htmx:after:swap", () => say(false));
  typed.addEventListener("input", () => typed.value.trim() || say(false));
}

function choosing(form, word) {
  const say = (failed) => {
    if (word) word.hidden = !failed;
    if (failed) form.reset();
  };
  document.addEventListener("htmx:error", () => say(true));
  document.addEventListener("htmx:after:swap", () => say(false));
}

/** Before somebody signs in: what is kept on this device, whoever did it. */
export function keptHere(place) {
  const show = async () => {
    const ops = await list();
    const needs = ops.filter(({ state }) => state === "attention").length;
    for (const [name, count] of [["waiting", ops.length - needs], ["needing", needs]]) {
      const line = place.querySelector(`[data-kept-${name}]`);
      line.dataset.said ??= line.lastElementChild.textContent;
      line.lastElementChild.textContent = line.dataset.said.replace("{count}", count);
      line.hidden = !count;
    }
  };
  listen(() => show());
  show().catch(() => {});
}
