import { Option, type Command } from 'commander';
import type { Priority, StartRequest } from '@singularity-workflow/sdk/client';
import { duration, jsonOf, label, wholeNumber } from '../arguments.js';
import { contextOf } from '../context.js';
import { runFacts } from '../run-rows.js';
import type { Terminal } from '../terminal.js';
import { exitFor } from './wait.js';

interface StartOptions {
  tenant: string;
  input?: string;
  key?: string;
  workflowVersion?: number;
  runAt?: string;
  deadline?: string;
  priority?: Priority;
  label?: Record<string, string>;
  wait?: number;
}

export function start(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .description('start a run')
    .argument('<workflow>', 'slug of the workflow')
    .option('-t, --tenant <id>', 'tenant', 'default')
    .option('-i, --input <json>', 'input: JSON, @file, or - for standard input')
    .option('-k, --key <key>', 'idempotency key')
    .option('--workflow-version <number>', 'version of the workflow instead of the active one', wholeNumber)
    .option('--run-at <time>', 'do not begin before (RFC 3339)')
    .option('--deadline <time>', 'fail when not ended by then (RFC 3339)')
    .addOption(new Option('--priority <priority>', 'among the runs of its queues').choices(['low', 'normal', 'high']))
    .option('--label <name=value>', 'label; may be given again', label)
    .option('-w, --wait <duration>', 'wait for the end, for so long at most', duration)
    .action(async (workflow: string, options: StartOptions, command: Command) => {
      const context = contextOf(command, terminal);
      const started = await context.client.start(await requestOf(workflow, options, terminal));
      if (options.wait === undefined) return context.show(started, ({ run_id, status, existing }) => [{ run_id, status, existing }]);
      const run = await context.client.waitFor(started.run_id, { timeoutMs: options.wait });
      context.show(run, runFacts);
      exitFor(run, command);
    });
}

async function requestOf(workflow: string, options: StartOptions, terminal: Terminal): Promise<StartRequest> {
  const { tenant, input, key, workflowVersion, runAt, deadline, priority, label: labels } = options;
  return {
    tenant_id: tenant,
    workflow,
    ...(input !== undefined && { input: await jsonOf(input, terminal) }),
    ...(key !== undefined && { idempotency_key: key }),
    ...(workflowVersion !== undefined && { version: workflowVersion }),
    ...(runAt !== undefined && { run_at: runAt }),
    ...(deadline !== undefined && { deadline }),
    ...(priority !== undefined && { priority }),
    ...(labels !== undefined && { labels }),
  };
}
