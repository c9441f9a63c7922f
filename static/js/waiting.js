// What was kept on this device, as rows in the very list where the house will show it: one explains from the page.
import { personHere } from "./deeds.js";
import { list, listen } from "./outbox.js";
import { told } from "./told.js";

const TONES = { ok: "good ✓", watch: "warn !", fault: "bad ✕" };
const said = (op, name) => op.fields.find(([field]) => field === name)?.[1] ?? "";

function row(op, title) {
  const [line, chip, text, name, small] = ["li", "span", "div", "b", "small"].map((kind) => document.createElement(kind));
  const [tone, sign] = (TONES[said(op, "severity")] ?? "wait ").split(" ");
  line.className = "row";
  Object.assign(chip, { className: `chip ${tone}`, textContent: `${op.state === "attention" ? "!" : "↑"}${sign && ` ${sign}`}` });
  name.textContent = (title && said(op, title)) || (op.words?.[0] ?? op.label);
  small.textContent = told({ ...op, about: "", words: op.words?.filter((one) => one !== name.textContent) });
  text.append(name, small);
  line.append(chip, text);
  return line;
}

/** `data-waiting="/address"`: a row for each deed to it that waits; `data-title` is the field that names it. What stands
 * beside it with `data-none` is hidden while there is any. */
export function waiting(place) {
  async function paint() {
    const mine = (await list()).filter((op) => op.person === personHere() && op.path === place.dataset.waiting);
    place.replaceChildren(...mine.map((op) => row(op, place.dataset.title)));
    place.hidden = !mine.length;
    const none = place.parentElement.querySelector("[data-none]");
    if (none?.classList.contains("empty")) none.hidden = mine.length > 0;
  }
  listen(paint);
  paint();
}
