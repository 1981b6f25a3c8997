import { Option, type Command } from 'commander';
import type { RunStatus } from '@singularity-workflow/sdk/client';
import { label, wholeNumber } from '../arguments.js';
import { contextOf } from '../context.js';
import { runRow } from '../run-rows.js';
import type { Terminal } from '../terminal.js';

const STATUSES: readonly RunStatus[] = ['scheduled', 'started', 'paused', 'completed', 'failed', 'cancelled'];

interface ListOptions {
  tenant?: string;
  workflow?: string;
  status?: RunStatus[];
  label?: Record<string, string>;
  limit: number;
  cursor?: string;
}

export function list(program: Command, terminal: Terminal): void {
  program
    .command('list')
    .description('list runs, newest first')
    .option('-t, --tenant <id>')
    .option('--workflow <slug>')
    .addOption(new Option('--status <status...>').choices(STATUSES))
    .option('--label <name=value>', 'all of them must fit; may be given again', label)
    .option('--limit <number>', 'at most 200', wholeNumber, 20)
    .option('--cursor <cursor>', 'where the page before ended')
    .action(async ({ tenant, label: labels, ...query }: ListOptions, command: Command) => {
      const { client, show, json } = contextOf(command, terminal);
      const page = await client.list({
        ...query,
        ...(tenant !== undefined && { tenant_id: tenant }),
        ...(labels !== undefined && { labels }),
      });
      show(page, ({ runs }) => runs.map(runRow));
      if (page.next_cursor !== null && !json) terminal.err(`more with --cursor ${page.next_cursor}`);
    });
}
