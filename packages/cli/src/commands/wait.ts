import type { Command } from 'commander';
import type { Run } from '@singularity-workflow/sdk/client';
import { duration } from '../arguments.js';
import { contextOf } from '../context.js';
import { runFacts } from '../run-rows.js';
import type { Terminal } from '../terminal.js';

/** The exit code that says: the run ended, and not as `completed`. */
export const EXIT_NOT_COMPLETED = 2;

export function wait(program: Command, terminal: Terminal): void {
  program
    .command('wait')
    .description(`wait for the end of a run; exit code ${EXIT_NOT_COMPLETED} when it failed or was cancelled`)
    .argument('<run_id>')
    .option('--timeout <duration>', 'for so long at most', duration)
    .action(async (runId: string, { timeout }: { timeout?: number }, command: Command) => {
      const context = contextOf(command, terminal);
      const run = await context.client.waitFor(runId, timeout === undefined ? {} : { timeoutMs: timeout });
      context.show(run, runFacts);
      exitFor(run, command);
    });
}

/** Ends a command that waited for a run with what became of it. */
export function exitFor({ run_id, status }: Run, command: Command): void {
  if (status !== 'completed') command.error(`run ${run_id} is ${status}`, { exitCode: EXIT_NOT_COMPLETED });
}
