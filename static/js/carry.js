// The queue as a file, for when all else fails: saved here, taken in on another device, sent from there once.
import { list, bytesOf, store } from "./outbox.js";
import { recall, remember } from "./store.js";

const FORMAT = "huanche-outbox";

const written = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
const read = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

/** Save what waits of one person; what was saved may then be deleted. */
export async function exportAll(person, name) {
  const ops = (await list()).filter((op) => op.person === person);
  const whole = await Promise.all(ops.map(async (op) => ({ ...op, bytes: written(await bytesOf(op.key)) })));
  const file = new Blob([JSON.stringify({ format: FORMAT, v: 1, saved: new Date().toISOString(), ops: whole })], { type: "application/json" });
  const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16).replace(/\D/g, "");
  const link = Object.assign(document.createElement("a"), { download: `${name}-${local}.json`, href: URL.createObjectURL(file) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  const before = (await recall("saved")) ?? [];
  await remember("saved", [...new Set([...before, ...ops.map((op) => op.key)])].slice(-5000));
}

export const wasSaved = async (op) => ((await recall("saved")) ?? []).includes(op.key);

// Its path must stay in this house however a browser reads it: a ticket goes with it.
const isDeed = ({ path, method, person }) => method === "POST" && Boolean(person)
  && String(path).startsWith("/") && new URL(path, location.href).origin === location.origin;

/** Take a saved file in; how many deeds it held, or -1 when they are somebody else's: whoever has a file may have
 *  written it, so nobody's name goes under it but that of who takes it in. Throws when it is no such file. */
export async function importFrom(file, here) {
  const { format, ops } = JSON.parse(await file.text());
  if (format !== FORMAT || !Array.isArray(ops) || !ops.every(isDeed)) throw new TypeError("not a file of waiting work");
  if (ops.some(({ person }) => person !== here)) return -1;
  // In its own order, with the keys it was born with.
  for (const { bytes, seq, ...op } of ops) await store(op, read(bytes));
  return ops.length;
}
