import { fc, seeded } from '@singularity-workflow/testkit';
import { Refusal } from '../src/wire/refusal.js';
import { parseStrictJson } from '../src/wire/strict-json.js';

const DEPTH_MAX = 64;

function read(text: string | Buffer): unknown {
  return parseStrictJson(Buffer.from(text as string), DEPTH_MAX);
}

function refusalOf(text: string | Buffer): Pick<Refusal, 'code' | 'field'> {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a JSON body', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(read(text)).toEqual(JSON.parse(text));
      }),
      seeded('strict-json', 500),
    );
  });

  it.each([
    ['an exact large integer', '{"n": 9007199254740992}', { n: 9007199254740992 }],
    ['a large integer as JavaScript writes it', '[37462252469611210]', [37462252469611210]],
    ['a long decimal fraction', '[0.1000000000000000055511151231257827]', [0.1]],
    ['an exponent', '[1e22, 1E-7]', [1e22, 1e-7]],
    ['a long zero', '[0.00000000000000000000]', [0]],
    ['digits inside a text', '{"id": "12345678901234567890123"}', { id: '12345678901234567890123' }],
    ['an escaped backslash before u0000', String.raw`["\\u0000"]`, [String.raw`\u0000`]],
    ['a surrogate pair', String.raw`["\ud83d\ude00"]`, ['😀']],
    ['colons and braces inside a text', '{"a": "x:{[:y"}', { a: 'x:{[:y' }],
    ['the same key in two objects', '[{"a": 1}, {"a": 2}]', [{ a: 1 }, { a: 2 }]],
    ['nesting at the bound', '['.repeat(DEPTH_MAX) + ']'.repeat(DEPTH_MAX), JSON.parse('['.repeat(DEPTH_MAX) + ']'.repeat(DEPTH_MAX))],
  ])('takes %s', (_, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('keeps a key named __proto__ as a key', () => {
    expect(Object.keys(read('{"__proto__": 1}') as object)).toEqual(['__proto__']);
  });

  it.each([
    ['nothing that is JSON', '{"a": ', 'bad_json', 'body'],
    ['a byte order mark', '\uFEFF{}', 'bad_json', 'body'],
    ['nesting past the bound', '['.repeat(DEPTH_MAX + 1) + ']'.repeat(DEPTH_MAX + 1), 'json_too_deep', 'body'],
    ['nesting that would overflow a stack', '['.repeat(500_000), 'json_too_deep', 'body'],
    ['a number past a double', '{"input": {"n": 1e999}}', 'number_not_exact', 'input.n'],
    ['a number that vanishes', '{"input": [1, 1e-999]}', 'number_not_exact', 'input.1'],
    ['an integer that a double rounds', '{"input": 9007199254740993}', 'number_not_exact', 'input'],
    ['a negative integer that a double rounds', '{"input": -9007199254740993}', 'number_not_exact', 'input'],
    ['a rounded number alone', '9007199254740993', 'number_not_exact', 'body'],
    ['the character 0 in a text', String.raw`{"input": {"note": "a\u0000b"}}`, 'nul_character', 'input.note'],
    ['the character 0 in a key', String.raw`{"input": {"a\u0000b": 1}}`, 'nul_character', 'input'],
    ['half a surrogate pair', String.raw`{"input": ["\ud83d"]}`, 'broken_unicode', 'input.0'],
    ['a key twice', '{"a": 1, "b": {"c": 1, "c": 2}}', 'duplicate_key', 'c'],
    ['a key twice, once escaped', String.raw`{"a": 1, "\u0061": 2}`, 'duplicate_key', 'a'],
  ])('is refused with %s', (_, text, code, field) => {
    expect(refusalOf(text)).toEqual({ code, field });
  });

  it('is refused where its bytes are not UTF-8', () => {
    expect(refusalOf(Buffer.from([0x22, 0xff, 0x22]))).toEqual({ code: 'bad_utf8', field: 'body' });
  });
});
