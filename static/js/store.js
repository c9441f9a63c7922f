// What this device keeps: one small database, shared by pages and the service worker.
// Changes to its shape are only ever additions: an older tab or worker may still be at work beside this one.
import { openDB } from "../vendor/idb/build/index.js";

let opening;

function open() {
  opening ??= openDB("huanche", 1, {
    upgrade(db) {
      const deeds = db.createObjectStore("op", { keyPath: "seq", autoIncrement: true });
      deeds.createIndex("key", "key", { unique: true });
      db.createObjectStore("body", { keyPath: "key" }); // heavy bytes apart from the list
      db.createObjectStore("kv");
      db.createObjectStore("draft", { keyPath: "place" });
      db.createObjectStore("aboard", { keyPath: "id" });
    },
    blocking: (_old, _new, { target }) => { target.close(); opening = undefined; },
    terminated: () => { opening = undefined; }, // WebKit lets go of connections when memory is short
  }).catch((fault) => { opening = undefined; throw fault; });
  return opening;
}

/** One transaction over `stores`; done means it is on the disk. Throws what made it fail, such as a full disk. */
export async function work(stores, mode, deed, again = true) {
  let tx;
  try {
    tx = (await open()).transaction(stores, mode, { durability: "strict" });
    const [found] = await Promise.all([deed(...stores.map((name) => tx.objectStore(name))), tx.done]);
    return found;
  } catch (fault) {
    const lost = /InvalidState|Unknown/.test(fault.name) && !tx?.error;
    if (!lost || !again) throw tx?.error ?? fault;
    opening = undefined;
    return work(stores, mode, deed, false);
  }
}

export const recall = (name) => work(["kv"], "readonly", (kv) => kv.get(name));
export const remember = (name, value) => work(["kv"], "readwrite", (kv) => kv.put(value, name));
export const forget = (name) => work(["kv"], "readwrite", (kv) => kv.delete(name));
