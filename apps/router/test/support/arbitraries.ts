// What random requests are made of: values that are mostly right, and what breaks parsers.
import { fc } from '@singularity-workflow/testkit';

const nasty = fc.constantFrom(
  '',
  '\0',
  '\ud800',
  '__proto__',
  'constructor',
  '1e999',
  '😀',
  "'; drop table x; --",
  '%00',
  '../..',
  'a'.repeat(300),
);
export const word = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 20 }), fc.string());
export const anything = fc.oneof({ weight: 3, arbitrary: fc.jsonValue({ depthSize: 'small' }) }, word);
export const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: anything });
const rarely = fc.dictionary(word, anything, { maxKeys: 1 });
export const extended = (fields: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[]): fc.Arbitrary<object> =>
  fc
    .tuple(fc.record(fields, { requiredKeys }), fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, rarely))
    .map(([body, extra]) => ({ ...body, ...extra }));

export function inPath(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'));
}
