import { Command } from 'commander';
import { definitions } from './commands/definitions.js';
import { events } from './commands/events.js';
import { get } from './commands/get.js';
import { keys } from './commands/keys.js';
import { limits } from './commands/limits.js';
import { list } from './commands/list.js';
import { migrate } from './commands/migrate.js';
import { cancel, pause, resume, retry } from './commands/move.js';
import { orchestrator } from './commands/orchestrator.js';
import { prepareLinks } from './commands/prepare-links.js';
import { queues } from './commands/queues.js';
import { schedule } from './commands/schedule.js';
import { start } from './commands/start.js';
import { wait } from './commands/wait.js';
import { workers } from './commands/workers.js';
import { globalOptions } from './context.js';
import type { Terminal } from './terminal.js';

const COMMANDS = [
  start,
  get,
  wait,
  list,
  cancel,
  pause,
  resume,
  retry,
  events,
  schedule,
  workers,
  orchestrator,
  queues,
  definitions,
  keys,
  limits,
  migrate,
  prepareLinks,
];

/** `swf` with all its commands, saying what it has to say to `terminal`; a mistake is thrown and does not end the process. */
export function createProgram(terminal: Terminal): Command {
  const program = globalOptions(new Command('swf').description('Singularity Workflow from the command line'));
  program
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.err(text.trimEnd()) });
  for (const add of COMMANDS) add(program, terminal);
  return program;
}
