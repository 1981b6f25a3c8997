// One decision per epoch (I3): three proposers at once, call by call in any order, with calls and answers that are lost and ballots that are given up in the
// middle. Then each rule is taken out, and the same stories find two decisions.
import { seeded, useTestMesh } from '@singularity-workflow/testkit';
import { chooseValue, type Promised, type RegionMember, type TopologyValue } from '../../../src/domain/index.js';
import { randomOf } from '../../support/gates.js';
import { entry, learn } from './support.js';

jest.setTimeout(300_000);

const REGIONS = ['asia', 'eu', 'us'];
const mesh = useTestMesh(REGIONS);
beforeEach(() => mesh.found());

const MAJORITY = 2;
const STEPS = 70;
const LAST_STEPS = 40;
const STORIES = 15;
const STORIES_UNTIL_FOUND_MAX = 150;

interface Prepared {
  promised: number;
  accepted_ballot: number | null;
  accepted_value: TopologyValue | null;
}

class Proposer {
  private phase: 'idle' | 'prepare' | 'accept' = 'idle';
  private ballot = 0;
  private left: string[] = [];
  private promises: Promised[] = [];
  private value: TopologyValue | null = null;
  private acceptances = 0;
  private tries = 0;
  private above = 0;

  constructor(
    private readonly region: string,
    private readonly story: Story,
  ) {}

  async step(): Promise<void> {
    if (this.phase === 'idle') return this.begin();
    if (this.left.length === 0) {
      this.phase = 'idle';
      return undefined;
    }
    return this.phase === 'prepare' ? this.prepare() : this.accept();
  }

  private async begin(): Promise<void> {
    this.ballot = await mesh.own<number>(this.region, 'next_ballot', [this.story.epoch, this.above]);
    this.phase = 'prepare';
    this.left = this.story.shuffled(REGIONS);
    this.promises = [];
    this.acceptances = 0;
  }

  private async prepare(): Promise<void> {
    const to = this.left.pop()!;
    const answer = await this.story.perhaps(() => mesh.ask<Prepared>('prepare', [this.region, to], [this.story.epoch, this.ballot]));
    this.above = Math.max(this.above, answer?.promised ?? 0);
    if (answer?.promised !== this.ballot) return;
    this.promises.push({ memberId: to, acceptedBallot: answer.accepted_ballot, acceptedValue: answer.accepted_value, seals: {} });
    if (this.promises.length < MAJORITY) return;
    this.tries += 1;
    const wanted = { version: 1, kind: 'nothing', of: `${this.region} ${this.tries}` } as TopologyValue;
    this.value = this.story.choose(this.promises, wanted);
    this.phase = 'accept';
    this.left = this.story.shuffled(REGIONS);
  }

  private async accept(): Promise<void> {
    const to = this.left.pop()!;
    const answer = await this.story.perhaps(() =>
      mesh.ask<Prepared>('accept', [this.region, to], [this.story.epoch, this.ballot, this.value]),
    );
    this.above = Math.max(this.above, answer?.promised ?? 0);
    if (answer?.promised !== this.ballot) return;
    this.acceptances += 1;
    if (this.acceptances === MAJORITY) this.story.decided.add((this.value as unknown as { of: string }).of);
  }
}

type Choose = (promises: readonly Promised[], wanted: TopologyValue) => TopologyValue;
const members: RegionMember[] = REGIONS.map((region) => ({ memberId: region, region, zone: 'global', state: 'full' }));
const byTheRules: Choose = (promises, wanted) => chooseValue(promises, { members, placement: [] }, wanted);

class Story {
  readonly decided = new Set<string>();
  private readonly random: () => number;
  private lossy = true;

  constructor(
    seed: number,
    readonly epoch: number,
    readonly choose: Choose,
  ) {
    this.random = randomOf(seed);
  }

  shuffled(names: readonly string[]): string[] {
    return names
      .map((name) => ({ name, at: this.random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ name }) => name);
  }

  /** Null: the call was lost, or its answer. */
  async perhaps<T>(call: () => Promise<T>): Promise<T | null> {
    const fate = this.lossy ? this.random() : 1;
    if (fate < 0.2) return null;
    const answer = await call();
    return fate < 0.3 ? null : answer;
  }

  /** What was decided in the end; more than one value breaks the law. */
  async tell(): Promise<ReadonlySet<string>> {
    const proposers = REGIONS.map((region) => new Proposer(region, this));
    for (let steps = 0; steps < STEPS; steps += 1) await proposers[Math.floor(this.random() * proposers.length)]!.step();
    this.lossy = false;
    const last = new Proposer('eu', this);
    for (let steps = 0; steps < LAST_STEPS; steps += 1) await last.step(); // whole ballots that nothing is lost of, above all others in the end
    for (const region of REGIONS) await learn(mesh, region, [entry(this.epoch, { kind: 'nothing' })]);
    return this.decided;
  }
}

/** The stories until one has two decisions, or `most` of them. */
async function firstBroken(first: number, most: number, choose: Choose): Promise<ReadonlySet<string> | null> {
  for (let told = 0; told < most; told += 1) {
    const decided = await new Story(first + told, told + 2, choose).tell();
    expect(decided.size).toBeGreaterThan(0);
    if (decided.size > 1) return decided;
  }
  return null;
}

/** The function as it is, with a text of it changed. */
async function change(fn: string, from: string, to: string): Promise<void> {
  for (const { db } of mesh.regions) {
    const [row] = await db.sql<{ text: string }>(
      `select pg_get_functiondef(oid) as text from pg_proc where proname = $1 and pronamespace = 'workflow'::regnamespace`,
      [fn],
    );
    expect(row!.text).toContain(from);
    await db.sql(row!.text.replaceAll(from, to));
  }
}

describe('ballots', () => {
  const { seed } = seeded('ballots', STORIES);

  it('decide one value, whatever is lost and whoever bids against whom', async () => {
    expect(await firstBroken(seed, STORIES, byTheRules)).toBeNull();
  });

  it('decide two where the accepted value is ignored (M11)', async () => {
    expect(await firstBroken(seed, STORIES_UNTIL_FOUND_MAX, (_, wanted) => wanted)).not.toBeNull();
  });

  it.each([
    ['a value is accepted below a promise (M12)', 'accept', 'where b.promised <= excluded.promised', 'where true'],
    [
      'a promise is forgotten (M13)',
      'prepare',
      'greatest(b.promised, excluded.promised)',
      'greatest(b.accepted_ballot, excluded.promised)',
    ],
  ])('decide two where %s', async (_, fn, from, to) => {
    await change(fn, from, to);
    try {
      expect(await firstBroken(seed, STORIES_UNTIL_FOUND_MAX, byTheRules)).not.toBeNull();
    } finally {
      await change(fn, to, from);
    }
  });
});
