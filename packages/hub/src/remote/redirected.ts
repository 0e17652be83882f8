/** A request failed at the server that a redirect led to. */
export class RedirectedError extends Error {
  override readonly name = "RedirectedError";

  constructor(
    readonly url: string,
    cause: unknown,
  ) {
    super("the request failed after a redirect", { cause });
  }
}

/** A redirect that cannot be followed. Another attempt would fail too. */
export class RefusedRedirectError extends Error {
  override readonly name = "RefusedRedirectError";
}

/** Describes a host that a redirect leads to. `file`: undefined for questions about the model. */
export function roleOf(file: string | undefined): string {
  return file === undefined ? "to which the hub redirects" : "where the hub keeps the file";
}

/** The host that answered; undefined when it is the host that was requested. */
export function otherHost({ url }: Response, asked: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host } = new URL(url);
  return host === new URL(asked).host ? undefined : host;
}

/** The host that a redirect led to, for messages. */
export function redirectOf(response: Response, asked: string): string {
  return otherHost(response, asked) === undefined
    ? ""
    : `, redirected to ${new URL(response.url).origin},`;
}
