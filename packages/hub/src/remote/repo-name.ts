const part = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?$/;

/** Whether a text has the form of a model's id on the hub: "owner/name" or "name". */
export function isRepoName(text: string): boolean {
  const parts = text.split("/");
  return parts.length <= 2 && parts.every((name) => part.test(name));
}
