/** A mistake in what the user asked for. The message is printed without a stack. */
export class CreateError extends Error {
  override readonly name = "CreateError";
}
