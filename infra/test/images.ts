// The Dockerfile, as far as it can be judged without building it: its stages, and for each what it ends up with.

export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly (readonly [keyword: string, rest: string])[];
}

export function stagesOf(text: string): Stage[] {
  const lines = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const stages: { name: string; base: string; instructions: [string, string][] }[] = [];
  for (const line of lines) {
    const [, keyword, rest] = /^([A-Z]+)\s+(.*)$/s.exec(line)!;
    const from = /^(\S+) AS (\S+)$/.exec(rest!);
    if (keyword === 'FROM') stages.push({ base: from![1]!, name: from![2]!, instructions: [] });
    else stages.at(-1)?.instructions.push([keyword!, rest!]);
  }
  return stages;
}

/** The last of that keyword in the stage or, where it has none, in those that it is made from. */
export function effective(stages: readonly Stage[], stage: Stage, keyword: string): string | null {
  const own = stage.instructions.findLast(([one]) => one === keyword)?.[1];
  if (own !== undefined) return own;
  const base = stages.find(({ name }) => name === stage.base);
  return base === undefined ? null : effective(stages, base, keyword);
}

/** Sentences about targets that run as root, have no health check, or no process to start. */
export function mistakesOf(text: string, targets: readonly string[]): string[] {
  const stages = stagesOf(text);
  return targets.flatMap((target) => {
    const stage = stages.find(({ name }) => name === target);
    if (stage === undefined) return [`there is no target ${target}`];
    const user = effective(stages, stage, 'USER');
    return [
      ...(/^[1-9]\d*:[1-9]\d*$/.test(user ?? '') ? [] : [`${target} runs as ${user ?? 'root'}`]),
      ...(effective(stages, stage, 'HEALTHCHECK') === null ? [`${target} has no health check`] : []),
      ...(effective(stages, stage, 'ENTRYPOINT') === null ? [`${target} starts nothing`] : []),
      ...(stage.base === 'build' ? [`${target} contains what it was built with`] : []),
    ];
  });
}
