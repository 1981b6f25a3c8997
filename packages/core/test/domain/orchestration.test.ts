import { fc, seeded } from '@singularity-workflow/testkit';
import {
  decideOnCommands,
  decideOnLeader,
  type CommandSeen,
  type GroupSeen,
  type OrchestratorRules,
  type OrchestratorsSeen,
} from '../../src/domain/index.js';

const rules: OrchestratorRules = { primaryTimeoutMs: 15_000, failback: 'automatic', failbackAfterMs: 60_000 };
const group = (name: string, more: Partial<GroupSeen> = {}): GroupSeen => ({
  group: name,
  role: name === 'primary' ? 'primary' : 'standby',
  state: 'active',
  silentMs: 500,
  livesMs: 3_600_000,
  ...more,
});
const seen = (more: Partial<OrchestratorsSeen>): OrchestratorsSeen => ({
  leader: { group: 'primary', token: 7 },
  groups: [group('primary'), group('standby')],
  commanded: false,
  failbacks: 0,
  ...more,
});

describe('about the leader it decides', () => {
  it('to wait while the primary leads and beats', () => {
    expect(decideOnLeader(seen({}), rules)).toEqual({ do: 'wait', sentence: 'primary leads' });
  });

  it('to fence one that renews but has sent no heartbeat for longer than is borne', () => {
    const silent = seen({ groups: [group('primary', { silentMs: 15_001, state: 'silent' }), group('standby')] });
    expect(decideOnLeader(silent, rules)).toEqual({
      do: 'fence',
      token: 7,
      sentence: 'primary renews its lease, but has sent no heartbeat for 15001 ms (PRIMARY_TIMEOUT_MS is 15000)',
    });
    const borne = seen({ groups: [group('primary', { silentMs: 15_000, state: 'silent' }), group('standby')] });
    expect(decideOnLeader(borne, rules).do).toBe('wait');
  });

  it('nothing where nobody leads: whoever may takes the lease by itself', () => {
    expect(decideOnLeader(seen({ leader: null }), rules)).toEqual({
      do: 'wait',
      sentence: 'nobody leads: whoever may takes the lease by itself',
    });
    expect(decideOnLeader(seen({ leader: null, groups: [] }), rules).sentence).toBe('there are no orchestrators here');
  });

  it('nothing for a primary that returns, unless failback is automatic', () => {
    const returned = seen({ leader: { group: 'standby', token: 8 } });
    expect(decideOnLeader(returned, { ...rules, failback: 'manual' })).toEqual({ do: 'wait', sentence: 'standby leads' });
    expect(decideOnLeader(returned, rules)).toEqual({
      do: 'fail_back',
      group: 'primary',
      sentence: 'primary is a primary and has been back for 3600000 ms: standby hands over',
    });
  });

  it('to let a primary live for a while first, longer after each failback', () => {
    const back = (livesMs: number, failbacks: number) =>
      decideOnLeader(
        seen({ leader: { group: 'standby', token: 8 }, groups: [group('primary', { livesMs }), group('standby')], failbacks }),
        rules,
      );
    expect(back(59_999, 0).sentence).toBe('standby leads; primary is back for 59999 ms and gets the lease after 60000 ms');
    expect(back(60_000, 0).do).toBe('fail_back');
    expect(back(60_000, 1).do).toBe('wait');
    expect(back(120_000, 1).do).toBe('fail_back');
  });

  it('nothing while a command is under way, but to fence', () => {
    expect(decideOnLeader(seen({ leader: { group: 'standby', token: 8 }, commanded: true }), rules).sentence).toBe(
      'a command is under way',
    );
    const silent = seen({ commanded: true, groups: [group('primary', { silentMs: 20_000, state: 'silent' })] });
    expect(decideOnLeader(silent, rules).do).toBe('fence');
  });

  it('never anything against a leader that beats, without failback: any observation', () => {
    const states = fc.constantFrom<GroupSeen['state']>('active', 'deprecated', 'silent', 'stopped');
    const groups = fc.uniqueArray(
      fc.record({
        group: fc.constantFrom('primary', 'standby', 'third'),
        role: fc.constantFrom<GroupSeen['role']>('primary', 'standby'),
        state: states,
        silentMs: fc.nat(40_000),
        livesMs: fc.nat(400_000),
      }),
      { selector: (one) => one.group },
    );
    const observations = fc.record({
      leader: fc.option(fc.record({ group: fc.constantFrom('primary', 'standby', 'third'), token: fc.nat() })),
      groups,
      commanded: fc.boolean(),
      failbacks: fc.nat(20),
    });
    fc.assert(
      fc.property(observations, (observation) => {
        const decision = decideOnLeader(observation, { ...rules, failback: 'manual' });
        expect(decision.sentence).not.toBe('');
        const leading = observation.groups.find((one) => one.group === observation.leader?.group);
        const isSilent = leading !== undefined && leading.silentMs > rules.primaryTimeoutMs;
        expect(decision).toMatchObject(isSilent ? { do: 'fence', token: observation.leader?.token } : { do: 'wait' });
      }),
      seeded('orchestration: any observation', 500),
    );
  });

  /** Hours of a primary that dies and comes back as it likes; its standby lives. The lease goes to the standby when the primary dies. */
  it('does not flap: a primary that dies again and again gets the lease back at most six times an hour', () => {
    const story = fc.array(fc.record({ upMs: fc.integer({ min: 1_000, max: 900_000 }), downMs: fc.integer({ min: 1_000, max: 60_000 }) }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(story, (lives) => {
        const failbacks = failbacksIn(lives, rules);
        for (const at of failbacks)
          expect(failbacks.filter((other) => other >= at && other < at + 3_600_000).length).toBeLessThanOrEqual(6);
      }),
      seeded('orchestration: flapping', 200),
    );
  });
});

const LOOK_MS = 5_000;

function failbacksIn(lives: readonly { upMs: number; downMs: number }[], by: OrchestratorRules): number[] {
  const failbacks: number[] = [];
  let leader = 'primary';
  let nowMs = 0;
  for (const { upMs, downMs } of lives) {
    const cameAt = nowMs;
    for (; nowMs < cameAt + upMs; nowMs += LOOK_MS) {
      const recent = failbacks.filter((at) => at > nowMs - 3_600_000).length;
      const groups = [group('primary', { livesMs: nowMs - cameAt }), group('standby')];
      const decision = decideOnLeader({ leader: { group: leader, token: 1 }, groups, commanded: false, failbacks: recent }, by);
      if (decision.do !== 'fail_back') continue;
      failbacks.push(nowMs);
      leader = decision.group;
    }
    leader = 'standby';
    nowMs += downMs;
  }
  return failbacks;
}

describe('about commands it decides', () => {
  const command = (more: Partial<CommandSeen>): CommandSeen => ({
    commandId: 'c',
    kind: 'promote',
    lease: 'orchestrator:leader',
    targetGroup: 'standby',
    workerId: null,
    reason: 'because',
    overdue: false,
    living: 1,
    ...more,
  });

  it('to leave what is under way to the orchestrators', () => {
    expect(decideOnCommands([command({}), command({ kind: 'stop' }), command({ kind: 'stop', lease: null })])).toEqual([]);
  });

  it('to carry out a fence', () => {
    expect(decideOnCommands([command({ kind: 'fence', lease: 'scheduler', targetGroup: null })])).toEqual([
      { do: 'fence', commandId: 'c', lease: 'scheduler', sentence: 'an operator asked for it: because' },
    ]);
  });

  it('that a stop is done when nobody of them lives', () => {
    const stop = command({ kind: 'stop', lease: null, targetGroup: null, workerId: 'w', living: 0 });
    expect(decideOnCommands([stop])).toEqual([{ do: 'finish', commandId: 'c', state: 'done', sentence: 'worker w has stopped' }]);
  });

  it('that what nobody did in time has failed, each with its sentence', () => {
    const overdue = [command({ overdue: true }), command({ kind: 'stop', overdue: true }), command({ kind: 'fence', overdue: true })];
    expect(decideOnCommands(overdue).map(({ sentence }) => sentence)).toEqual([
      'standby did not take over in time',
      'standby did not stop in time',
      'no monitor did it in time',
    ]);
  });
});
