// What comes back for a kept form: a part of this page, the way to another one, or the form again with what is wrong.
import { handBack } from "./mend.js";

const WORD = "huanche_flash";

/** Go to an address of this house, to be told `said` there. */
export function go(address, said) {
  if (said) document.cookie = `${WORD}=${said}; path=/; max-age=60; samesite=lax`;
  const there = new URL(address, location.href);
  if (there.origin !== location.origin) return undefined;
  const samePage = there.pathname + there.search === location.pathname + location.search;
  if (!samePage) return location.assign(there);
  history.replaceState(null, "", there); // only the place on it differs: the page itself must be read again
  return location.reload();
}

// Somebody is writing there: their next change brings the answer that takes its place.
const isWriting = (place) => {
  const field = document.activeElement;
  return place.contains(field) && field.defaultValue !== undefined && field.value !== field.defaultValue
    && /^(text|search|number|tel|email|textarea)$/.test(field.type);
};

function swap(target, text, select) {
  return globalThis.htmx.swap({ text, target, select, swap: "outerMorph", sourceElement: target });
}

// A button that was once tapped no longer follows its attribute: what the house made of the tap is chosen here.
function choose(place) {
  for (const field of place?.querySelectorAll("input[type=radio], input[type=checkbox]") ?? []) field.checked = field.defaultChecked;
}

const shown = (op, answer) => document.dispatchEvent(new CustomEvent("outbox:shown", { detail: { op, answer } }));

/** Put the answer where the form said it belongs. */
export async function show({ form, op, wentOn }, answer) {
  const place = form.dataset.into && document.querySelector(form.dataset.into);
  if (place) {
    if (isWriting(place) || !answer.text || (answer.status >= 400 && answer.status !== 422)) return shown(op, answer);
    await swap(place, answer.text);
    choose(document.querySelector(form.dataset.into));
    if (answer.status === 422 && !wentOn) await handBack(op);
  } else if (answer.location) {
    if (!wentOn) go(answer.location, answer.said);
  } else if (answer.status >= 400 && form.isConnected && !wentOn) {
    await swap(document.querySelector("main"), answer.text, "main");
    // The answer was made for the outbox: what else is sent from this page is sent as from the page itself.
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    for (const field of document.querySelectorAll("input[name=_csrf]")) field.value = token;
    for (const field of document.querySelectorAll("form.lang [name=next]")) field.value = location.pathname + location.search;
    document.querySelector("main .wrong input, main .notice.bad, main .notice")?.scrollIntoView({ block: "center" });
    await handBack(op);
  }
  return shown(op, answer);
}
