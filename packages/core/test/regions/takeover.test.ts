import { useTestMesh, waitFor } from '@singularity-workflow/testkit';
import { epochAt, leftMsAt, logsAgree, Monitors, placesAt, TIMING } from '../support/monitors.js';

const mesh = useTestMesh(['asia', 'eu', 'us']);
const ALL = ['asia', 'eu', 'us'];
const SOON = { timeoutMs: 60_000 };
let monitors: Monitors;

beforeEach(() => {
  monitors = new Monitors(mesh, TIMING);
});
afterEach(() => monitors.stopAll());

const allHoldLeases = (among = ALL) =>
  waitFor(
    async () => (await Promise.all(among.map((region) => leftMsAt(mesh, region)))).every((left) => left !== null && left <= TIMING.leaseMs),
    {
      ...SOON,
      until: `${among.join(', ')} hold their leases`,
    },
  );
const nobodyHasOf = (region: string, at: string) =>
  waitFor(async () => (await epochAt(mesh, at)) > 1 && (await placesAt(mesh, at))[region] === undefined, {
    ...SOON,
    until: `${at} knows that ${region} holds nothing`,
  });

describe('three regions', () => {
  it('found a mesh by themselves, and every one gets its lease', async () => {
    await monitors.startAll();
    await allHoldLeases();
    for (const region of ALL) expect(await placesAt(mesh, region)).toEqual({ asia: 86, eu: 85, us: 85 });
    expect(await logsAgree(mesh, ALL)).toBe(true);
    expect(await epochAt(mesh, 'eu')).toBe(1);
  });

  it('take over what a region that is down holds, spread evenly, and it learns so when it is back', async () => {
    await monitors.startAll();
    await allHoldLeases();
    await monitors.takeDown('us');
    await nobodyHasOf('us', 'eu');
    await nobodyHasOf('us', 'asia');
    expect(await placesAt(mesh, 'eu')).toEqual({ asia: 128, eu: 128 });
    expect(await logsAgree(mesh, ['asia', 'eu'])).toBe(true);
    await monitors.bringUp('us');
    await nobodyHasOf('us', 'us');
    await allHoldLeases();
    await waitFor(
      async () =>
        (await Promise.all(['asia', 'eu'].map((at) => mesh.at(at).db.sql('select 1 from workflow.region_seals')))).flat().length === 0,
      {
        ...SOON,
        until: 'asia and eu unseal us',
      },
    );
    expect(await logsAgree(mesh, ALL)).toBe(true);
  });

  it('depose nobody for a link that one of them alone has lost', async () => {
    await monitors.startAll();
    await allHoldLeases();
    monitors.cuts.add('eu>us').add('us>eu');
    await waitFor(async () => (await mesh.at('eu').db.sql('select 1 from workflow.region_suspicions')).length > 0, {
      ...SOON,
      until: 'eu suspects us',
    });
    await waitFor(async () => (await mesh.at('us').db.sql('select 1 from workflow.region_suspicions')).length > 0, {
      ...SOON,
      until: 'us suspects eu',
    });
    await allHoldLeases();
    expect(await epochAt(mesh, 'asia')).toBe(1);
    expect(await mesh.at('eu').db.sql('select 1 from workflow.region_seals')).toEqual([]);
  });

  it('fence a region that is cut off, and take over from it; it hands itself over when it is back', async () => {
    await monitors.startAll();
    await allHoldLeases();
    monitors.isolate('us');
    await nobodyHasOf('us', 'eu');
    expect(await leftMsAt(mesh, 'us')).toBeNull();
    monitors.heal();
    await nobodyHasOf('us', 'us');
    await allHoldLeases();
    expect(await logsAgree(mesh, ALL)).toBe(true);
  });

  it('take over from a region whose monitor is dead', async () => {
    await monitors.startAll();
    await allHoldLeases();
    await monitors.at('us').stop();
    await nobodyHasOf('us', 'eu');
    await nobodyHasOf('us', 'us'); // its database is told by the others
    expect(await leftMsAt(mesh, 'us')).toBeNull();
  });
});

describe('four regions', () => {
  const four = useTestMesh(['asia', 'eu', 'sa', 'us']);
  let watched: Monitors;
  beforeEach(() => {
    watched = new Monitors(four, TIMING);
  });
  afterEach(() => watched.stopAll());

  it('take over from one that reaches a single other, which grants to it all the while', async () => {
    await watched.startAll();
    await waitFor(
      async () =>
        (await Promise.all(four.regions.map(({ region }) => leftMsAt(four, region)))).every(
          (left) => left !== null && left <= TIMING.leaseMs,
        ),
      {
        ...SOON,
        until: 'all hold their leases',
      },
    );
    for (const other of ['sa', 'us']) watched.cuts.add(`asia>${other}`).add(`${other}>asia`);
    await waitFor(async () => (await epochAt(four, 'us')) > 1 && (await placesAt(four, 'us'))['asia'] === undefined, {
      ...SOON,
      until: 'us knows that asia holds nothing',
    });
    expect(await leftMsAt(four, 'asia')).toBeNull();
    watched.heal();
    await waitFor(async () => (await leftMsAt(four, 'asia')) !== null, { ...SOON, until: 'asia has a lease again' });
    expect((await placesAt(four, 'asia'))['asia']).toBeUndefined();
  });
});
