import type { PieceReader, TokenModel } from "../steps.js";
import type { Stage, Steps } from "./stage.js";

/** Pieces of at most this many UTF-16 units are short. */
const shortPiece = 2_048;

/** Passes pieces to the model: short ones whole, long ones part by part. */
export class Modelling implements Stage {
  readonly #model: TokenModel;
  readonly #ids: number[];
  #piece = "";
  #reader: PieceReader | undefined;

  /** Appends to `ids` the ids that are final. */
  constructor(model: TokenModel, ids: number[]) {
    this.#model = model;
    this.#ids = ids;
  }

  *text(part: string): Steps {
    if (this.#reader) {
      yield* this.#reader.add(part);
      return;
    }
    this.#piece += part;
    if (this.#piece.length <= Math.max(shortPiece, this.#model.shortPiece())) return;
    this.#reader = this.#model.openPiece(this.#ids);
    const piece = this.#piece;
    this.#piece = "";
    yield* this.#reader.add(piece);
  }

  *end(): Steps {
    if (this.#reader) yield* this.#reader.end();
    else if (this.#piece !== "") this.#model.tokenize(this.#piece, this.#ids);
    this.#reader = undefined;
    this.#piece = "";
  }
}
