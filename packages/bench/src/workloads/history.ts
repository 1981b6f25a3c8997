// (f): 3-step chains again where many runs have finished before; then, as `bloat`, in the same tables beside a transaction that stays open from
// before the first of those rounds, so that nothing that dies in them can be vacuumed away. Two names, so that one sees which of both costs what.
import pg from 'pg';
import { Filling } from '../measure/filling.js';
import { chain } from '../shape.js';
import { HISTORY_OF_ALL_MAX } from '../sizes.js';
import { throughput } from './throughput.js';

export const history = throughput({
  name: 'history',
  title: '3-step chains beside a long history',
  shape: chain(3),
  entrants: async (contestants, { historyRuns }) =>
    contestants.filter(({ peer }) => 'history' in peer.takesPart && (historyRuns <= HISTORY_OF_ALL_MAX || peer.name === 'ours')),
  burden: async (looker, sql, { sizes, log }) => {
    const filling = await Filling.begin(sql, { runs: sizes.historyRuns, limitSeconds: sizes.historySeconds, log });
    await looker.fillHistory(sizes.historyRuns, (done) => filling.note(done));
    await sql.run('vacuum (analyze)');
    await sql.run('checkpoint');
    return filling.end();
  },
  sequel: {
    name: 'bloat',
    title: '3-step chains beside a long history and an open transaction',
    begin: async ({ url }) => {
      const holder = new pg.Client({ connectionString: url, application_name: 'bench holds a transaction' });
      await holder.connect();
      await holder.query('begin isolation level repeatable read');
      await holder.query('select pg_current_xact_id()');
      return () => holder.end();
    },
  },
});
