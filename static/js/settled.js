// Without a network the page itself says what is still missing and what may be done next. The house has the last word.
//   data-owed="paths"      a thing still missing, gone once all of its addresses are answered here; with data-met it was
//                          there when the page was made, and is missing again once one of them is taken back here
//   data-owing="name"      the list of them, gone once all are; data-unowed="name" is what opens then
//   data-after / data-until="paths"   shown once / until all of them are answered
//   data-unless="paths"    hidden once one of them is refused here: of what was asked, no is said
//   data-any-fault="paths" shown when one of them was found at fault
const within = (paths) => (paths ? paths.split(" ") : []);

// An open item is written as `<identity>/answer,photos`: what has to arrive there.
const isMet = (open, met) => {
  const [id, ways] = open.split("/");
  return ways.split(",").every((way) => met.has(`${id}/${way}`));
};

const standing = (stands, ...kinds) => new Set([...stands].filter(([, how]) => kinds.includes(how)).map(([path]) => path));
const itemsOf = (paths) => new Set([...paths].map((path) => path.split("/items/")[1]).filter(Boolean));
const isAsked = (item) => document.getElementById(`item-${item}`);

function counts(stands) {
  const met = itemsOf(standing(stands, "met", "fault")); // a fault is an answer too
  const back = new Set([...itemsOf(standing(stands, "lacking", "empty"))].map((way) => way.split("/")[0]));
  const wrong = [...itemsOf(standing(stands, "fault"))].map((way) => way.split("/")[0]);
  let [more, shown] = [0, null];
  for (const place of document.querySelectorAll("[data-open][data-asked]")) {
    const here = within(place.dataset.open).filter((open) => isMet(open, met)).length
      - within(place.dataset.met).filter((id) => back.has(id)).length;
    place.textContent = `${Number(place.dataset.done) + here}/${place.dataset.asked}`;
    more += here;
  }
  for (const meter of document.querySelectorAll("progress.meter")) {
    meter.dataset.from ??= meter.value;
    meter.value = Number(meter.dataset.from) + more;
    shown = meter;
  }
  const total = document.querySelector("[data-total]");
  if (total && shown) total.textContent = total.dataset.total.replace("{done}", shown.value).replace("{asked}", shown.max);
  stillOpen(document.querySelector("[data-still]"), met, back, [...new Set(wrong)].filter(isAsked));
}

function stillOpen(chip, met, back, wrong) {
  if (!chip) return;
  const [all, were] = [within(chip.dataset.still), within(chip.dataset.faults)];
  const left = [...all.filter((open) => !isMet(open, met)), ...within(chip.dataset.met).filter((id) => back.has(id))];
  const bad = [...were.filter((id) => !met.has(`${id}/answer`)), ...wrong];
  const tone = left.length ? "warn" : bad.length ? "bad" : "good";
  for (const one of ["warn", "bad", "good"]) chip.classList.toggle(one, one === tone);
  chip.dataset.said ??= chip.textContent;
  let text = `✓ ${chip.dataset.none}`;
  if (left.length === all.length && bad.length === were.length) text = chip.dataset.said;
  else if (left.length) text = chip.dataset.some.replace("{count}", left.length);
  else if (bad.length) text = `✕ ${chip.dataset.bad.replace("{count}", bad.length)}`;
  if (chip.textContent !== text) chip.textContent = text; // what is right already keeps its sign
}

/** Which addresses a deed answers. */
export const pathsOf = (op) => [op.path, op.item, ...op.fields.filter(([name]) => name === "role").map(([, role]) => `${op.path}#${role}`)];
const last = (op, name) => op.fields.filter(([field]) => field === name).at(-1)?.[1];
/** How they stand after it. An answer taken back is none: a box that was unticked, a line that was emptied. */
export function standOf(op) {
  if (last(op, "answer") === "fault") return "fault";
  if (op.lacks) return "lacking";
  if (last(op, "given") === "no") return "refused";
  const says = ["answer", "number", "choice", "text", "note"].map((name) => last(op, name));
  return /^\/runs\/.*\/answer$/.test(op.path) && !says.some(Boolean) ? "empty" : "met";
}

/** Show the page as it is with what was said here: by address, `met`, `fault`, `lacking` a number, `refused`, or `empty` again. */
export function settle(stands) {
  const [done, faults, refused] = ["met", "fault", "refused"].map((how) => standing(stands, how));
  const isBack = ({ owed, met }) => within(owed).some((path) => stands.has(path) && !done.has(path)
    && !(met === "mild" && faults.has(path))); // a fault that stands in nobody's way
  const all = (paths) => paths !== "" && within(paths).every((path) => done.has(path));
  for (const one of document.querySelectorAll("[data-owed]")) one.hidden = "met" in one.dataset ? !isBack(one.dataset) : all(one.dataset.owed);
  for (const owing of document.querySelectorAll("[data-owing]")) {
    owing.hidden = !owing.querySelector("[data-owed]:not([hidden])");
    for (const place of document.querySelectorAll(`[data-unowed="${owing.dataset.owing}"]`)) place.hidden = !owing.hidden;
  }
  for (const place of document.querySelectorAll("[data-after]")) place.hidden = !all(place.dataset.after);
  for (const place of document.querySelectorAll("[data-until]")) place.hidden = all(place.dataset.until);
  for (const place of document.querySelectorAll("[data-unless]")) place.hidden = within(place.dataset.unless).some((path) => refused.has(path));
  for (const place of document.querySelectorAll("[data-any-fault]")) {
    place.hidden = !within(place.dataset.anyFault).some((path) => faults.has(path));
  }
  counts(stands);
}
