// What was typed and not sent outlives a change of language: kept in this tab, given back on the same page.
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button"]);
const place = () => `typed:${location.pathname}`;
const fields = () => [...document.querySelectorAll("main form:not(.lang):not([data-keep]):not([data-ink])")].flatMap((form) =>
  [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type)));

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.lang")) return;
  const typed = fields().map((field) => [field.name, field.value, field.checked ?? null]);
  const next = event.target.elements.next?.value ?? location.pathname;
  sessionStorage.setItem(`typed:${new URL(next, location.href).pathname}`, JSON.stringify(typed));
});

function giveBack(field, value, checked) {
  const ticked = ["checkbox", "radio"].includes(field.type);
  if (ticked ? field.value !== value || field.checked === checked : field.value === value) return;
  if (ticked) field.checked = checked;
  else field.value = value;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

// After everything else has taken its place, so that checks while typing run once more.
addEventListener("load", () => setTimeout(() => {
  const kept = JSON.parse(sessionStorage.getItem(place()) ?? "[]");
  sessionStorage.removeItem(place());
  for (const [name, value, checked] of kept) {
    for (const field of fields().filter((one) => one.name === name)) giveBack(field, value, checked);
  }
}));
