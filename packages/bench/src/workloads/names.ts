// The workloads by name, as `--only` takes them and the JSON has them.
export const WORKLOAD_NAMES = ['chain1', 'chain3', 'chain10', 'fanout', 'latency', 'latency3', 'history', 'submission'] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];
