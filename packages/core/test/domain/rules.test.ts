import {
  isFinalRunStatus,
  jittered,
  nextDelayMs,
  priorityOfIndex,
  RUN_STATUSES,
  RUN_TRANSITIONS,
  STEP_TRANSITIONS,
  TASK_TRANSITIONS,
} from '../../src/domain/index.js';

describe('transitions', () => {
  it('lead out of a final run only by a retry, and never out of a completed one', () => {
    for (const status of RUN_STATUSES.filter(isFinalRunStatus)) {
      const { retry, ...others } = RUN_TRANSITIONS[status];
      expect(Object.values(others).every((next) => next === null)).toBe(true);
      expect(retry).toBe(status === 'completed' ? null : 'started');
    }
  });

  it('let a task be claimed only from the queue, and given back only by whoever holds it', () => {
    expect(
      Object.entries(TASK_TRANSITIONS)
        .filter(([, row]) => row.claim !== null)
        .map(([status]) => status),
    ).toEqual(['queued']);
    expect(
      Object.entries(TASK_TRANSITIONS)
        .filter(([, row]) => row.requeue !== null)
        .map(([status]) => status),
    ).toEqual(['started']);
  });

  it('never end a step twice', () => {
    for (const status of ['completed', 'failed', 'skipped', 'cancelled'] as const) {
      const { retry: _, ...others } = STEP_TRANSITIONS[status];
      expect(Object.values(others)).toEqual([null, null, null, null, null]);
    }
  });
});

describe('the delay after failed ticks', () => {
  it('doubles from the base up to the maximum', () => {
    const delays = [0, 1, 2, 3, 4, 50].map((failed) => nextDelayMs(failed, { baseMs: 100, maxMs: 500 }));
    expect(delays).toEqual([0, 100, 200, 400, 500, 500]);
  });

  it('is spread over its upper half', () => {
    expect([jittered(100, 0), jittered(100, 0.5), jittered(100, 0.999)]).toEqual([50, 75, 100]);
  });
});

describe('priorities', () => {
  it('are stored as 0, 1, 2', () => {
    expect([0, 1, 2].map(priorityOfIndex)).toEqual(['low', 'normal', 'high']);
    expect(() => priorityOfIndex(3)).toThrow('priority 3 is not 0, 1 or 2');
  });
});
