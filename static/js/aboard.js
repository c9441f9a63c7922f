// Taking along: pages and pictures for a piece of work are put on this device, and one page says what is on board.
import { fresh } from "./identity.js";
import { personHere } from "./deeds.js";
import { moment as time } from "./moments.js";
import { fetchPage, keepWay } from "./pages.js";
import { work } from "./store.js";
import { tellUnbegun } from "./unbegun.js";

const AT_ONCE = 4;
const language = document.documentElement.lang;
const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const room = (unit, of) => new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(of);
const megabytes = (bytes) => (bytes < 1e9 ? room("megabyte", bytes / 1e6) : room("gigabyte", bytes / 1e9));
const all = () => work(["aboard"], "readonly", (loads) => loads.getAll());

async function fetchAll(addresses, progress) {
  const [left, missing] = [[...addresses], []];
  let bytes = 0;
  const one = async () => {
    for (let address; (address = left.shift());) {
      const size = await fetchPage(address, personHere()).catch(() => 0);
      if (size) bytes += size;
      else missing.push(address);
      progress(addresses.length - left.length, addresses.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return { bytes, missing };
}

async function take(address, progress) {
  const headers = { "X-CSRF-Token": csrf(), "Idempotency-Key": fresh() };
  const reply = await fetch(address, { method: "POST", headers, redirect: "manual", signal: AbortSignal.timeout(15_000) });
  if (!reply.ok || !reply.headers.has("X-Request-Id")) throw new Error(String(reply.status));
  const load = await reply.json();
  await navigator.storage?.persist?.();
  const found = await fetchAll([...load.pages, ...load.files], progress);
  for (const [from, to] of Object.entries(load.ways)) await keepWay(personHere(), from, to);
  const record = { ...load, ...found, id: `${personHere()} ${load.id}`, person: personHere(), taken: address, at: Date.now() };
  await work(["aboard"], "readwrite", (loads) => loads.put(record));
  document.dispatchEvent(new CustomEvent("aboard:changed"));
  return record;
}

/** A button that takes something along and tells how far it is; `data-done` and `data-failed` are its words. */
export function takeButton(button) {
  if (!globalThis.caches || !navigator.serviceWorker) return;
  const label = button.innerHTML;
  button.hidden = false;
  button.onclick = async () => {
    button.disabled = true;
    try {
      await take(button.dataset.take, (done, whole) => { button.textContent = `${done} / ${whole}`; });
      button.innerHTML = label;
      if (button.dataset.then) location.assign(button.dataset.then);
    } catch {
      button.innerHTML = label;
      button.classList.add("bad");
    }
    button.disabled = false;
  };
}

export function aboardPage(root) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const words = (name, gaps) => root.dataset[name].replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);

  function line(load) {
    const item = part("row").content.cloneNode(true).querySelector("li");
    const within = (name) => item.querySelector(`[data-${name}]`);
    Object.assign(within("title"), { href: load.address, textContent: load.title });
    within("what").textContent = [words("asOf", { time: time.format(load.at) }),
      words("pages", { count: load.pages.length }), megabytes(load.bytes)].join(" · ");
    const lacks = load.missing.length;
    Object.assign(within("lacks"), { hidden: !lacks, textContent: lacks ? words("missing", { count: lacks }) : "" });
    within("holds").textContent = (load.holds ?? []).map(({ title }) => title).join(" · ");
    Object.assign(within("renew").dataset, { take: load.taken });
    takeButton(within("renew"));
    within("off").onclick = () => work(["aboard"], "readwrite", (loads) => loads.delete(load.id)).then(paint);
    return item;
  }

  async function paint() {
    const mine = (await all()).filter((load) => load.person === personHere());
    part("list").replaceChildren(...mine.map(line));
    part("nothing").hidden = mine.length > 0;
    tellUnbegun(root, mine, takeButton);
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    part("room-word").textContent = words("room", { used: megabytes(usage), free: megabytes(Math.max(0, quota - usage)) });
    part("keeping").textContent = words((await navigator.storage?.persisted?.()) ? "firm" : "loose", {});
  }

  document.addEventListener("aboard:changed", paint);
  paint();
}
