import { readFileSync } from 'node:fs';
import { ensureReplication, ensureTransactionTimeout } from '@singularity-workflow/core';
import type { Command } from 'commander';
import { adminUrlOption, type AdminOptions } from '../admin-url.js';
import { wholeNumber } from '../arguments.js';
import type { Terminal } from '../terminal.js';

interface PrepareLinksOptions extends AdminOptions {
  readonly passwordFile: string;
  readonly monitorLogin?: string;
  readonly leaseMs: number;
}

export function prepareLinks(program: Command, terminal: Terminal): void {
  program
    .command('prepare-links')
    .description('give a migrated database what links with other regions need; safe to repeat, also with another password')
    .requiredOption('--password-file <path>', 'of region_replicator, which the other regions subscribe as')
    .option('--monitor-login <name>', 'the login of the failover-monitor, where it is not workflow_monitor_login')
    .option('--lease-ms <ms>', 'REGION_LEASE_MS of this region: no transaction of its services may last as long', wholeNumber, 5_000)
    .addOption(adminUrlOption())
    .action(async ({ adminUrl, passwordFile, monitorLogin, leaseMs }: PrepareLinksOptions) => {
      const password = readFileSync(passwordFile, 'utf8').trim();
      await ensureReplication({ adminUrl, password, ...(monitorLogin === undefined ? {} : { monitorLogin }) });
      const logins = await ensureTransactionTimeout({ adminUrl, leaseMs });
      terminal.out('region_replicator may log in, and the monitor may make links');
      terminal.out(`transactions of ${logins.join(', ')} end before the lease of ${leaseMs} ms`);
    });
}
