// docs/runbooks, read: which alerts, metrics and commands its pages name.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, textOf } from './tools.js';

export const FOLDER = 'docs/runbooks';

export function pages(): Map<string, string> {
  const files = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return new Map(files.map((file) => [`${FOLDER}/${file}`, textOf(`${FOLDER}/${file}`)]));
}

export const textOfIndex = (): Map<string, string> => new Map([[`${FOLDER}/README.md`, textOf(`${FOLDER}/README.md`)]]);

const namedIn = (pattern: RegExp): { page: string; name: string }[] =>
  [...pages()].flatMap(([page, text]) => [...new Set(text.match(pattern) ?? [])].map((name) => ({ page, name })));

export const alertsNamedIn = {
  alerts: () => namedIn(/\bWorkflow[A-Z]\w+/g).map(({ page, name }) => ({ page, alert: name })),
  /** Names that look like those of our metrics; tables and functions of schema `workflow` are written with a dot. */
  metrics: () =>
    namedIn(
      /(?<![\w.])(?:workflow_(?:runs|tasks?|workers|stuck|database|executions|claim|replica|forwards)_\w+|workflow_workers(?=\{)|orchestrator_(?:leader|failovers|split)\w*|pgmq_queue_\w+|postgres_\w+_bytes)\b/g,
    ).map(({ page, name }) => ({ page, metric: name })),
};
