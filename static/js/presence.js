// Whose device it is now. Whoever goes is remembered until nothing of theirs waits here any more.
import { forget, recall, remember } from "./store.js";

const PATIENCE = 5_000; // ms

/** Nobody is here until the next page says who; whoever was. */
export async function stepBack() {
  const person = await recall("person");
  await remember("gone", [...new Set([...((await recall("gone")) ?? []), person])].filter(Boolean));
  if (person) await remember(`left:${person}`, Date.now());
  await forget("person");
  return person;
}

/** Tell the house of a signing out that it has not heard of yet. False until it has: a gateway's answer is none. */
export async function signOutFirst() {
  const leaving = await recall("leaving");
  if (!leaving) return true;
  const headers = { "HX-Request": "true" }; // the word of goodbye is for the page that follows
  try {
    const reply = await fetch("/sign-out", { method: "POST", headers, body: new URLSearchParams(leaving), signal: AbortSignal.timeout(PATIENCE) });
    if (reply.status >= 500 || !reply.headers.has("X-Request-Id")) return false;
    await forget("leaving");
    return true;
  } catch {
    return false;
  }
}
