import { expect, test } from "vitest";
import { explainFailure } from "../src/load-failure.js";

const names = {
  platformPackage: "ripvec-driver-toy-linux-x64",
  tag: "linux-x64",
  environmentVariable: "RIPVEC_TOY_BINARY",
  help: "https://example.com/toy",
};

/** What the loaders print, without the lines that follow. */
const messages: [string, RegExp, RegExp][] = [
  [
    "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /a/x.node)",
    /^it needs glibc 2\.34,/,
    /newer glibc/,
  ],
  [
    "libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory",
    /^it is for musl/,
    /linux-x64/,
  ],
  [
    "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /a/x.node)",
    /^it is for glibc/,
    /linux-x64/,
  ],
  [
    "Error relocating /a/x.node: __memcpy_chk: symbol not found",
    /^it is for glibc/,
    /RIPVEC_TOY_BINARY/,
  ],
  [
    "dlopen(/a/x.node, 0x0001): tried: '/a/x.node' (mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64'))",
    /another platform/,
    /instead of copying node_modules/,
  ],
  [
    "\\\\?\\C:\\a\\x.node is not a valid Win32 application.",
    /another platform/,
    /instead of copying node_modules/,
  ],
  ...[
    "/a/x.node: cannot read file data: Input/output error",
    "/a/x.node: wrong ELF class: ELFCLASS32",
    "/a/x.node: object file has no loadable segments",
    "/a/x.node: unsupported version 0 of Verneed record",
    "/a/x.node: cannot dynamically load executable",
  ].map((text): [string, RegExp, RegExp] => [
    text,
    /damaged, or not an addon/,
    /delete the folder/,
  ]),
  ["Module did not self-register: '/a/x.node'.", /damaged, or not an addon/, /delete the folder/],
  [
    "/a/x.node: cannot open shared object file: Permission denied",
    /may not read/,
    /right to read the file/,
  ],
  [
    "/a/x.node: failed to map segment from shared object",
    /noexec/,
    /file system from which programs may run/,
  ],
  [
    "Cannot load native addon because loading addons is disabled.",
    /^Node does not allow/,
    /--no-addons/,
  ],
  [
    'Requires ffi access to "/a/x.node", run again with the --allow-ffi flag',
    /^Deno does not allow/,
    /--allow-ffi --allow-read --allow-sys/,
  ],
  ["something new", /^something new$/, /https:\/\/example\.com\/toy/],
];

test.each(messages)("%s", (message, reason, remedy) => {
  const failure = explainFailure(new Error(`${message}\nmore`), names);
  expect(failure.reason).toMatch(reason);
  expect(failure.reason).toContain(message);
  expect(failure.remedy).toMatch(remedy);
});
