/**
 * A URL for messages: without user, password, query and fragment, because queries may hold
 * signatures.
 */
export function publicUrl(url: string): string {
  if (!URL.canParse(url)) return "an address that is not a URL";
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search === "" ? "" : "?…"}`;
}

/** A URL without its user and password, and the Authorization header that these make. */
export function splitCredentials(url: URL): { url: URL; authorization: string | undefined } {
  if (url.username === "" && url.password === "") return { url, authorization: undefined };
  const pair = `${decodeUserInfo(url.username)}:${decodeUserInfo(url.password)}`;
  const bytes = new TextEncoder().encode(pair);
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return { url: bare, authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** The part of a message that quotes the value of a setting; "" when it may hold a password. */
export function shownSetting(value: string): string {
  if (value.includes("@")) return "";
  return `, got ${JSON.stringify(value.replace(/[?#].*/s, "?…"))}`;
}

/**
 * A user or a password of a URL, decoded. A percent sign that does not begin an escape stands for
 * itself.
 */
export function decodeUserInfo(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
