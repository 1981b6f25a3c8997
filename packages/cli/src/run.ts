import { WorkflowError } from '@singularity-workflow/core';
import { WorkflowApiError } from '@singularity-workflow/sdk/client';
import { CommanderError, InvalidArgumentError } from 'commander';
import { createProgram } from './program.js';
import type { Terminal } from './terminal.js';

/** Runs one command line (without node and script) and answers its exit code: 0, 1 for a mistake or a refusal, 2 for a run that did not complete. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = createProgram(terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof InvalidArgumentError) terminal.err(`error: ${error.message}`);
    else if (error instanceof CommanderError) return error.exitCode;
    else terminal.err(`error: ${sentenceOf(error)}`);
    return 1;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof WorkflowApiError || error instanceof WorkflowError) {
    const field = error.field === undefined ? '' : ` (${error.field})`;
    return `${error.code}: ${error.message}${field}`;
  }
  return error instanceof Error ? error.message : String(error);
}
