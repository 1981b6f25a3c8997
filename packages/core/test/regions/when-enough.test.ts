import { whenEnough, whenHeard } from '../../src/regions/when-enough.js';

/** A promise that the test settles, and whether the wait has ended. */
function call() {
  let answer!: () => void;
  let fail!: (error: Error) => void;
  const promise = new Promise<void>((resolve, reject) => {
    answer = resolve;
    fail = reject;
  });
  return { promise, answer, fail };
}

const hasEnded = async (wait: Promise<void>): Promise<boolean> => {
  const not = Symbol('not yet');
  return (await Promise.race([wait, new Promise((resolve) => setImmediate(() => resolve(not)))])) !== not;
};

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] }));
afterEach(() => void jest.useRealTimers());

it('waits for all of them while none is late, though some would be enough', async () => {
  const [quick, slow] = [call(), call()];
  const wait = whenEnough([quick.promise, slow.promise], 100, () => true);
  quick.answer();
  expect(await hasEnded(wait)).toBe(false);
  slow.answer();
  expect(await hasEnded(wait)).toBe(true);
});

it('goes on without the one that hangs when the others are enough', async () => {
  const [quick, hangs] = [call(), call()];
  const wait = whenEnough([quick.promise, hangs.promise], 100, () => true);
  quick.answer();
  jest.advanceTimersByTime(100);
  expect(await hasEnded(wait)).toBe(true);
});

it('asks again after each answer that comes late', async () => {
  const calls = [call(), call(), call()];
  let answers = 0;
  const counted = calls.map(({ promise }) => promise.then(() => void (answers += 1)));
  const wait = whenEnough(counted, 100, () => answers >= 2);
  jest.advanceTimersByTime(100);
  calls[0]!.answer();
  expect(await hasEnded(wait)).toBe(false);
  calls[1]!.answer();
  expect(await hasEnded(wait)).toBe(true);
});

it('fails when one of them does', async () => {
  const broken = call();
  const wait = whenEnough([broken.promise], 100, () => false);
  broken.fail(new Error('lease lost'));
  await expect(wait).rejects.toThrow('lease lost');
});

describe('whenHeard', () => {
  const patience = { lateMs: 1_000, silentMs: 250, enough: () => true };

  it('waits a short while only for who was silent before', async () => {
    const [quick, silent] = [call(), call()];
    const wait = whenHeard([quick.promise, silent.promise], { ...patience, heard: () => true });
    quick.answer();
    expect(await hasEnded(wait)).toBe(false);
    jest.advanceTimersByTime(250);
    expect(await hasEnded(wait)).toBe(true);
  });

  it('waits longer for the others, and goes on without them when it is late', async () => {
    const [quick, slow] = [call(), call()];
    const wait = whenHeard([quick.promise, slow.promise], { ...patience, heard: () => false });
    quick.answer();
    jest.advanceTimersByTime(999);
    expect(await hasEnded(wait)).toBe(false);
    jest.advanceTimersByTime(1);
    expect(await hasEnded(wait)).toBe(true);
  });

  it('does not go on with too few, whoever is silent', async () => {
    const [quick, silent] = [call(), call()];
    const wait = whenHeard([quick.promise, silent.promise], { ...patience, enough: () => false, heard: () => true });
    quick.answer();
    jest.advanceTimersByTime(5_000);
    expect(await hasEnded(wait)).toBe(false);
    silent.answer();
    expect(await hasEnded(wait)).toBe(true);
  });
});
