// The page of what waits: each deed with its state and reason, send now, save as a file, take in, delete what was saved.
import { exportAll, importFrom, wasSaved } from "./carry.js";
import { personHere } from "./deeds.js";
import { drain, list, listen, remove, retry } from "./outbox.js";
import { words } from "./tally.js";
import { told } from "./told.js";

export function outboxPage(root) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const say = (word) => Object.assign(part("word"), { hidden: !word, textContent: word });
  const row = part("row");

  function line(op) {
    const item = row.content.cloneNode(true).querySelector("li");
    const within = (name) => item.querySelector(`[data-${name}]`);
    const needs = op.state === "attention";
    within("sign").textContent = needs ? "!" : "↑";
    within("label").textContent = op.label || root.dataset.nameless;
    within("what").textContent = told(op);
    Object.assign(within("why"), { hidden: !op.said, textContent: op.said ?? "" });
    within("way").href = `${op.page.split("#")[0]}#op=${op.key}`;
    within("needs").hidden = !needs;
    within("retry").onclick = () => retry(op);
    within("remove").onclick = async () => (await wasSaved(op)) ? remove(op).then(paint) : say(root.dataset.first);
    item.classList.toggle("bad", needs);
    return item;
  }

  async function paint() {
    const ops = await list();
    const mine = ops.filter((op) => op.person === personHere());
    const others = ops.filter((op) => op.person !== personHere());
    const needing = others.filter(({ state }) => state === "attention").length;
    part("list").replaceChildren(...mine.map(line));
    part("nothing").hidden = mine.length > 0;
    const tell = (place, word, count) => {
      place.hidden = !count;
      place.lastElementChild.textContent = word.replace("{count}", count);
    };
    tell(part("others"), root.dataset.othersWait, others.length - needing);
    tell(part("others-needing"), root.dataset.othersNeed, needing);
    part("send").disabled = !ops.length;
    // What was said of the last try holds as long as something waits.
    const { sent } = root.dataset;
    if (!ops.some(({ state }) => state === "waiting") && part("state").textContent !== sent) part("state").textContent = "";
    part("export").disabled = !mine.length;
  }

  part("send").onclick = async () => {
    part("state").textContent = root.dataset.trying;
    const end = await drain({ now: true, steal: true });
    const waits = (await list()).find((op) => op.state === "waiting");
    const why = words[end === "held" ? waits?.trouble ?? "auth" : end] ?? "";
    part("state").textContent = waits ? root.dataset.left.replace("{why}", why) : root.dataset.sent;
  };
  part("export").onclick = () => exportAll(personHere(), root.dataset.file).then(() => say(root.dataset.saved));
  part("import").onchange = async ({ target }) => {
    const count = await importFrom(target.files[0], personHere()).catch(() => null);
    const { unread, theirs, taken } = root.dataset;
    say(count === null ? unread : count < 0 ? theirs : taken.replace("{count}", count));
    target.value = "";
    drain({ now: true });
  };
  listen(paint);
  paint();
}
