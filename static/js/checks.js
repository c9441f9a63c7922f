// What the page itself can see to be wrong is said at the field at once, and nothing is kept of it: by the limits that the
// house wrote there (`required`, `pattern`, a number's own), in the words of the page. What it cannot see the house says.
import { words } from "./tally.js";

const isChoice = (field) => field.options || ["radio", "checkbox"].includes(field.type);
const placeOf = (field) => field.closest(".field") ?? field.closest("fieldset.kept, .item") ?? field.parentElement;

/** What a person wrote as a number, as the house reads it; NaN when it is none. */
export const numberIn = ({ value }) => Number(value.normalize("NFKC").replaceAll(",", "").replaceAll("。", "."));

// `data-when="field=value"`: asked for while that is chosen in its form, and looked at by nobody before.
function isAsked({ form, dataset }) {
  const [name, value] = dataset.when.split("=");
  return new FormData(form).get(name) === value;
}

function faultOf(field) {
  if (field.willValidate === false) return "";
  if (field.dataset.when) {
    if (!isAsked(field)) return "";
    if (!field.value.trim()) return words.missing;
  }
  if ("number" in field.dataset && field.value.trim()) {
    const [number, least] = [numberIn(field), Number(field.dataset.least ?? 0)];
    return Math.abs(number) < 1e8 && (number >= 0 || least < 0) ? "" : words.number;
  }
  if (field.validity.valueMissing || (field.required && "value" in field && !isChoice(field) && !field.value.trim())) {
    return isChoice(field) ? words.choose : words.missing;
  }
  return field.validity.valid ? "" : field.dataset.wrong ?? field.validationMessage;
}

function unsay(place) {
  if (!place.querySelector("[data-check]")) return;
  place.classList.remove("wrong");
  place.querySelector("[data-check]").remove();
  for (const one of place.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
}

function say(field, fault) {
  const place = placeOf(field);
  for (const old of place.querySelectorAll(".error")) old.remove();
  const error = Object.assign(document.createElement("p"), { className: "error", id: `${field.id || field.name}-error`, textContent: fault });
  error.role = "alert";
  error.dataset.check = "";
  place.classList.add("wrong");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", error.id);
  place.append(error);
}

/** Whether a form may be kept; else what is wrong stands at its fields, and the first of them has the focus. */
export function passes(form) {
  const told = new Map();
  for (const field of form.elements) {
    const [fault, place] = [faultOf(field), placeOf(field)];
    if (fault && !told.has(place)) told.set(place, [field, fault]);
  }
  for (const field of form.elements) if (!told.has(placeOf(field))) unsay(placeOf(field));
  for (const [field, fault] of told.values()) say(field, fault);
  if (form.dataset.keep !== "change") told.values().next().value?.[0].focus();
  return !told.size;
}

const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

/** What the house has said of a form that was refused while nobody looked: at each field its word. */
export function tellWrong(form, wrong) {
  const at = Object.entries(wrong).map(([name, said]) => [form.querySelector(`[name="${name}"]:not([type=hidden])`), said]);
  for (const [field, said] of at) if (field?.form === form) say(field, plain(said));
  form.querySelector("[data-check]")?.closest(".field")?.querySelector("input, select, textarea")?.focus();
}

document.addEventListener("input", ({ target }) => {
  if (target.form && placeOf(target)?.querySelector("[data-check]") && !faultOf(target)) unsay(placeOf(target));
});
