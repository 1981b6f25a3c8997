import type { Command } from 'commander';
import { contextOf } from '../context.js';
import type { Terminal } from '../terminal.js';

export function events(program: Command, terminal: Terminal): void {
  program
    .command('events')
    .description('follow what happens to a run, from its start to its end; with --json one object a line')
    .argument('<run_id>')
    .option('--after <event_id>', 'begin after this event')
    .action(async (runId: string, { after }: { after?: string }, command: Command) => {
      const { client, json } = contextOf(command, terminal);
      for await (const event of client.events(runId, { after })) {
        const { at, type, step, task_index, attempt } = event;
        const where = [step, task_index, attempt === null ? null : `attempt ${attempt}`].filter((part) => part !== null).join(' ');
        terminal.out(json ? JSON.stringify(event) : `${at}  ${type.padEnd(18)} ${where}`.trimEnd());
      }
    });
}
