/**
 * The arguments of one call of a kernel. They may be read during the call only: the caller of a kernel may change its
 * object afterwards. Once `expire` was called, reads are noted in `lateReads` and still give the right value.
 */
export class ExpiringArguments {
  /** The names of the arguments that were read too late. */
  readonly lateReads: Set<string> = new Set();

  expire(args: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(args)) {
      const get = () => {
        this.lateReads.add(name);
        return value;
      };
      Object.defineProperty(args, name, { get, enumerable: true, configurable: true });
    }
  }
}
