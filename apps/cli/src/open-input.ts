import { close, constants, createReadStream, fstat, open } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { addAbortSignal } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import { promisify } from "node:util";
import { refuseOwnPipe } from "./own-descriptor.js";

const openFile = promisify(open);
const statFile = promisify(fstat);
const closeFile = promisify(close);

/**
 * The bytes of a file, a named pipe, a terminal or a device. Neither opening nor reading blocks a
 * thread while no writer comes: such a thread could not be stopped, and the process would wait for
 * it when it ends. Aborting destroys the stream.
 */
export async function openInput(path: string | Buffer, signal: AbortSignal): Promise<Readable> {
  await refuseOwnPipe(path);
  const fd = await openFile(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await statFile(fd);
    return addAbortSignal(signal, streamOf(fd, found.isFIFO()));
  } catch (error) {
    await closeFile(fd);
    throw error;
  }
}

function streamOf(fd: number, isPipe: boolean): Readable {
  if (isPipe) return new Socket({ fd, readable: true, writable: false });
  if (isatty(fd)) return new ReadStream(fd);
  return createReadStream("", { fd });
}
