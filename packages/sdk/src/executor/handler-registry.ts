// Which handler runs a task: the one of its own definition, or, for runs of an older version of the workflow, the one that the same slug has
// today. Limit: a step that was renamed has no handler for its open runs; they wait for an executor that still has it.
import type { ClaimedTask } from '@singularity-workflow/core';
import type { AnyHandler } from '../workflow/types.js';
import type { AnyWorkflow } from '../workflow/workflow.js';

type Handlers = ReadonlyMap<string, AnyHandler>;

export class HandlerRegistry {
  private readonly byDefinition = new Map<string, Handlers>();
  private readonly byWorkflow = new Map<string, Handlers>();

  constructor(readonly workflows: readonly AnyWorkflow[]) {
    // Two versions of a slug may stand side by side; the last one speaks for versions that are not here.
    for (const { slug, handlers } of workflows) this.byWorkflow.set(slug, handlers);
  }

  /** The database has stored the workflow under this id. */
  registered(workflow: AnyWorkflow, definitionId: string): void {
    this.byDefinition.set(definitionId, workflow.handlers);
  }

  find(task: Pick<ClaimedTask, 'workflow' | 'definitionId' | 'stepSlug'>): AnyHandler | undefined {
    const handlers = this.byDefinition.get(task.definitionId) ?? this.byWorkflow.get(task.workflow);
    return handlers?.get(task.stepSlug);
  }

  /** `[workflow, step]` of everything that runs here. */
  get runnableSteps(): [workflow: string, step: string][] {
    return [...this.byWorkflow.keys()].flatMap((slug) => {
      const steps = this.workflows.filter((workflow) => workflow.slug === slug).flatMap((workflow) => [...workflow.handlers.keys()]);
      return [...new Set(steps)].map((step): [string, string] => [slug, step]);
    });
  }
}
