// Runs a behaviour on every element that carries its mark, now and after each swap.
const done = new WeakMap();

export function attach(selector, behaviour) {
  done.set(behaviour, new WeakSet());
  const look = () => {
    for (const element of document.querySelectorAll(selector)) {
      if (done.get(behaviour).has(element)) continue;
      done.get(behaviour).add(element);
      behaviour(element);
    }
  };
  look();
  document.addEventListener("htmx:after:process", look);
}
