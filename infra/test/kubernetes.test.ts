// With kubectl the example is rendered and judged; without it what lies in base is read and judged as it is.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { exposedMetrics } from './exposed.js';
import { type KubernetesObject, mistakesOf } from './kubernetes.js';
import { askedBy } from './promql.js';
import { infra, describeWith, programPath, root, run, textOf } from './tools.js';

const apps = readdirSync(join(root, 'apps'));
const base = join(infra, 'kubernetes/base');
const kubectl = programPath('kubectl');

const objectsOf = (text: string): KubernetesObject[] =>
  parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return document.toJS() as KubernetesObject;
  });

const files = readdirSync(base).filter((name) => name !== 'kustomization.yaml');
/** What `labels` of the kustomization does to the templates of pods. */
const labelled = (object: KubernetesObject): KubernetesObject => {
  const labels = object.spec.template?.metadata.labels;
  if (labels !== undefined) Object.assign(labels, { 'app.kubernetes.io/part-of': 'singularity-workflow' });
  return object;
};
const written = files.map((file) => readFileSync(join(base, file), 'utf8')).join('\n---\n');
const read = (text: string) => objectsOf(text).map(labelled);

it('probes, bounds, spreads and fences every service; nothing runs as root, no secret is written down', () => {
  expect(mistakesOf(read(written), apps)).toEqual([]);
});

it.each([
  [
    'a probe that asks the database',
    (text: string) =>
      text.replace('livenessProbe:\n            httpGet: { path: /health/live', 'livenessProbe:\n            httpGet: { path: /health'),
    /is not probed as it should be/,
  ],
  [
    'a secret that is written down',
    (text: string) => text.replace(/- name: METRICS_TOKEN\n.*\n/, '- name: METRICS_TOKEN\n              value: abc\n'),
    /METRICS_TOKEN is no reference/,
  ],
  ['a service without requests', (text: string) => text.replace(/requests: \{ cpu: 500m.*/, ''), /executor requests no resources/],
  [
    'a budget for nobody',
    (text: string) => text.replaceAll(/(kind: PodDisruptionBudget[\s\S]*?name: )scheduler( \} \})/g, '$1nobody$2'),
    /scheduler has no disruption budget/,
  ],
  [
    'a drain that is cut short',
    (text: string) => text.replace(/(name: executor[\s\S]*?terminationGracePeriodSeconds: )45/, '$130'),
    /is killed before it has drained/,
  ],
  ['root', (text: string) => text.replace('runAsNonRoot: true', 'runAsNonRoot: false'), /may run as root/],
  [
    'a fixed number beside an autoscaler',
    (text: string) =>
      text.replace('name: executor\n  labels: &labels { app.kubernetes.io/name: executor }\nspec:\n', (all) => `${all}  replicas: 3\n`),
    /executor is scaled, and set back/,
  ],
  [
    'a policy that lets all in',
    (text: string) => text.replace('policyTypes: [Ingress, Egress]', 'policyTypes: [Ingress]'),
    /is open to everybody/,
  ],
])('sees %s', (_what, plant, expected) => {
  expect(plant(written)).not.toBe(written);
  expect(mistakesOf(read(plant(written)), apps).join('\n')).toMatch(expected);
});

it('scales executors by a metric that the services expose', () => {
  const query = /^ +query: (.+)$/m.exec(textOf('infra/kubernetes/base/executor.yaml'))![1]!;
  const asked = askedBy(query).asked.map(({ metric }) => metric);
  expect(asked).toEqual(['pgmq_queue_depth']);
  expect(asked.filter((metric) => !exposedMetrics().has(metric))).toEqual([]);
});

describeWith('kubectl', kubectl === null ? null : [kubectl], () => {
  it('kubectl renders the example, which keeps all that', () => {
    const { ok, output } = run([kubectl!, 'kustomize', join(infra, 'kubernetes/example')]);
    expect({ ok, output }).toMatchObject({ ok: true });
    expect(mistakesOf(objectsOf(output), apps)).toEqual([]);
    expect(output).toContain('name: migrate-0.1.0');
  });

  it('kubectl refuses an example with a file that is missing, or is no YAML', () => {
    const folder = mkdtempSync(join(tmpdir(), 'workflow-kubernetes-'));
    const render = () => run([kubectl!, 'kustomize', join(folder, 'example')]);
    try {
      cpSync(join(infra, 'kubernetes'), folder, { recursive: true });
      expect(render()).toMatchObject({ ok: true });
      rmSync(join(folder, 'base/network.yaml'));
      expect(render()).toMatchObject({ ok: false });
      writeFileSync(join(folder, 'base/network.yaml'), 'kind: [');
      expect(render()).toMatchObject({ ok: false });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
