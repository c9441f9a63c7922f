// Visits that were begun on this device and are not at the house yet: found again here, those still open first.
import { personHere } from "./deeds.js";
import { clock } from "./moments.js";
import { list, listen } from "./outbox.js";


/** `data-unsent-visits="/receptions"`: hidden until something born by a deed to that address waits; a `template` of its line. */
export function unsent(root) {
  const [base, lines, line] = [root.dataset.unsentVisits, root.querySelector("ul"), root.querySelector("template")];

  function row(op, all) {
    const item = line.content.cloneNode(true).querySelector("li");
    const within = (name) => item.querySelector(`[data-${name}]`);
    const done = all.some(({ path }) => path === `${base}/${op.born}/departure`);
    const name = all.find(({ path }) => path === `${base}/${op.born}/customer`)?.fields.find(([field]) => field === "name");
    within("way").href = `${base}/${op.born}`;
    if (name?.[1]) within("way").textContent = name[1];
    within("at").textContent = clock.format(op.at);
    within("open").hidden = done;
    within("done").hidden = !done;
    return [done, item];
  }

  async function paint() {
    const mine = (await list()).filter(({ person }) => person === personHere());
    const rows = mine.filter(({ born, path }) => born && path === base).map((op) => row(op, mine));
    lines.replaceChildren(...rows.sort(([one], [other]) => one - other).map(([, item]) => item));
    root.hidden = !rows.length;
  }
  listen(paint);
  paint();
}
