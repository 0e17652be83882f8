import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { onTestFinished } from "vitest";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The calls to the system during a conversion, except those that remove the result again. */
const asynchronous = ["mkdir", "access", "lstat", "readdir", "realpath", "rename", "stat"];
const synchronous = ["openSync", "readSync"];

/**
 * Calls `step` before each of these calls until the test ends; an error that it throws is thrown by
 * the call.
 */
export function beforeEveryCall(step: (name: string) => void): void {
  const undo: (() => void)[] = [];
  const put = (object: object, name: string, wrap: (original: Method) => Method) => {
    const methods = object as Record<string, Method>;
    const original = methods[name];
    if (original === undefined) throw new Error(`there is no ${name}`);
    methods[name] = wrap(original);
    undo.push(() => {
      methods[name] = original;
    });
  };
  const rejecting = (name: string) => (original: Method) =>
    async function (this: unknown, ...args: unknown[]) {
      step(name);
      return original.apply(this, args);
    };
  const throwing = (name: string) => (original: Method) =>
    function (this: unknown, ...args: unknown[]) {
      step(name);
      return original.apply(this, args);
    };
  for (const name of asynchronous) put(fs.promises, name, rejecting(name));
  for (const name of synchronous) put(fs, name, throwing(name));
  put(fs.promises, "open", (original) => async (...args) => {
    step("open");
    const file = (await original(...args)) as object;
    put(file, "write", rejecting("write"));
    put(file, "createReadStream", throwing("createReadStream"));
    // Skips the sync to disk, which takes time for each of hundreds of files.
    for (const name of ["sync", "datasync"]) put(file, name, () => async () => step(name));
    return file;
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    for (const each of undo.toReversed()) each();
    syncBuiltinESMExports();
  });
}

/** The error as Node throws it. */
export function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: it failed, ${syscall}`), { code, syscall });
}
