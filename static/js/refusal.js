// The house's words for a refused form, as they stand at its fields: kept for when its person comes to look.
const AT_FIELD = /id="([\w-]+)-error"[^>]*>([^<]+)</g;

export const wrongIn = (text = "") => Object.fromEntries([...text.matchAll(AT_FIELD)].map(([, field, said]) => [field, said]));
