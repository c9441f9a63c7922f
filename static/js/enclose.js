// Photos that go with a form: made small as soon as they are chosen, and shown until the form is kept.
import { refuse, shrink } from "./photo.js";

function clear(form) {
  for (const frame of form.querySelectorAll(".thumb[data-enclosed]")) {
    URL.revokeObjectURL(frame.firstChild.src);
    frame.remove();
  }
}

function preview(form, file) {
  const frame = Object.assign(document.createElement("span"), { className: "thumb" });
  frame.dataset.enclosed = "";
  frame.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name }));
  form.querySelector("label.add").before(frame);
}

async function enclose(form, input) {
  form.dataset.taking = ""; // whoever goes on now goes on once it is done
  const basket = new DataTransfer();
  const small = await Promise.all([...input.files].map(shrink));
  for (const file of small) if (file) basket.items.add(file);
  refuse(form, small.includes(null));
  input.files = basket.files;
  clear(form);
  for (const file of basket.files) preview(form, file);
  delete form.dataset.taking;
}

/** `data-encloses`: a form with photos among its fields. */
export function encloses(form) {
  form.addEventListener("change", ({ target }) => {
    if (target.type === "file" && target.files.length) enclose(form, target);
  });
  form.addEventListener("reset", () => clear(form));
}
