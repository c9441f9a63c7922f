// Signing out: this person's pages go from the device at once; what waits stays and still goes out in their name.
// Without a network the sign-out itself waits, and the house hears of it before anything else.
import { personHere } from "./deeds.js";
import { clear } from "./pages.js";
import { forget, recall, remember } from "./store.js";

async function leave(form) {
  const body = new URLSearchParams(new FormData(form));
  const person = personHere();
  await remember("gone", [...new Set([...((await recall("gone")) ?? []), person])]);
  await forget("person");
  await clear(person);
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(5_000) });
    location.replace("/sign-in");
  } catch {
    await remember("leaving", [...body]);
    location.replace("/");
  }
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches('form[action="/sign-out"]')) return;
  event.preventDefault();
  leave(event.target).catch(() => event.target.submit());
});
