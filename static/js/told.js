// A deed that waits, in one line: when, and what was said in the person's own words where there are any.
import { moment as time } from "./moments.js";

const size = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });

const SIGNS = { ok: "✓", yes: "✓", watch: "!", fault: "✕" };
const CODE = /^[a-z][a-z_]*$/; // the house's own word for a choice: nobody's reading

const IDENTITY = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;

// Kept by an older version, which did not write down what its person read.
const guessed = (op) => op.fields
  .filter(([name, value]) => value && !/_at$|^(base|id|original|ink|role|personal_number|_)/.test(name))
  .map(([name, value]) => (name === "answer" && SIGNS[value]) || value).filter((one) => !CODE.test(one) && !IDENTITY.test(one));

// Whoever looks over a shoulder reads no more of a telephone here than on any other page.
const masked = (word) => word.replace(/^(\+?\d{3})[\d -]{3,}(\d{4})$/, "$1****$2");

/** The line for a deed. */
export function told(op) {
  const words = [op.about, ...(op.words ?? guessed(op))].filter(Boolean);
  const heavy = op.size > 20_000 ? [size.format(op.size / 1024)] : [];
  return [time.format(op.at), ...words.slice(0, 4).map(masked), ...heavy].join(" · ");
}

/** Whoever or whatever was made here and is not at the house, each with the way to its page. */
export function newHere(place, mine) {
  const made = mine.filter(({ born, path }) => born && path === place.dataset.newHere);
  place.querySelector("ul").replaceChildren(...made.map((op) => {
    const [line, way, said] = ["li", "a", "small"].map((kind) => document.createElement(kind));
    const name = op.fields.find(([field]) => field === "name")?.[1] ?? op.label;
    Object.assign(way, { href: `${op.path}/${op.born}`, textContent: `${op.state === "attention" ? "!" : "↑"} ${name} ` });
    said.textContent = told(op);
    line.append(way, said);
    return line;
  }));
  place.hidden = !made.length;
}

/** What waits for somebody who is new here themselves, one line each. */
export function hang(place, mine) {
  const lines = mine.filter(({ mentions }) => mentions?.includes(place.dataset.hanging)).map((op) => {
    const [line, said] = [document.createElement("li"), document.createElement("small")];
    said.textContent = told(op);
    line.append(`${op.state === "attention" ? "!" : "↑"} ${op.label} `, said);
    return line;
  });
  place.replaceChildren(...lines);
  place.hidden = !lines.length;
}
