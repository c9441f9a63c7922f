// Whoever does on another day what was agreed for one has to say so; a copy may be looked at on any day.
/** `data-another-day="2026-11-24"`, shown and asked for on every other day of the store's calendar (`data-zone`). */
export function anotherDay(place) {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: place.dataset.zone, dateStyle: "short" }).format();
  place.hidden = today === place.dataset.anotherDay;
  for (const field of place.querySelectorAll("input")) field.disabled = place.hidden;
}
