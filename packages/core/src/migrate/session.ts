// The one connection of a migration.
import { Client } from 'pg';
import { isUnavailable } from '../domain/index.js';
import { workflowErrorOf } from '../store/index.js';

export interface Session {
  /** A statement with values, or a whole file without. Rows as pg gives them. */
  query<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Like query; an exception names the file that it came from. */
  file(path: string, text: string): Promise<void>;
  /** Runs in a savepoint: true when it went through, false when it failed with one of these SQLSTATEs and was undone. */
  attempt(states: readonly string[], run: () => Promise<void>): Promise<boolean>;
  transaction<Result>(run: () => Promise<Result>): Promise<Result>;
  /** pg's connection, for whoever needs it inside the transaction. */
  client: Client;
}

/** Opens a connection, hands it to `run` and closes it. Throws `database_unavailable` where there is none. */
export async function withSession<Result>(url: string, run: (session: Session) => Promise<Result>): Promise<Result> {
  const client = new Client({
    connectionString: url,
    application_name: 'singularity-workflow migrate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', () => undefined); // the statement that is on the way fails with the same error
  try {
    await client.connect();
    return await run(sessionOf(client));
  } catch (error) {
    const typed = workflowErrorOf(error, 'migrate');
    throw isUnavailable(typed) ? typed : error; // any other is SQL's own, and tells more as it is
  } finally {
    await client.end().catch(() => undefined);
  }
}

function sessionOf(client: Client): Session {
  const query = async <Row>(text: string, values?: unknown[]): Promise<Row[]> => (await client.query(text, values)).rows as Row[];
  return {
    client,
    query,
    async file(path, text) {
      try {
        await client.query(text);
      } catch (error) {
        (error as Error).message = `sql/${path}: ${(error as Error).message}`;
        throw error;
      }
    },
    async attempt(states, run) {
      await client.query('savepoint attempt');
      try {
        await run();
        await client.query('release savepoint attempt');
        return true;
      } catch (error) {
        if (!states.includes((error as { code?: string }).code ?? '')) throw error;
        await client.query('rollback to savepoint attempt; release savepoint attempt');
        return false;
      }
    },
    async transaction(run) {
      await client.query('begin');
      try {
        const result = await run();
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => undefined);
        throw error;
      }
    },
  };
}
