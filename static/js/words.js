// What a form says, in the words its person saw: a choice by its label, never by the code or the identity behind it.
const SILENT = new Set(["hidden", "password", "file", "submit", "button"]);

// As the house shows it: whoever looks over a shoulder learns no identity.
const masked = (number) => number.length > 8 ? number.slice(0, 3) + "*".repeat(number.length - 7) + number.slice(-4) : "****";

const spoken = (text) => text?.replace(/\s+/g, " ").trim() ?? "";

function said(field) {
  if (!field.name || SILENT.has(field.type) || field.matches(":disabled")) return "";
  if (field.options) return field.value && [...field.selectedOptions].map((one) => spoken(one.textContent)).join(", ");
  if (["checkbox", "radio"].includes(field.type)) return field.checked ? spoken(field.labels?.[0]?.textContent) || "✓" : "";
  if (field.name === "personal_number" && field.value) return masked(field.value.trim());
  return spoken(field.type === "datetime-local" ? field.value.replace("T", " ") : field.value);
}

/** What was filled in, one word or line each, and which button was pressed where it had a choice of them. */
export function wordsOf(form, submitter) {
  const pressed = submitter?.name ? [spoken(submitter.textContent)] : [];
  return [...[...form.elements].map(said), ...pressed].filter(Boolean);
}

/** Whom or what the page is about, where its label does not say so. */
export function aboutOf(label) {
  const heads = ["main h1", "main [data-unsent]"].map((one) => spoken(document.querySelector(one)?.textContent));
  return heads.find((one) => one && !label.includes(one)) ?? "";
}
