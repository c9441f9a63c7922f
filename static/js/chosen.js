// Adds up what was chosen so far: `data-own` holds a line's price in fen. Nothing is shown until something is chosen.
export function sum(form) {
  const place = form.querySelector("[data-total]");
  const yuan = new Intl.NumberFormat(place.dataset.language === "zh" ? "zh-CN" : "en", { style: "currency", currency: "CNY", currencyDisplay: "narrowSymbol" });
  const add = () => {
    const lines = [...form.querySelectorAll("[data-own]")];
    const chosen = lines.filter((line) => line.querySelector("input:checked"));
    const fen = lines.filter((line) => line.querySelector("input[value=agree]:checked")).reduce((all, line) => all + Number(line.dataset.own), 0);
    place.textContent = chosen.length ? yuan.format(fen / 100) : "–";
  };
  form.addEventListener("change", add);
  add();
}
