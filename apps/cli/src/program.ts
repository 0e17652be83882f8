import { printable } from "@ripvec/core";
import { Command } from "commander";
import { benchCommand } from "./commands/bench.js";
import { convertCommand } from "./commands/convert.js";
import { doctorCommand } from "./commands/doctor.js";
import { embedCommand } from "./commands/embed.js";
import { searchCommand } from "./commands/search.js";
import type { Io } from "./io.js";
import { packageVersion } from "./package-version.js";

const examples = `
Examples:
  ripvec search "where are retries configured" src docs
  ripvec embed "hello world" --model BAAI/bge-small-en-v1.5
  ripvec convert BAAI/bge-small-en-v1.5 --dtype i8 --out bge-small-i8
  ripvec doctor
  ripvec bench --lengths 32x128

Each command has its own help: ripvec help search

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.
`;

/** The command line for commander. It throws instead of ending the process. */
export function createProgram(io: Io): Command {
  const program = new Command("ripvec")
    .description("Text embeddings and semantic search on your own machine.")
    .version(`ripvec ${packageVersion()}`, "-V, --version", "print the version")
    .option("--debug", "print the stack of an error")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .addHelpText("after", examples)
    .showSuggestionAfterError(true);
  const commands = [
    embedCommand(io),
    searchCommand(io),
    convertCommand(io),
    doctorCommand(io),
    benchCommand(io),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) prepare(command, io);
  return program;
}

/** commander does not apply these settings to commands that are added. */
function prepare(command: Command, io: Io): void {
  command
    .exitOverride()
    .helpOption("-h, --help", "print help")
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(`${printable(text.trim().replace("\n(Did", " (Did"))}\n`),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    });
}
