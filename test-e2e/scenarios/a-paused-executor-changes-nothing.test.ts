// SIGSTOP of an executor past its heartbeat timeout, SIGCONT after others took its work. Default settings.
//
// Two kinds of tasks are in its hands: those that wait, and one whose handler is about to return: its completion is reported before the process has
// noticed anything, while the attempt of the other still runs.
import { breaches } from '../checker/checker.js';
import { outputOf, runsOf, submit } from '../harness/load.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion } from '../harness/region.js';
import { pause, resume } from '../nemesis/pause.js';

const WAITING = 20;

it(
  'refuses what a paused executor reports after its tasks were given to another; it comes back under a new id and works',
  inRegion({}, async (region) => {
    const { client, db } = region;
    const zombie = region.of('executor')[0]!;
    const { workerId: firstId } = await zombie.event('worker_registered');
    const waiting = await submit(client, runsOf('e2e-held', WAITING, { gates: ['never'] }));
    await region.started(zombie, WAITING);
    const returning = await submit(client, runsOf('e2e-stubborn', 1, { gates: ['zombie wakes', 'zombie was refused'] }));
    await region.started(zombie, WAITING + 1);
    await pause(zombie);

    const heir = await region.add('executor');
    await region.settled(waiting);
    await region.started(heir, WAITING + 1);
    region.open('zombie wakes');
    resume(zombie);

    const refused = await zombie.event('report_refused', ({ runId }) => runId === returning[0]!.runId);
    expect(refused).toMatchObject({ attempt: 1, verdict: 'lost' });
    const { workerId: secondId } = await zombie.event('worker_registered', ({ again }) => again);
    expect(secondId).not.toBe(firstId);
    region.open('zombie was refused');
    await region.settled();
    expect(await region.outputs(waiting)).toEqual(waiting.map((_, n) => ({ hold: { n, by: heir.name } })));
    expect(await region.outputs(returning)).toEqual([{ hold: { n: 0, by: heir.name } }]);

    heir.signal('SIGTERM');
    expect(await heir.exited).toEqual({ code: 0, signal: null });
    const more = await submit(client, runsOf('e2e-chain', 20));
    await region.settled();
    expect(await region.outputs(more)).toEqual(more.map(outputOf));
    const states = `select worker_id as id, state from workflow.worker_states where pid = $1 order by started_at`;
    expect(await db.sql(states, [zombie.pid])).toMatchObject([{ id: firstId }, { id: secondId, state: 'active' }]);
    const acknowledged = [...waiting, ...returning, ...more];
    expect(breaches(await readHistory(db, { acknowledged, attempts: region.attempts() }))).toEqual([]);
  }),
);
