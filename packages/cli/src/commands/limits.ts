import { Database, LimitStore } from '@singularity-workflow/core';
import type { Command } from 'commander';
import { adminUrlOption, type AdminOptions } from '../admin-url.js';
import { wholeNumber } from '../arguments.js';
import { contextOf } from '../context.js';
import type { Terminal } from '../terminal.js';

export function limits(program: Command, terminal: Terminal): void {
  const group = program.command('limits').description('bounds that a database obeys');

  group
    .command('show')
    .description('all of them, with what they are')
    .addOption(adminUrlOption())
    .action(async ({ adminUrl }: AdminOptions, command: Command) => {
      const rows = await withLimits(adminUrl, (store) => store.list());
      contextOf(command, terminal).show(rows, (all) => all.map((row) => ({ ...row })));
    });

  group
    .command('set')
    .description('change one, for everything that begins from now on')
    .argument('<name>')
    .argument('<value>', 'a positive whole number', wholeNumber)
    .addOption(adminUrlOption())
    .action(async (name: string, value: number, { adminUrl }: AdminOptions) => {
      await withLimits(adminUrl, (store) => store.set({ name, value }));
      terminal.out(`${name} is ${value}`);
    });
}

async function withLimits<T>(url: string, use: (store: LimitStore) => Promise<T>): Promise<T> {
  const database = new Database({ url, poolSize: 1, applicationName: 'singularity-workflow cli' });
  try {
    return await use(new LimitStore(database));
  } finally {
    await database.close();
  }
}
