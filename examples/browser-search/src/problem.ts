import { type DriverUnavailableError, isRipvecError } from "@ripvec/core";
import type { DownloadError } from "@ripvec/hub/browser";

/** What went wrong, in words for the user of the page. */
export interface Problem {
  readonly title: string;
  /** What to do about it. */
  readonly advice: readonly string[];
  /** The message of the error itself. */
  readonly details?: string | undefined;
}

/** Describes any error of loading, indexing or searching. */
export function explain(error: unknown): Problem {
  const details = error instanceof Error ? error.message : String(error);
  return { ...wordsFor(error, details), details };
}

function wordsFor(error: unknown, details: string): Problem {
  if (!isRipvecError(error)) {
    return {
      title: "Something went wrong in the page.",
      advice: ["Load the model again. If it happens again, reload the page."],
    };
  }
  switch (error.code) {
    case "DRIVER_UNAVAILABLE":
      return {
        title: "This browser does not give the page access to a GPU.",
        advice: [(error as DriverUnavailableError).remedy],
      };
    case "DEVICE":
      return /was lost/.test(details) ? lostDevice : failedDevice;
    case "DOWNLOAD":
      return wordsForDownload((error as DownloadError).failure);
    case "INPUT":
      return {
        title: "The model was not found.",
        advice: [
          'Write a Hugging Face id such as "BAAI/bge-small-en-v1.5", or the URL of a folder.',
        ],
      };
    case "MODEL_FILE":
      return {
        title: "The model's files are incomplete or broken.",
        advice: ["Choose a model that has config.json, tokenizer.json and model.safetensors."],
      };
    case "UNSUPPORTED":
      return {
        title: "This page cannot run that model.",
        advice: [
          "Choose a model of the BERT family (BGE, E5, GTE, MiniLM, Snowflake Arctic), or other weights.",
        ],
      };
    default:
      return { title: "The model cannot be used.", advice: ["Choose another model."] };
  }
}

const lostDevice: Problem = {
  title: "The browser took the GPU away from the page.",
  advice: [
    "Load the model again: your texts are kept and will be indexed again.",
    "If it happens again, close other pages that use the GPU, or choose a smaller model.",
  ],
};

const failedDevice: Problem = {
  title: "The GPU failed.",
  advice: ["Choose a smaller model or f16 weights, or close other pages that use the GPU."],
};

function wordsForDownload(failure: DownloadError["failure"]): Problem {
  switch (failure) {
    case "not-found":
      return {
        title: "There is no model at that address.",
        advice: ["Check the spelling of the id or URL."],
      };
    case "access":
      return {
        title: "The server denies access to that model.",
        advice: ["Choose a public model."],
      };
    case "integrity":
      return {
        title: "The downloaded data differs from what the server announced.",
        advice: ["Load the model again."],
      };
    default:
      return {
        title: "The model could not be downloaded.",
        advice: [
          "Check the connection and load the model again: complete files are kept.",
          "Your own server must allow requests from this page (Access-Control-Allow-Origin).",
        ],
      };
  }
}
