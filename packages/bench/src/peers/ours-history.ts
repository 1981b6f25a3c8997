// Finished runs of our own engine, many: copies of one that finished, as the owner of the tables, for no function makes finished runs.
// A transaction for each chunk, a few at once; the indexes stay, since ids rise and every index but a tenant's runs grows at its end only.
import { copyStatement, Sql } from '../database.js';
import { inLanes } from './batches.js';

const CHUNK_RUNS = 5_000;
const LANES = 2;
const TABLES = ['workflow_runs', 'step_states', 'step_tasks'];
const MODEL = `select run_id from workflow.workflow_runs where status = 'completed' order by run_id limit 1`;
/** Ids are of yesterday, as those of a history are. */
const COPIES = `create temporary table copies on commit drop as select uuidv7('-1 day') as run_id from generate_series(1, $1::int)`;

/** `note`: so many are in; what it throws ends the filling. */
export async function fillOurHistory(url: string, runs: number, note?: (done: number) => Promise<void>): Promise<void> {
  const sql = new Sql(url, { connections: LANES });
  let done = 0;
  try {
    const [model] = await sql.rows<{ run_id: string }>(MODEL);
    if (model === undefined) throw new Error('no finished run to copy');
    await inLanes(chunksOf(runs), LANES, async (count) => {
      await copyRun(sql, model.run_id, count);
      done += count;
      await note?.(done);
    });
  } finally {
    await sql.close();
  }
}

function copyRun(sql: Sql, model: string, count: number): Promise<void> {
  return sql.transaction(async (client) => {
    await client.query('set local synchronous_commit = off');
    await client.query(COPIES, [count]);
    for (const table of TABLES) {
      await client.query(await copyStatement(client, `workflow.${table}`, `run_id = '${model}'`, { run_id: 'copy.run_id' }));
    }
  });
}

function* chunksOf(runs: number): Generator<number> {
  for (let left = runs; left > 0; left -= CHUNK_RUNS) yield Math.min(left, CHUNK_RUNS);
}
