// Promote, stop and fence through the API while work goes on: the leader changes in order, and no handler runs twice. How long it took is printed.
import { breaches } from '../checker/checker.js';
import { outputOf, runsOf, say, submit } from '../harness/load.js';
import { moment } from '../harness/moment.js';
import { leads, orchestrator, term } from '../harness/orchestrators.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion } from '../harness/region.js';

const RUNS = 200;

it(
  'hands over on promote, drains and ends on stop, and starts nothing twice',
  inRegion({ executors: 0 }, async (region) => {
    const { client, db } = region;
    const primary = await orchestrator(region, 'primary');
    const first = await leads(region, primary, 'primary');
    const standby = await orchestrator(region, 'standby');
    const acknowledged = await submit(client, runsOf('e2e-chain', RUNS, { workMs: 100 }));

    await region.started(primary, 20);
    const promoted = await timed('promote', async () =>
      client.orchestrators.waitFor((await client.orchestrators.promote({ reason: 'a test' })).command_id),
    );
    expect(promoted).toMatchObject({ state: 'done', token: first.token + 1, group: 'standby' });
    await leads(region, standby, 'standby');
    await region.started(standby, 20);

    const stopped = await timed('stop', async () => client.orchestrators.waitFor((await client.orchestrators.stop()).command_id));
    expect(stopped).toMatchObject({ state: 'done', group: 'standby' });
    const gaveUpAt = moment();
    await leads(region, primary, 'primary');
    say(`after the stop: primary leads after ${(moment() - gaveUpAt).toFixed(0)} ms`);
    expect(await standby.exited).toEqual({ code: 0, signal: null });

    const before = await term(region);
    const fenced = await timed('fence', async () => client.orchestrators.waitFor((await client.orchestrators.fence()).command_id));
    expect(fenced).toMatchObject({ state: 'done', token: before!.token + 1 });

    await region.settled();
    expect(await region.outputs(acknowledged)).toEqual(acknowledged.map(outputOf));
    const attempts = region.attempts();
    expect(attempts.filter(({ kind, attempt }) => kind === 'start' && attempt > 1)).toEqual([]);
    expect(breaches(await readHistory(db, { acknowledged, attempts }))).toEqual([]);
    const reasons = (await client.orchestrators.events({ limit: 200 })).events.filter(({ kind }) => kind === 'leader_changed');
    expect(
      reasons.filter(({ subject }) => subject === 'orchestrator:leader').map(({ reason }) => reason.replace(/ after \d+ ms.*/, '')),
    ).toEqual([
      `orchestrator:leader: primary was fenced by an operator; primary leads with token ${first.token + 4}`,
      `orchestrator:leader: standby stopped; primary leads with token ${first.token + 2}`,
      `orchestrator:leader: primary was asked to hand over; standby leads with token ${first.token + 1}`,
      `orchestrator:leader: nobody led before; primary leads with token ${first.token}`,
    ]);
  }),
);

async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const askedAt = moment();
  const answer = await act();
  say(`${what}: done after ${(moment() - askedAt).toFixed(0)} ms`);
  return answer;
}
