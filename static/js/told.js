// A deed that waits, in one line: when, and what was said in the person's own words where there are any.
const time = new Intl.DateTimeFormat(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
const size = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });

const SIGNS = { ok: "✓", yes: "✓", watch: "!", fault: "✕" };
const CODE = /^[a-z][a-z_]*$/; // the house's own word for a choice: nobody's reading

// As the house shows it: whoever looks over a shoulder learns no identity.
const masked = (number) => number.length > 8 ? number.slice(0, 3) + "*".repeat(number.length - 7) + number.slice(-4) : "****";

const word = ([name, value]) => name === "personal_number" ? masked(value) : (name === "answer" && SIGNS[value]) || value;

/** The line for a deed. */
export function told(op) {
  const words = op.fields.filter(([name, value]) => value && !/_at$|^(base|id|original|ink|role|_)/.test(name))
    .map(word).filter((one) => !CODE.test(one));
  const heavy = op.size > 20_000 ? [size.format(op.size / 1024)] : [];
  return [time.format(op.at), ...words.slice(0, 3), ...heavy].join(" · ");
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
