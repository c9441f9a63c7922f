// Pages kept on this device for one person, by the house's leave (`X-Offline: u=<person>`) and for nobody else.
import { forgetDelivered } from "./delivered.js";
import { listen } from "./outbox.js";
import { recall, work } from "./store.js";

const MOST = 80; // visited pages; what was taken along does not count
const AS_OF = "Kept-At";
export const shelfOf = (person) => `pages-${person}`;
// One at a time at a shelf: nothing is put there between somebody's leaving and the clearing of what was theirs.
const inTurn = (person, job) => (navigator.locks ? navigator.locks.request(shelfOf(person), job) : job());
const plain = (address) => new URL(address, location.href).href.split("#")[0];

/** Keep an answer if the house allows it: whole, fresh, not redirected, for the person it names, who has not left since
 *  they asked for it (`asked`, ms). What it weighs, or false. */
export async function keepPage(address, reply, asked) {
  const person = /^u=([0-9a-f-]{36})$/.exec(reply.headers.get("X-Offline") ?? "")?.[1];
  if (!person || reply.redirected || reply.status !== 200) return false;
  const headers = new Headers(reply.headers);
  headers.set(AS_OF, String(asked)); // what came to the house after it was asked for may not be in it
  headers.delete("Content-Encoding");
  const body = await reply.blob();
  return inTurn(person, async () => {
    if (((await recall(`left:${person}`)) ?? 0) >= asked || await recall("leaving")) return false;
    await (await caches.open(shelfOf(person))).put(plain(address), new Response(body, { headers }));
    return body.size || 1;
  });
}

/** Keep where an address leads that is no page itself. */
export const keepWay = async (person, from, to) => (await caches.open(shelfOf(person))).put(plain(from),
  new Response(null, { status: 302, headers: { Location: plain(to) + new URL(to, location.href).hash, [AS_OF]: String(Date.now()) } }));

/** The copy for whoever is on this device now, or nothing. */
export async function copyOf(address) {
  const person = await recall("person");
  return person && (await caches.open(shelfOf(person))).match(plain(address), { ignoreVary: true });
}

export const keptAt = (copy) => Number(copy.headers.get(AS_OF));

/** Fetch a page onto the shelf for a person. Yields what it weighs; a page that the house refuses weighs nothing. */
export async function fetchPage(address, person) {
  // Nobody reads it now: what the house has to say on the next page is not said on this one, nor to whoever came since.
  const [headers, asked] = [{ "Outbox-Stock": person ?? await recall("person") }, Date.now()];
  const reply = await fetch(address, { cache: "no-store", redirect: "manual", credentials: "same-origin", headers });
  return keepPage(address, reply, asked);
}

/** What was visited longest ago makes room; what was taken along stays. */
export async function trim(person) {
  const aboard = await work(["aboard"], "readonly", (all) => all.getAll());
  const needed = new Set(aboard.flatMap((one) => [...one.pages, ...one.files, ...Object.keys(one.ways)]).map(plain));
  const shelf = await caches.open(shelfOf(person));
  const loose = (await shelf.keys()).filter(({ url }) => !needed.has(url));
  for (const request of loose.slice(0, Math.max(0, loose.length - MOST))) await shelf.delete(request);
}

/** Nothing of this person's pages stays. */
export async function clear(person) {
  await inTurn(person, () => globalThis.caches?.delete(shelfOf(person)));
  await forgetDelivered(person);
  await work(["aboard"], "readwrite", async (all) => {
    for (const one of await all.getAll()) if (one.person === person) await all.delete(one.id);
  });
}

// A copy older than what was just delivered would show it as never done.
async function refresh(touched) {
  const [person, aboard] = [await recall("person"), await work(["aboard"], "readonly", (all) => all.getAll())];
  const stale = new Set();
  for (const [owner, lane, page] of touched.filter(([owner]) => owner === person)) {
    const thing = page.split("?")[0].split("/").slice(0, 3).join("/");
    for (const one of aboard.filter((load) => load.person === owner)) {
      for (const address of one.pages) if (one.lane === lane || (thing.length > 1 && address.startsWith(thing))) stale.add(address);
    }
    if (await copyOf(page)) stale.add(page);
  }
  for (const address of stale) await fetchPage(address).catch(() => {});
}

listen(({ kind, touched }, here) => {
  if (kind === "idle" && here && touched?.length && globalThis.caches) refresh(touched).catch(() => {});
});
