import type { Command } from 'commander';
import { contextOf } from '../context.js';
import type { Terminal } from '../terminal.js';

export function queues(program: Command, terminal: Terminal): void {
  program
    .command('queues')
    .description('how much waits, and what no live worker can run')
    .action(async (_options: object, command: Command) => {
      const { client, show, json } = contextOf(command, terminal);
      const answer = await client.queues();
      show(answer, (found) => found.queues.map((queue) => ({ ...queue, oldest_seconds: Math.round(queue.oldest_seconds) })));
      if (json) return;
      for (const { workflow, step, queue, tasks } of answer.stuck) {
        terminal.err(`nobody can run ${workflow}.${step}: ${tasks} tasks wait in ${queue}`);
      }
    });
}
