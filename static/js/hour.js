// The hour at an owner's: how long it has lasted since this person signed in, here or at the house, and what is due now.
import { personHere } from "./deeds.js";
import { list, listen } from "./outbox.js";

const told = (seconds) => [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");

async function begun(chip) {
  if (chip.dataset.since) return Date.parse(chip.dataset.since);
  const mine = (await list()).find((op) => op.person === personHere() && op.path === chip.dataset.hour);
  return mine?.at ?? null;
}

// Which steps run at this minute, and which should be over.
function mark(minute) {
  for (const step of document.querySelectorAll(".hour > [data-from]")) {
    const [from, to] = [Number(step.dataset.from), Number(step.dataset.to)];
    if (from <= minute && minute < to) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    step.classList.toggle("late", minute >= to && !step.classList.contains("good"));
  }
}

/** `data-hour`: the address of signing in; `data-since` where the house knows when. */
export function hour(chip) {
  const place = chip.querySelector("time");
  let since = null;
  const look = () => begun(chip).then((found) => { since = found; }).catch(() => {});
  const say = () => {
    const seconds = since === null ? 0 : Math.max(0, Math.floor((Date.now() - since) / 1000));
    if (since !== null) place.textContent = told(seconds);
    const whole = Number(document.querySelector(".hour")?.dataset.whole ?? 0);
    chip.classList.toggle("bad", whole > 0 && seconds > whole * 60);
    if (since !== null) mark(Math.floor(seconds / 60));
    if (chip.isConnected) setTimeout(say, 1_000);
  };
  listen(({ kind }) => kind === "stored" && look());
  look().then(say);
}
