// Tells at once when a VIN's check digit does not fit (ISO 3779). It warns and never blocks:
// cars not built for North America need not carry one.
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const worth = (sign) => (/\d/.test(sign) ? Number(sign) : VALUES[sign]);
const VALUES = Object.fromEntries([..."ABCDEFGH"].map((letter, i) => [letter, i + 1])
  .concat([..."JKLMN"].map((letter, i) => [letter, i + 1]), [["P", 7], ["R", 9]], [..."STUVWXYZ"].map((letter, i) => [letter, i + 2])));

export function fits(vin) {
  const sum = [...vin].reduce((total, sign, place) => total + worth(sign) * WEIGHTS[place], 0);
  return "0123456789X"[sum % 11] === vin[8];
}

/** A VIN has 17 signs and no I, O or Q; a barcode may put an I before it. */
export function clean(text) {
  const found = text.toUpperCase().replace(/[^A-Z0-9]/g, "").match(/[A-HJ-NPR-Z0-9]{17}/);
  return found?.[0] ?? null;
}

function check(input) {
  const warning = document.getElementById(`${input.id}-caution`);
  if (!warning) return;
  const vin = input.value.trim().toUpperCase();
  const doubtful = vin.length === 17 && (!clean(vin) || !fits(vin));
  warning.textContent = doubtful ? warning.dataset.warning : "";
  warning.hidden = !doubtful;
}

document.addEventListener("input", ({ target }) => { if (target.matches?.("[data-vin]")) check(target); });
for (const input of document.querySelectorAll("[data-vin]")) check(input);
