import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODE_OF_SQLSTATE, factsOfDetail, isUnavailable, isWorkflowError, WorkflowError } from '../../src/domain/index.js';

const sqlFolder = fileURLToPath(new URL('../../sql/', import.meta.url));
const sqlFiles = readdirSync(sqlFolder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
  .map((entry) => join(entry.parentPath, entry.name));

describe('the table of error codes', () => {
  it('knows every SQLSTATE that a function raises, under the name that its header gives', () => {
    const table = new Set(Object.entries(CODE_OF_SQLSTATE).map(([state, code]) => `${state} ${code}`));
    const states = new Set(Object.keys(CODE_OF_SQLSTATE));
    for (const file of sqlFiles) {
      const text = readFileSync(file, 'utf8');
      for (const [, state] of text.matchAll(/'(WF\d{3})'/g)) expect(states).toContain(state);
      for (const [named] of text.matchAll(/\bWF\d{3} [a-z_]+\b/g)) expect(table).toContain(named);
    }
  });

  it('gives every SQLSTATE a code of its own', () => {
    const codes = Object.values(CODE_OF_SQLSTATE);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('a WorkflowError', () => {
  it('carries code, field, facts and cause', () => {
    const cause = new Error('below');
    const error = new WorkflowError('bad_slug', 'the slug "X" is bad', { field: 'slug', facts: { slug: 'X' }, cause });
    expect(error).toMatchObject({ code: 'bad_slug', field: 'slug', facts: { slug: 'X' }, message: 'the slug "X" is bad', cause });
    expect([isWorkflowError(error), isWorkflowError(error, 'bad_slug'), isWorkflowError(error, 'bad_queue'), isUnavailable(error)]).toEqual(
      [true, true, false, false],
    );
  });

  it.each([
    ['{"field": "slug", "max": 3}', { field: 'slug', facts: { max: 3 } }],
    ['{"field": null, "max": 3}', { facts: { max: 3 } }],
    ['Key (run_id)=(1) already exists.', { facts: {} }],
    ['{broken', { facts: {} }],
    [undefined, { facts: {} }],
  ])('reads its facts from the detail %s', (detail, facts) => {
    expect(factsOfDetail(detail)).toEqual(facts);
  });
});
