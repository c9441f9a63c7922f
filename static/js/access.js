// Piccolo's pages for everybody: where things are and what they are called, for those who do not see them.
// The words are the house's own and come with the page, on <html data-…>.
const words = document.documentElement.dataset;

function give(element, attribute, value) {
  if (element && element[attribute] !== value) element[attribute] = value; // writing the same would be heard as a change
}

function landmarks() {
  const find = (place) => document.querySelector(place);
  const main = find(".wrapper > :not(.sidebar_wrapper)") ?? find("#nav ~ :not(.wrapper)");
  for (const former of document.querySelectorAll("[role=main]")) if (former !== main) former.role = null;
  give(find("#nav"), "role", "banner");
  give(find(".sidebar_wrapper"), "role", "navigation");
  give(main, "role", "main");
}

/** The label that stands above a field, else what the page calls such a thing. */
function nameOf(element) {
  if (element.matches("#burger_menu *")) return words.menu;
  if (element.matches("[type=checkbox]")) return words.choose;
  const label = element.closest("div:has(> label)")?.querySelector("label")?.textContent.trim();
  return label || (element.matches("a") ? words.open : words.pages);
}

function names() {
  for (const element of document.querySelectorAll("a, input, select, textarea")) {
    const named = element.ariaLabel || element.title || (element.matches("a") && element.textContent.trim());
    if (!named) element.ariaLabel = nameOf(element);
  }
  for (const head of document.querySelectorAll("th:not([role])")) if (!head.textContent.trim()) head.role = "cell";
}

function look() {
  landmarks();
  names();
}

new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
look();
