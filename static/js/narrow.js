// A list of details that follows a choice made before it: only the group of what was chosen is offered.

/** `data-narrow="source"`: groups whose `data-of` is another value of the radios of that name cannot be chosen. */
export function narrow(select) {
  const form = select.form;
  const follow = () => {
    const chosen = form.querySelector(`[name="${select.dataset.narrow}"]:checked`)?.value;
    for (const group of select.querySelectorAll("optgroup")) group.hidden = group.disabled = Boolean(chosen) && group.dataset.of !== chosen;
    if (select.selectedOptions[0]?.parentElement.disabled) select.value = "";
  };
  form.addEventListener("change", ({ target }) => target.name === select.dataset.narrow && follow());
  follow();
}
