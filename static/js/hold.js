// Whoever goes on while something is still being written down goes on once it is: nothing is lost between two pages.
const BUSY = "form[data-keep][aria-busy=true], form[data-taking]";
const isBusy = () => Boolean(document.querySelector(BUSY));

/** Go on as soon as everything is on the disk; stay when something could not be put there. */
function goOnLater(event, go) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const watch = new MutationObserver(() => { if (!isBusy()) { end(); go(); } });
  const end = () => { watch.disconnect(); document.removeEventListener("outbox:not-stored", end); };
  watch.observe(document, { subtree: true, childList: true, attributeFilter: ["aria-busy", "data-taking"] });
  document.addEventListener("outbox:not-stored", end);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]:not([target], [download], [href^='#'])");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (link && !elsewhere && isBusy()) goOnLater(event, () => link.click());
}, true);

document.addEventListener("submit", (event) => {
  if (isBusy() && !("keep" in event.target.dataset)) goOnLater(event, () => event.target.requestSubmit(event.submitter));
}, true);
