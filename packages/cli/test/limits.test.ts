import { useTestDatabase } from '@singularity-workflow/testkit';
import { run } from '../src/index.js';

const db = useTestDatabase();

async function swf(...args: string[]) {
  const lines: string[] = [];
  const terminal = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line), read: async () => '' };
  const code = await run([...args, '--admin-url', db.url()], terminal);
  return { code, said: lines.join('\n') };
}

it('shows and changes the bounds of a database', async () => {
  expect(await swf('limits', 'set', 'steps_max', '7')).toEqual({ code: 0, said: 'steps_max is 7' });
  expect((await swf('limits', 'show')).said).toMatch(/steps_max +7 +steps/);
});

it('names a bound that there is not', async () => {
  expect(await swf('limits', 'set', 'stairs_max', '7')).toEqual({
    code: 1,
    said: expect.stringMatching(/^error: unknown_limit: .*stairs_max/),
  });
});

it('finds nothing to do in a database that is up to date', async () => {
  await swf('migrate');
  expect(await swf('migrate')).toEqual({ code: 0, said: 'nothing to do' });
});
