// The configuration reference: one table for what every service reads, one for each service.
import { importSource } from './sources.mjs';
import { code, table } from './tables.mjs';

const row = ({ name, default: fallback, rule, description, secret }) => [
  code(name),
  fallback === null ? 'required' : fallback,
  rule,
  secret ? `${description} Its password is masked wherever it is shown.` : description,
];

export async function configuration() {
  const { APPS, describeConfig } = await importSource('packages/core/src/config/index.ts');
  const { variables, rules } = describeConfig();
  const section = (title, rows) => `## ${title}\n\n${table(['variable', 'default', 'must be', 'meaning'], rows.map(row))}`;
  const ofApp = (app) => variables.filter(({ apps }) => apps !== 'all' && apps.includes(app));
  const sections = [
    section(
      'Every service',
      variables.filter(({ apps }) => apps === 'all'),
    ),
    ...APPS.map((app) => section(app[0].toUpperCase() + app.slice(1), ofApp(app))),
    `## Rules over several variables\n\n${rules.map(({ name, rule }) => `- ${code(name)} must be ${rule.replaceAll(/\b[A-Z]+(_[A-Z]+)+\b/g, code)}.`).join('\n')}`,
  ];
  return sections.join('\n\n');
}
