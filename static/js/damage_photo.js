// The photo of a new damage: made small, shown, and sent with the damage as one deed.
import { hash, refuse, shrink } from "./photo.js";

/** None is chosen yet. */
export function clear(form) {
  form.querySelector(".taken")?.remove();
  form.elements.original.value = "";
  refuse(form, false);
}

/** What was just chosen; what is no picture is refused here and now. */
export async function picture(input) {
  const [small, original] = await Promise.all([shrink(input.files[0]), hash(input.files[0])]);
  clear(input.form);
  refuse(input.form, !small);
  const basket = new DataTransfer();
  if (small) basket.items.add(small);
  input.files = basket.files;
  if (!small) return;
  input.form.elements.original.value = original;
  const image = Object.assign(document.createElement("img"), { className: "thumb taken", alt: "", src: URL.createObjectURL(small) });
  input.closest("label").before(image);
}
