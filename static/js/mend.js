// Refused before the eyes of its person: what is wrong stands at the field, so it is theirs to put right or to leave, and
// nothing that waits. What was typed stays as a draft. Bytes that nobody types again, of a photo or a signature, stay kept.
import { itemOf } from "./deeds.js";
import { keepRefused } from "./drafts.js";
import { list, remove } from "./outbox.js";

const WRONG = ".wrong, .error:not([hidden]), .notice.bad";
const isTyped = ({ adds, fields }) => !adds && !fields.some(([name, value]) => name === "ink" && value);

/** Take a refused deed out of the queue if its form stands here again, with what is wrong. */
export async function handBack(op) {
  const form = [...document.querySelectorAll("form[data-keep]:not([data-keep=change])")].find((one) => itemOf(one) === op.item);
  if (!form || !(form.closest("main") ?? form).querySelector(WRONG)) return;
  const all = await list();
  const refused = all.find(({ key, state }) => key === op.key && state === "attention");
  const awaited = op.born && all.some(({ key, mentions }) => key !== op.key && mentions?.includes(op.born));
  if (!refused || !isTyped(refused) || awaited) return;
  await keepRefused(form);
  await remove(refused);
}
