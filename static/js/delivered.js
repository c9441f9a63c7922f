// What the house has taken is remembered a while: a page from before it would show it as never done.
import { recall, work } from "./store.js";

const [A_WEEK, MOST] = [7 * 24 * 3600_000, 300];

/** Note a deed as delivered now, within the transaction that crosses it out. */
export async function note(kv, { person, path, item, fields, lacks }) {
  const since = Date.now() - A_WEEK;
  const earlier = ((await kv.get("delivered")) ?? []).filter((one) => one.at > since && one.item !== item);
  await kv.put([...earlier, { person, path, item, fields, lacks, at: Date.now() }].slice(-MOST), "delivered");
}

/** What somebody's deeds were that the house has taken since a moment (ms), oldest first. */
export const deliveredSince = async (person, moment) =>
  ((await recall("delivered")) ?? []).filter((one) => one.person === person && one.at >= moment);

/** Nothing of this person's deeds stays. */
export const forgetDelivered = (person) => work(["kv"], "readwrite", async (kv) =>
  kv.put(((await kv.get("delivered")) ?? []).filter((one) => one.person !== person), "delivered"));
