import "./access.js";

// There is one way to sign in: when the session has ended, Piccolo's own form gives way to the house's.
const leave = () => {
  if (location.hash.startsWith("#/login")) location.replace("/sign-in?next=/admin/");
};
addEventListener("hashchange", leave);
new MutationObserver(leave).observe(document.documentElement, { childList: true, subtree: true });
leave();
