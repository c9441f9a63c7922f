// A list of details that follows a choice made before it: only the group of what was chosen is offered.

/** `data-narrow="source"`: groups whose `data-of` is another value of the radios of that name cannot be chosen. They are
 *  in its own form, or in the one that `data-narrow-by` points at; without any group the list is not shown. */
export function narrow(select) {
  const by = () => (select.dataset.narrowBy && document.querySelector(select.dataset.narrowBy)) || select.form;
  const follow = () => {
    const chosen = by().querySelector(`[name="${select.dataset.narrow}"]:checked`)?.value;
    const groups = [...select.querySelectorAll("optgroup")];
    for (const group of groups) group.hidden = group.disabled = Boolean(chosen) && group.dataset.of !== chosen;
    if (select.selectedOptions[0]?.parentElement.disabled) select.value = "";
    if (select.dataset.narrowBy) select.closest(".field").hidden = !groups.some((group) => !group.hidden && group.children.length);
  };
  document.addEventListener("change", ({ target }) => target.name === select.dataset.narrow && target.form === by() && follow());
  follow();
}
