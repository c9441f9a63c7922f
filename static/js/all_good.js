// "The untouched rest is good": with a script each item is tapped by itself, so it works without a network too.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-all-good]");
  if (!button) return;
  event.preventDefault();
  for (const form of document.querySelectorAll("form[data-easy]")) {
    const good = form.querySelector("input[value=ok], input[type=checkbox][value=yes]");
    if (!good || form.querySelector("input[name=answer]:checked")) continue;
    good.checked = true;
    good.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
