// How long something has lasted, ticking; of what was begun on this device and not yet sent, by its own deed.
import { list } from "./outbox.js";

const told = (seconds) => [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");

/** `data-elapsed`: since `datetime`, or since the thing `data-of` was born here. */
export async function tick(place) {
  let since = Date.parse(place.dateTime);
  if (Number.isNaN(since)) since = (await list()).find(({ born }) => born === place.dataset.of)?.at ?? Date.now();
  const say = () => {
    place.textContent = told(Math.max(0, Math.floor((Date.now() - since) / 1000)));
    if (place.isConnected) setTimeout(say, 1_000);
  };
  say();
}
