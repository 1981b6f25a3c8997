import { migrate as migrateDatabase } from '@singularity-workflow/core';
import type { Command } from 'commander';
import { adminUrlOption, type AdminOptions } from '../admin-url.js';
import type { Terminal } from '../terminal.js';

export function migrate(program: Command, terminal: Terminal): void {
  program
    .command('migrate')
    .description('bring the schema of a database up to date; safe to repeat, and while services run')
    .addOption(adminUrlOption())
    .action(async ({ adminUrl }: AdminOptions) => {
      const { applied } = await migrateDatabase({ adminUrl });
      terminal.out(applied.length === 0 ? 'nothing to do' : `applied ${applied.length} files`);
    });
}
