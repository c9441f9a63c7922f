// Signing out: this person's pages go from the device at once; what waits stays and still goes out in their name.
// Without a network the sign-out itself waits, and the house hears of it before anything else.
import { personHere } from "./deeds.js";
import { clear } from "./pages.js";
import { signOutFirst, stepBack } from "./presence.js";
import { remember } from "./store.js";

async function leave(form) {
  await remember("leaving", [...new FormData(form)]); // first: a kill in the middle leaves nobody signed in
  await stepBack();
  await clear(personHere());
  if (await signOutFirst()) {
    await remember(`left:${personHere()}`, Date.now()); // what was asked for until the house knew, too, is theirs no more
    await clear(personHere());
    return location.replace("/sign-in");
  }
  navigator.serviceWorker?.ready.then(({ sync }) => sync?.register("outbox")).catch(() => {});
  return location.replace("/");
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches('form[action="/sign-out"]')) return;
  event.preventDefault();
  leave(event.target).catch(() => event.target.submit());
});
