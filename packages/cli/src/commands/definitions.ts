import type { Command } from 'commander';
import { wholeNumber } from '../arguments.js';
import { contextOf } from '../context.js';
import type { Terminal } from '../terminal.js';

interface ShowOptions {
  workflowVersion?: number;
  mermaid: boolean;
}

export function definitions(program: Command, terminal: Terminal): void {
  const group = program.command('definitions').description('workflows that may be started');

  group
    .command('list')
    .description('all of them, by slug')
    .option('--limit <number>', 'at most 200', wholeNumber, 200)
    .option('--cursor <cursor>', 'where the page before ended')
    .action(async (options: { limit: number; cursor?: string }, command: Command) => {
      const { client, show, json } = contextOf(command, terminal);
      const page = await client.definitions.list(options);
      show(page, (found) => found.definitions.map((definition) => ({ ...definition })));
      if (page.next_cursor !== null && !json) terminal.err(`more with --cursor ${page.next_cursor}`);
    });

  group
    .command('show')
    .description('the steps of one')
    .argument('<slug>')
    .option('--workflow-version <number>', 'instead of the active one', wholeNumber)
    .option('--mermaid', 'as the text of a Mermaid diagram', false)
    .action(async (slug: string, { workflowVersion, mermaid }: ShowOptions, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      const found = await client.definitions.get(slug, workflowVersion === undefined ? {} : { version: workflowVersion });
      if (mermaid) return terminal.out(found.mermaid.trimEnd());
      show(found, ({ definition }) =>
        definition.steps.map((step) => ({
          step: step.slug,
          kind: step.kind ?? 'single',
          after: step.over ?? step.depends_on?.join(', ') ?? '-',
          queue: step.queue ?? definition.queue ?? 'default',
          when_exhausted: step.when_exhausted ?? 'fail',
        })),
      );
    });
}
