// kill -9 of an executor with all its slots taken, default settings.
import { breaches } from '../checker/checker.js';
import { outputOf, runsOf, say, submit } from '../harness/load.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion } from '../harness/region.js';
import { kill } from '../nemesis/kill.js';

const SLOTS = 50; // CONCURRENCY by default

it(
  'gives the tasks of a killed executor to another, and all runs complete',
  inRegion({}, async (region) => {
    const { client, db } = region;
    const victim = region.of('executor')[0]!;
    const running = await submit(client, runsOf('e2e-held', SLOTS, { gates: ['never'] }));
    await region.started(victim, SLOTS);
    const heir = await region.add('executor');
    const others = await submit(client, runsOf('e2e-chain', 50));

    const killedAt = await kill(victim);
    await region.settled();

    const again = region.startsIn(heir).filter(({ attempt }) => attempt === 2);
    const [first, last] = [again.at(0), again.at(-1)].map((note) => seconds(note!.at - killedAt));
    say(`recovery after kill -9 of an executor: its first task runs again after ${first}, the last of ${again.length} after ${last}`);
    expect(again).toHaveLength(SLOTS);
    expect(await region.outputs(running)).toEqual(running.map((_, n) => ({ hold: { n, by: heir.name } })));
    expect(await region.outputs(others)).toEqual(others.map(outputOf));
    expect(breaches(await readHistory(db, { acknowledged: [...running, ...others], attempts: region.attempts() }))).toEqual([]);
  }),
);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
