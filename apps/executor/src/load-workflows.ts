// The workflows that this executor runs: every workflow that a module of WORKFLOW_MODULES exports, under whatever name.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, logEvent, type Logger } from '@singularity-workflow/core';
import type { AnyWorkflow } from '@singularity-workflow/sdk';

/** Throws ConfigError, naming the module that cannot be loaded or exports no workflow. */
export async function loadWorkflows(modules: readonly string[], workingDirectory: string, logger: Logger): Promise<AnyWorkflow[]> {
  if (modules.length === 0) throw wrong(modules, 'the executor would have nothing to run');
  const found = new Set<AnyWorkflow>();
  for (const name of modules) {
    const workflows = Object.values(await load(name, modules, workingDirectory)).filter(isWorkflow);
    if (workflows.length === 0) throw wrong(modules, `'${name}' exports none`);
    for (const workflow of workflows) found.add(workflow);
  }
  logEvent(logger, 'modules_loaded', { modules, workflows: [...found].map(({ slug }) => slug) });
  return [...found];
}

async function load(name: string, modules: readonly string[], workingDirectory: string): Promise<Record<string, unknown>> {
  try {
    return (await import(locationOf(name, workingDirectory))) as Record<string, unknown>;
  } catch (error) {
    throw wrong(modules, `'${name}' cannot be loaded: ${(error as Partial<Error> | null)?.message ?? String(error)}`);
  }
}

function wrong(modules: readonly string[], what: string): ConfigError {
  const value = modules.length === 0 ? null : modules.join(',');
  return new ConfigError('executor', [{ name: 'WORKFLOW_MODULES', value, rule: `modules that export workflows; ${what}`, default: null }]);
}

/** A path counts from the working directory; a package is looked for there, too, for it is the user's and not ours. */
function locationOf(name: string, workingDirectory: string): string {
  if (name.startsWith('file:')) return name;
  if (/^\.{0,2}[/\\]/.test(name)) return pathToFileURL(resolve(workingDirectory, name)).href;
  return pathToFileURL(createRequire(join(workingDirectory, 'package.json')).resolve(name)).href;
}

/** Goes by shape, not by class: the user's application may hold a copy of the sdk of its own. */
function isWorkflow(value: unknown): value is AnyWorkflow {
  if (typeof value !== 'object' || value === null) return false;
  const { slug, definition, handlers } = value as Partial<AnyWorkflow>;
  return typeof slug === 'string' && typeof definition === 'object' && handlers instanceof Map;
}
