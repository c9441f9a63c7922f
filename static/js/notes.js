// A canned note becomes the written note and sets the severity, never a milder one than was chosen.
// What is not good wants a note: its line opens at once.
const GRAVITY = ["ok", "watch", "fault"];

function worsen(form, level) {
  const radios = [...form.querySelectorAll(".rag input")];
  const chosen = radios.find((radio) => radio.checked)?.value;
  if (GRAVITY.indexOf(level) <= GRAVITY.indexOf(chosen)) return;
  const wanted = radios.find((radio) => radio.value === level);
  if (wanted) wanted.checked = true;
}

document.addEventListener("change", ({ target }) => {
  if (target.matches(".rag input") && target.value !== "ok") target.form.querySelector("details")?.setAttribute("open", "");
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-note]");
  const note = button?.form?.elements.note;
  if (!note) return;
  event.preventDefault();
  const written = note.value.trim();
  if (!written.includes(button.value)) note.value = written ? `${written}；${button.value}` : button.value;
  worsen(button.form, button.dataset.level);
  note.dispatchEvent(new Event("change", { bubbles: true }));
});
