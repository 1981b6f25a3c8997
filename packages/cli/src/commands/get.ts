import type { Command } from 'commander';
import { contextOf } from '../context.js';
import { runFacts } from '../run-rows.js';
import type { Terminal } from '../terminal.js';

export function get(program: Command, terminal: Terminal): void {
  program
    .command('get')
    .description('show a run; with --steps its steps and failed attempts')
    .argument('<run_id>')
    .option('--steps', 'its steps instead', false)
    .action(async (runId: string, { steps }: { steps: boolean }, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      if (!steps) return show(await client.get(runId), runFacts);
      show(await client.steps(runId), (answer) =>
        answer.steps.map(({ step, kind, status, tasks_total, tasks_left, tasks, error, skip_reason }) => ({
          step,
          kind,
          status,
          tasks: tasks_total === null ? '-' : `${tasks_total - (tasks_left ?? 0)}/${tasks_total}`,
          failed_attempts: tasks.reduce((sum, task) => sum + task.attempts.length, 0),
          why: error?.message ?? skip_reason,
        })),
      );
    });
}
