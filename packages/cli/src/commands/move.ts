import type { Command } from 'commander';
import type { Moved } from '@singularity-workflow/sdk/client';
import { contextOf, type Context } from '../context.js';
import type { Terminal } from '../terminal.js';

// Commands that move runs from one state to another, each for as many as are named. The first that is refused ends the command.

export function cancel(program: Command, terminal: Terminal): void {
  const command = program.command('cancel').description('cancel runs').option('--reason <text>', 'is kept with the run');
  forEachRun(command, terminal, ({ client }, runId) => client.cancel(runId, command.opts<{ reason?: string }>()));
}

export function pause(program: Command, terminal: Terminal): void {
  const command = program.command('pause').description('stop new claims of runs; what runs goes on to its end');
  forEachRun(command, terminal, ({ client }, runId) => client.pause(runId));
}

export function resume(program: Command, terminal: Terminal): void {
  const command = program.command('resume').description('let paused runs go on');
  forEachRun(command, terminal, ({ client }, runId) => client.resume(runId));
}

export function retry(program: Command, terminal: Terminal): void {
  const command = program
    .command('retry')
    .description('run again what failed or was cancelled')
    .option('--from <where>', 'failed, start, or the slug of a step', 'failed');
  forEachRun(command, terminal, ({ client }, runId) => client.retry(runId, command.opts<{ from: string }>()));
}

function forEachRun(command: Command, terminal: Terminal, move: (context: Context, runId: string) => Promise<Moved>): void {
  command.argument('<run_id...>').action(async (runIds: string[]) => {
    const context = contextOf(command, terminal);
    const moved: Moved[] = [];
    for (const runId of runIds) moved.push(await move(context, runId));
    context.show(moved, (all) => all.map(({ run_id, status, changed }) => ({ run_id, status, changed })));
  });
}
