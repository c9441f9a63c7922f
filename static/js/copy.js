// Copies an address; where the browser does not give its clipboard, it is selected so that a long press copies it.
export function copy(place) {
  const field = place.querySelector("input");
  const button = place.querySelector("button");
  const words = button.querySelector("span");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.focus();
      field.select();
      if (!document.execCommand("copy")) return;
    }
    words.textContent = button.dataset.done;
  });
}
