import { Option, type Command } from 'commander';
import type { WorkerApp, WorkerState } from '@singularity-workflow/sdk/client';
import { wholeNumber } from '../arguments.js';
import { contextOf } from '../context.js';
import type { Terminal } from '../terminal.js';

interface WorkersOptions {
  app?: WorkerApp;
  state?: WorkerState;
  limit: number;
}

export function workers(program: Command, terminal: Terminal): void {
  program
    .command('workers')
    .description('who is there, and what it does')
    .addOption(new Option('--app <app>').choices(['router', 'scheduler', 'executor', 'failover-monitor']))
    .addOption(new Option('--state <state>').choices(['active', 'deprecated', 'silent', 'stopped']))
    .option('--limit <number>', 'at most 200', wholeNumber, 50)
    .action(async (options: WorkersOptions, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      show(await client.workers.list(options), (page) =>
        page.workers.map(({ worker_id, app, state, host, pid, running, capacity, queues, last_heartbeat_at, address }) => ({
          worker_id,
          app,
          state,
          host: `${host}:${pid}`,
          running: app === 'executor' ? `${running}/${capacity}` : '-',
          queues: queues.join(',') || '-',
          last_heartbeat_at,
          address,
        })),
      );
    });
}
