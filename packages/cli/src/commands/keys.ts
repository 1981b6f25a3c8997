// API keys. Over a router as everything else; `create` also straight in the database, for the first key and for whoever has lost the last.
import { Database, KeyStore, makeApiKey } from '@singularity-workflow/core';
import { type Command, Option } from 'commander';
import { contextOf } from '../context.js';
import type { Terminal } from '../terminal.js';

interface CreateOptions {
  readonly role: 'tenant' | 'operator' | 'admin';
  readonly tenant: string[];
  readonly expiresAt?: string;
  readonly adminUrl?: string;
}

export function keys(program: Command, terminal: Terminal): void {
  const group = program.command('keys').description('API keys');
  create(group, terminal);

  group
    .command('list')
    .description('all of them, those that were revoked too')
    .action(async (_: object, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      show(await client.keys.list({ limit: 200 }), (page) =>
        page.keys.map(({ key_id: id, name, role, tenants, expires_at: expires, counts }) => ({
          id, name, role, tenants: tenants.join(' '), expires: expires ?? 'never', counts: counts ? 'yes' : 'no',
        })),
      ); // prettier-ignore
    });

  group
    .command('revoke')
    .description('end one: in the region that answers at once, in the others when the log has it')
    .argument('<key-id>')
    .action(async (id: string, _: object, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      show(await client.keys.revoke(id), ({ key_id, decided }) => [
        { id: key_id, revoked: decided ? 'yes' : 'here; elsewhere when the log has it' },
      ]);
    });
}

function create(group: Command, terminal: Terminal): void {
  group
    .command('create')
    .description('make one and print it, once; the first one is an admin, and from then on nobody gets in without one')
    .argument('<name>', 'for whoever reads the list')
    .addOption(
      new Option('--role <role>', 'tenant: its tenants only; operator: all but keys; admin: all')
        .choices(['tenant', 'operator', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--tenant <id...>', 'of role tenant', [])
    .option('--expires-at <time>', 'RFC 3339; default: never')
    .option('--admin-url <url>', 'straight in this database, without a router: postgres://user:password@host:5432/database')
    .action(async (name: string, { role, tenant, expiresAt, adminUrl }: CreateOptions, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      const wanted = { name, role, tenants: tenant, ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) };
      const made = adminUrl === undefined ? await client.keys.make(wanted) : await inDatabase(adminUrl, wanted);
      show(made, ({ key_id: id, key, decided }) => [{ id, key, counts: decided ? 'yes' : 'when the log has it' }]);
    });
}

interface Wanted {
  readonly name: string;
  readonly role: CreateOptions['role'];
  readonly tenants: readonly string[];
  readonly expires_at?: string;
}

async function inDatabase(
  url: string,
  { expires_at: expiresAt, ...wanted }: Wanted,
): Promise<{ key_id: string; key: string; decided: boolean }> {
  const database = new Database({ url, poolSize: 1, applicationName: 'singularity-workflow cli' });
  try {
    const { keyId, key, sha256 } = makeApiKey();
    const expires = expiresAt === undefined ? null : new Date(expiresAt);
    const decided = await new KeyStore(database).add({ ...wanted, keyId, sha256, expiresAt: expires });
    return { key_id: keyId, key, decided };
  } finally {
    await database.close();
  }
}
