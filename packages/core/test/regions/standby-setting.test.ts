// How often a setting is tried that the server does not take up. What it does with a real server: standby-slots.links.test.ts.
import { WorkflowError } from '../../src/domain/index.js';
import { StandbySetting } from '../../src/regions/standby-setting.js';

const change = (...slots: string[]) => ({ former: '', slots, sentence: 'wait for standby one from now on: it streams' });
let tried: string[];
let nowMs: number;
let setting: StandbySetting;
let failure: WorkflowError | null;

beforeEach(() => {
  [tried, nowMs] = [[], 0];
  failure = new WorkflowError('invalid_config', 'it has it from its command line, perhaps');
  const setStandbySlots = async (_token: number, { slots }: { slots: readonly string[] }): Promise<void> => {
    tried.push(slots.join(', '));
    if (failure !== null) throw failure;
  };
  setting = new StandbySetting({ setStandbySlots }, () => nowMs);
});

it('is tried again after a minute where it did not count; why is said all the time', async () => {
  for (nowMs of [0, 1_000, 59_999]) await expect(setting.set(1, change('one'))).rejects.toBe(failure);
  expect(tried).toEqual(['one']);
  nowMs = 60_000;
  await expect(setting.set(1, change('one'))).rejects.toBe(failure);
  expect(tried).toEqual(['one', 'one']);
});

it('is tried at once when other slots are wanted', async () => {
  await expect(setting.set(1, change('one'))).rejects.toBe(failure);
  failure = null;
  await setting.set(1, change('one', 'two'));
  await setting.set(1, change('one'));
  expect(tried).toEqual(['one', 'one, two', 'one']);
});

it('is tried at once after any other failure', async () => {
  failure = new WorkflowError('lease_lost', 'somebody else leads');
  await expect(setting.set(1, change('one'))).rejects.toBe(failure);
  failure = null;
  await setting.set(2, change('one'));
  expect(tried).toEqual(['one', 'one']);
});
