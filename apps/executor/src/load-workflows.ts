// The workflows that this executor runs: every workflow that a module of WORKFLOW_MODULES exports, under whatever name.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WorkflowError } from '@singularity-workflow/core';
import type { AnyWorkflow } from '@singularity-workflow/sdk';

/** Throws `invalid_config`, naming the module that cannot be loaded or exports no workflow. */
export async function loadWorkflows(modules: readonly string[], workingDirectory: string): Promise<AnyWorkflow[]> {
  if (modules.length === 0) throw new WorkflowError('invalid_config', 'WORKFLOW_MODULES names no module: this executor would have nothing to run');
  const found = new Set<AnyWorkflow>();
  for (const name of modules) for (const workflow of await workflowsOf(name, workingDirectory)) found.add(workflow);
  return [...found];
}

async function workflowsOf(name: string, workingDirectory: string): Promise<AnyWorkflow[]> {
  const exported = Object.values(await load(name, workingDirectory));
  const workflows = exported.filter(isWorkflow);
  if (workflows.length === 0) throw new WorkflowError('invalid_config', `WORKFLOW_MODULES: the module '${name}' exports no workflow`);
  return workflows;
}

async function load(name: string, workingDirectory: string): Promise<Record<string, unknown>> {
  try {
    return (await import(locationOf(name, workingDirectory))) as Record<string, unknown>;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkflowError('invalid_config', `WORKFLOW_MODULES: the module '${name}' cannot be loaded: ${reason}`, { cause });
  }
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
