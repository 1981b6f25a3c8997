// PgBouncer in transaction mode between the services and the database: each statement may run in another session, which others used before.
import { Hosted } from './hosted.js';
import { whyNot } from './programs.js';
import type { Pooler } from './region.js';

export interface PgBouncerOptions {
  /** Sessions of each login. */
  readonly poolSize: number;
  /** Prepared statements of a client that it keeps, which 1.21 can; 0: it knows nothing of them. */
  readonly prepared: number;
}

/** Why this machine has no such pooler; null: it can have one. */
export const whyNoPgBouncer = ({ prepared }: PgBouncerOptions): string | null => whyNot(prepared > 0 ? 'pgbouncer 1.21' : 'pgbouncer');

/** For `pooler` of a region. */
export const pgBouncer =
  (options: PgBouncerOptions) =>
  async (logins: readonly string[]): Promise<Pooler> => {
    const hosted = await Hosted.start<{ port: number }>('pgbouncer-host.mjs', { ...options, logins });
    return {
      through(url) {
        const here = new URL(url);
        here.port = String(hosted.ready.port);
        return here.href;
      },
      close: () => hosted.close(),
    };
  };
