// Handlers of "writing workflows".
import { NonRetryableError, RetryAfterError, workflow } from '@singularity-workflow/sdk';

type Input = { url: string };

// #region errors
export const fetchPage = workflow<Input>('fetch-page', { maxAttempts: 5, baseDelayMs: 500 }).step('fetch', async ({ url }, ctx) => {
  const response = await fetch(url, { signal: ctx.signal });
  if (response.status === 404) throw new NonRetryableError(`${url} does not exist`);
  if (response.status === 429) throw new RetryAfterError(30_000, `${url} wants a pause`);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`); // tried again after the ordinary delay
  return { bytes: (await response.text()).length };
});
// #endregion

// #region maps
export const resizeAll = workflow<string[]>('resize-all')
  .map('load', (url) => ({ url, sizes: [100, 800] })) // the run input is the array
  .map('resize', { over: 'load' }, ({ url, sizes }) => sizes.map((size) => `${url}?w=${size}`)) // a task per output of load
  .step('publish', { dependsOn: ['resize'] }, ({ resize }) => resize.flat()); // { resize: [[...], [...]] }
// #endregion

// #region skip
export const report = workflow<Input>('report')
  .step('figures', ({ url }) => ({ source: url, total: 42 }))
  .step('weather', { whenExhausted: 'skip', maxAttempts: 2 }, async ({ url }, ctx) => (await fetch(url, { signal: ctx.signal })).json())
  .step('page', { dependsOn: ['figures', 'weather'] }, ({ figures, weather }) => ({
    total: figures.total,
    weather: weather ?? 'unknown', // skipped: the key is missing
  }));
// #endregion

// #region long
export const importRows = workflow<Input>('import-rows', { timeoutMs: 10 * 60_000 }).step('import', async ({ url }, ctx) => {
  let rows = 0;
  for await (const row of rowsOf(url, ctx.signal)) {
    ctx.signal.throwIfAborted(); // timeout, cancellation, loss of the task, drain
    await store(`${ctx.idempotencyKey}/${row}`, row); // a second attempt writes the same keys again
    rows += 1;
  }
  ctx.log.info({ rows }, 'imported');
  return { rows };
});
// #endregion

async function* rowsOf(url: string, signal: AbortSignal): AsyncGenerator<number> {
  for (let row = 0; row < url.length && !signal.aborted; row += 1) yield row;
}
const written = new Map<string, number>();
const store = async (key: string, row: number): Promise<void> => void written.set(key, row);
