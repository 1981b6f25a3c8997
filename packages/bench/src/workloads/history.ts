// (f): 3-step chains again, where many runs have finished before and a transaction has been open since before the first round, so that nothing
// that dies in the rounds can be vacuumed away.
import pg from 'pg';
import { chain } from '../shape.js';
import { throughput } from './throughput.js';

export const history = throughput({
  name: 'history',
  title: '3-step chains beside a long history and an open transaction',
  shape: chain(3),
  burden: async (looker, sql, stand) => {
    await looker.fillHistory(stand.sizes.historyRuns);
    await sql.run('vacuum (analyze)');
    const holder = new pg.Client({ connectionString: stand.url, application_name: 'bench holds a transaction' });
    await holder.connect();
    await holder.query('begin isolation level repeatable read');
    await holder.query('select pg_current_xact_id()');
    return () => holder.end();
  },
});
