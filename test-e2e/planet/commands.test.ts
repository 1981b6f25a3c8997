import { Commands, type PlanetActions } from './commands.js';

const REGIONS = ['us-east', 'eu-west', 'ap-south'];

/** Carries out nothing: what was asked, as one line each. */
function typing() {
  const asked: string[] = [];
  const said: string[] = [];
  const note =
    (name: string) =>
    async (...values: unknown[]): Promise<void> =>
      void asked.push([name, ...values].join(' '));
  const actions: PlanetActions = {
    kill: note('kill'),
    bringBack: note('bringBack'),
    add: note('add'),
    evacuate: note('evacuate'),
    restore: note('restore'),
    cut: note('cut'),
    delay: note('delay'),
    heal: note('heal'),
    submit: note('submit'),
    status: note('status'),
    compare: note('compare'),
  };
  return {
    asked,
    said,
    commands: new Commands(
      () => REGIONS,
      actions,
      (text) => said.push(text),
    ),
  };
}

it.each([
  ['kill eu-west', 'kill eu-west'],
  ['start eu-west', 'bringBack eu-west'],
  ['add sa-east', 'add sa-east'],
  ['evacuate eu-west', 'evacuate eu-west'],
  ['restore eu-west', 'restore eu-west'],
  ['cut us-east eu-west', 'cut us-east eu-west false'],
  ['cut us-east eu-west --one-way', 'cut us-east eu-west true'],
  ['delay us-east ap-south 200', 'delay us-east ap-south 200'],
  ['heal', 'heal'],
  ['  submit   1000 ', 'submit 1000'],
  ['status', 'status'],
  ['compare', 'compare'],
])('%s', async (line, action) => {
  const { asked, said, commands } = typing();
  expect(await commands.run(line)).toBe('done');
  expect(asked).toEqual([action]);
  expect(said).toEqual([]);
});

it.each([
  ['kill atlantis', /atlantis.*us-east, eu-west, ap-south/s],
  ['kill', /missing required argument 'region'/],
  ['add eu-west', /There is one/],
  ['add Sa_East', /small letters, digits and hyphens/],
  ['cut us-east', /missing required argument 'other'/],
  ['cut us-east us-east', /between us-east and itself/],
  ['submit many', /whole number from 1 to 100000/],
  ['submit 0', /whole number from 1 to 100000/],
  ['submit 100001', /whole number from 1 to 100000/],
  ['delay us-east eu-west 60001', /whole number from 1 to 60000/],
  ['status now', /too many arguments/],
  ['kil eu-west', /unknown command 'kil'.*Did you mean kill/s],
])('%s is refused with a reason, and nothing is done', async (line, reason) => {
  const { asked, said, commands } = typing();
  expect(await commands.run(line)).toBe('done');
  expect(asked).toEqual([]);
  expect(said.join('\n')).toMatch(reason);
});

it('forgets the option of the line before', async () => {
  const { asked, commands } = typing();
  await commands.run('cut us-east eu-west --one-way');
  await commands.run('cut us-east eu-west');
  expect(asked).toEqual(['cut us-east eu-west true', 'cut us-east eu-west false']);
});

it.each(['quit', 'exit'])('%s ends it', async (line) => expect(await typing().commands.run(line)).toBe('quit'));

it('does nothing for an empty line', async () => {
  const { asked, commands } = typing();
  expect(await commands.run('   ')).toBe('done');
  expect(asked).toEqual([]);
});

it('lists every command with its arguments when asked for help', async () => {
  const { said, commands } = typing();
  await commands.run('help');
  for (const name of commands.names) expect(said.join('\n')).toContain(`\n  ${name}`);
});

it('lets through what an action throws', async () => {
  const { commands } = typing();
  const failing = new Commands(
    () => REGIONS,
    { ...({} as PlanetActions), heal: () => Promise.reject(new Error('no')) },
    () => undefined,
  );
  await expect(failing.run('heal')).rejects.toThrow('no');
  await expect(commands.run('heal')).resolves.toBe('done');
});
