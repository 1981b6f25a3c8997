// The DAG of a definition as Mermaid text. Steps are named s0, s1, ...: a slug such as `end` is a word of Mermaid.
import type { WorkflowDefinition } from '@singularity-workflow/core';

export function mermaid(definition: WorkflowDefinition): string {
  const names = new Map(definition.steps.map((step, index) => [step.slug, `s${index}`]));
  const lines = ['flowchart TD'];
  for (const step of definition.steps) {
    const name = names.get(step.slug);
    lines.push(step.kind === 'map' ? `  ${name}[["${step.slug}"]]` : `  ${name}["${step.slug}"]`);
  }
  for (const step of definition.steps) {
    const source = step.over?.split('.')[0];
    for (const dependency of step.depends_on ?? []) {
      if (dependency !== source) lines.push(`  ${names.get(dependency)} --> ${names.get(step.slug)}`);
    }
    if (step.over !== undefined && source !== undefined) {
      const path = step.over.slice(source.length + 1);
      const label = path === '' ? 'each' : `each of ${path.replace(/[^\w. -]/g, '_')}`;
      lines.push(`  ${names.get(source)} -->|"${label}"| ${names.get(step.slug)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
