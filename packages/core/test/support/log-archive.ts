// Copies a server's log by a physical slot as pg_receivewal does, which the npm server lacks: it streams, and never says that it has replayed anything.
import type { EventEmitter } from 'node:events';
import { Client } from 'pg';

export interface LogArchive {
  close(): Promise<void>;
}

/** The server ends it after wal_sender_timeout, for it says nothing at all. */
export async function archiveLog(url: string, slot: string): Promise<LogArchive> {
  const client = new Client({ connectionString: url, replication: 'true' } as ConstructorParameters<typeof Client>[0]);
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query('IDENTIFY_SYSTEM');
  const { connection } = client as unknown as { connection: EventEmitter & { query(text: string): void; end(): void } };
  const begun = new Promise<void>((resolve, reject) => {
    connection.once('replicationStart', () => resolve());
    connection.once('errorMessage', reject);
  });
  connection.query(`START_REPLICATION SLOT ${slot} PHYSICAL ${(rows as { xlogpos: string }[])[0]!.xlogpos}`);
  await begun;
  return {
    close: () =>
      new Promise((resolve) => {
        client.once('end', () => resolve());
        connection.end();
      }),
  };
}
